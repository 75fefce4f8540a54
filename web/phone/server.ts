/** The server that this page came from, where there is one; `docs/phone.md` says what is asked of it. */

import { askedLanguage, refusalOf } from "../pages/answers.ts";
import type { Outcome } from "./outbox.ts";
import type { Chunk, KeptHead, KeptSession } from "./records.ts";
import type { Samples } from "./samples.ts";
import { joinedSamples } from "./samples.ts";

/** Takes sessions. */
export interface Sender {
  send(session: KeptSession, chunks: readonly Chunk[]): Promise<Outcome>;
}

/** Who is logged in, and where their model lies. */
export interface Account {
  readonly id: string;
  readonly athlete: string;
  /** Address of the bundle; null where the coach has given none. */
  readonly bundle: string | null;
  /** Address of the athlete's own head. */
  readonly head: string | null;
  /** Number of the head in use; 0 is the shared one. */
  readonly version: number;
}

/** Why the server says nothing that helps: it is tried again, or the athlete must log in. */
export type Silence = "offline" | "logged_out";

const SENT_ALREADY = 409;
const LOGGED_OUT = [401, 403];
const TOO_BUSY = [408, 429];
const BYTES_AT_ONCE = 0x8000; // arguments of a call

export class Server implements Sender {
  constructor(private readonly base: URL) {}

  /** The account of whoever is logged in. */
  async account(): Promise<Account | Silence> {
    const answer = await this.#fetch("phone/me");
    if (!answer?.ok) return silenceOf(answer) ?? "offline";
    return answer.json().catch(() => "offline"); // a page of the network's own, as of a hotel
  }

  /** A file of the account. */
  async file(address: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const answer = await this.#fetch(address);
    return answer?.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
  }

  async send(session: KeptSession, chunks: readonly Chunk[]): Promise<Outcome> {
    const answer = await this.#fetch("phone/sessions", {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": session.id },
      body: JSON.stringify(bodyOf(session, chunks)),
    });
    if (answer?.ok || answer?.status === SENT_ALREADY) return "sent";
    return silenceOf(answer) ?? refusalOf(answer!);
  }

  /** The number under which the server keeps a head; null where it does not. */
  async sendHead({ bytes, dataSha256 }: KeptHead): Promise<number | null> {
    const sent = { method: "POST", body: bytes };
    const answer = await this.#fetch(`phone/heads?data_sha256=${dataSha256}`, sent);
    return answer?.ok ? ((await answer.json()) as { version: number }).version : null;
  }

  /** Whether the server knows now that this version is in use. */
  async useHead(to: number): Promise<boolean> {
    const answer = await this.#mine("/heads/rollback", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ to }),
    });
    return answer?.ok ?? false;
  }

  /** A zip of all that the server keeps of the athlete; null where it gives none. */
  async everything(): Promise<Blob | null> {
    const answer = await this.#mine("/export");
    return answer?.ok ? answer.blob() : null;
  }

  /** Whether nothing of the athlete is left on the server. */
  async forget(): Promise<boolean> {
    const answer = await this.#mine("", { method: "DELETE" });
    return answer?.ok ?? false;
  }

  /** Where a session is sent while it runs. */
  get liveAddress(): URL {
    const address = new URL("phone/live", this.base);
    address.protocol = address.protocol.replace("http", "ws");
    return address;
  }

  /** What is asked of the athlete who is logged in. */
  async #mine(address: string, init: RequestInit = {}): Promise<Response | null> {
    const account = await this.account();
    if (typeof account === "string") return null;
    return this.#fetch(`athletes/${account.id}${address}`, init);
  }

  /** Null where nobody answers. */
  #fetch(address: string, init: RequestInit = {}): Promise<Response | null> {
    const headers = { ...askedLanguage(), ...init.headers };
    const asked = { credentials: "same-origin", ...init, headers } as const;
    return fetch(new URL(address, this.base), asked).catch(() => null);
  }
}

/** Null where the server has said why it refuses. */
function silenceOf(answer: Response | null): Silence | null {
  if (!answer || answer.status >= 500 || TOO_BUSY.includes(answer.status)) return "offline";
  return LOGGED_OUT.includes(answer.status) ? "logged_out" : null;
}

/** What leaves the phone of a session. */
export function bodyOf(session: KeptSession, chunks: readonly Chunk[]): object {
  const { id, athlete, bundle, startedAt, durationS, channels, withRaw } = session;
  const raw = chunks.flatMap(({ samples }) => samples ?? []);
  return {
    id,
    athlete,
    bundle,
    started_at: startedAt,
    duration_s: durationS,
    events: chunks.flatMap(({ events }) => events),
    raw: withRaw && raw.length > 0 ? { channels, ...packed(joinedSamples(raw)) } : null,
  };
}

/** Little-endian numbers as base64. */
function packed({ t, rows, bpm }: Samples): Record<string, string> {
  return { t: base64(t), samples: base64(rows), heart_rate: base64(bpm) };
}

function base64(values: Float32Array | Float64Array): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let text = "";
  for (let at = 0; at < bytes.length; at += BYTES_AT_ONCE) {
    text += String.fromCharCode(...bytes.subarray(at, at + BYTES_AT_ONCE));
  }
  return btoa(text);
}
