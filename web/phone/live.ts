/**
 * Sends a session while it runs, as `docs/live.md` says. A chunk that the phone keeps is a batch: what
 * was not acknowledged is still there, and a session that could not be sent live is sent whole.
 */

import { decode, encode } from "@msgpack/msgpack";

import type { Login } from "./linking.ts";
import type { Chunk, KeptSession } from "./records.ts";
import type { Store } from "./store.ts";

/** Whether the coach sees it now, or will again, or will not. */
export type LiveState = "live" | "waiting" | "refused";

/** What the server says. */
type Told =
  | { readonly type: "taken" | "ack"; readonly seq: number }
  | { readonly type: "kept" }
  | { readonly type: "problem"; readonly kind: string };

const PASSING = ["unavailable", "disk_full", "too_often", "too_slow", "fault"]; // of problems
const [FIRST_WAIT_MS, LONGEST_WAIT_MS] = [1000, 30_000];
const ENDS_MS = 10_000;
const AHEAD = 16; // batches that wait to be acknowledged

export class LiveLink {
  #socket: WebSocket | null = null;
  #isAsking = false;
  #kept = 0;
  #sent = 0;
  #acknowledged = 0;
  /** Whether the server has said where it stands. */
  #isTaken = false;
  #isSending = false;
  #isRefused = false;
  /** Whether the end was sent. */
  #isOver = false;
  #ended: ((isKept: boolean) => void) | null = null;
  #waitMs = FIRST_WAIT_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #again = () => void this.open();

  constructor(
    private readonly address: URL,
    private readonly session: KeptSession,
    private readonly store: Store,
    private readonly login: () => Promise<Login>,
    private readonly told: (state: LiveState) => void,
  ) {
    window.addEventListener("online", this.#again);
  }

  /** Connect, if it is not, and if it is still the athlete who is logged in. */
  async open(): Promise<void> {
    if (this.#socket || this.#isAsking || this.#isRefused) return;
    clearTimeout(this.#timer);
    this.#isAsking = true;
    const login = await this.login();
    this.#isAsking = false;
    if (this.#isRefused) return; // it was closed meanwhile
    this.#isRefused = login === "other" || login === "logged_out";
    if (login === "own") this.#connect();
    else this.#lost();
  }

  #connect(): void {
    const socket = new WebSocket(this.address);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => socket.send(encode(beginOf(this.session)));
    socket.onmessage = ({ data }) => this.#hear(decode(data as ArrayBuffer) as Told);
    socket.onclose = () => this.#lost();
    this.#socket = socket;
  }

  /** So many chunks are kept now. */
  keep(count: number): void {
    this.#kept = count;
    void this.#send();
  }

  /** Nothing more comes; whether the server has kept the session. */
  async end(): Promise<boolean> {
    const isKept = this.#isTaken && (await this.#end());
    this.close();
    return isKept;
  }

  /** Nothing more is sent. */
  close(): void {
    window.removeEventListener("online", this.#again);
    clearTimeout(this.#timer);
    [this.#isRefused, this.#isTaken] = [true, false];
    if (!this.#socket) return;
    this.#socket.onclose = null; // it is no loss to tell
    this.#socket.close();
  }

  #end(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#ended = resolve;
      setTimeout(resolve, ENDS_MS, false);
      void this.#send();
    });
  }

  #hear(told: Told): void {
    switch (told.type) {
      case "taken":
        [this.#sent, this.#acknowledged, this.#isTaken] = [told.seq, told.seq, true];
        this.#waitMs = FIRST_WAIT_MS;
        this.told("live");
        break;
      case "ack":
        this.#acknowledged = told.seq;
        break;
      case "kept":
        this.#ended?.(true);
        break;
      case "problem":
        this.#isRefused ||= !PASSING.includes(told.kind);
    }
    void this.#send();
  }

  #lost(): void {
    [this.#socket, this.#isTaken] = [null, false];
    this.#ended?.(false);
    if (this.#ended) return;
    this.told(this.#isRefused ? "refused" : "waiting");
    if (this.#isRefused) return;
    this.#timer = setTimeout(this.#again, this.#waitMs);
    this.#waitMs = Math.min(2 * this.#waitMs, LONGEST_WAIT_MS);
  }

  async #send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    while (this.#isTaken && this.#sent < Math.min(this.#kept, this.#acknowledged + AHEAD)) {
      const [socket, number] = [this.#socket!, this.#sent];
      const chunk = await this.store.chunk(this.session.id, number).catch(() => null);
      if (!chunk) break;
      if (socket !== this.#socket || number !== this.#sent) continue; // it was lost meanwhile
      socket.send(encode(batchOf(chunk)));
      this.#sent += 1;
    }
    this.#isSending = false;
    if (this.#ended && !this.#isOver && this.#isTaken && this.#acknowledged === this.#kept) {
      this.#isOver = true;
      this.#socket!.send(encode({ type: "end", seq: this.#kept }));
    }
  }
}

function beginOf({ id, athlete, bundle, startedAt, channels, withRaw }: KeptSession): object {
  const told = { id, athlete, bundle, started_at: startedAt, channels, raw: withRaw };
  return { type: "begin", version: 1, ...told };
}

function batchOf({ number, durationS, events, samples }: Chunk): object {
  return {
    type: "batch",
    seq: number + 1,
    duration_s: durationS,
    events: JSON.parse(JSON.stringify(events)), // as it is sent otherwise: no NaN
    samples: samples && {
      t: bytesOf(samples.t),
      rows: bytesOf(samples.rows),
      heart_rate: bytesOf(samples.bpm),
    },
  };
}

/** Little-endian, as every browser's machine is. */
function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
