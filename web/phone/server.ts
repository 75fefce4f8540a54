/** The server that this page came from, where there is one; `docs/phone.md` says what is asked of it. */

import type { Outcome } from "./outbox.ts";
import type { Samples } from "./samples.ts";
import { joinedSamples } from "./samples.ts";
import type { Chunk, KeptSession } from "./store.ts";

/** Takes sessions. */
export interface Sender {
  send(session: KeptSession, chunks: readonly Chunk[]): Promise<Outcome>;
}

/** Who is logged in, and where their model lies. */
export interface Account {
  readonly athlete: string;
  /** Address of the bundle; null where the coach has given none. */
  readonly bundle: string | null;
  /** Address of the athlete's own head. */
  readonly head: string | null;
}

const SENT_ALREADY = 409;
const BYTES_AT_ONCE = 0x8000; // arguments of a call

export class Server implements Sender {
  constructor(private readonly base: URL) {}

  /** The account of whoever is logged in; null without a network, a server or a login. */
  async account(): Promise<Account | null> {
    const answer = await this.#fetch("phone/me");
    return answer?.ok ? ((await answer.json()) as Account) : null;
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
    if (answer === null) return "offline";
    return answer.ok || answer.status === SENT_ALREADY ? "sent" : "refused";
  }

  /** Where a session is sent while it runs. */
  get liveAddress(): URL {
    const address = new URL("phone/live", this.base);
    address.protocol = address.protocol.replace("http", "ws");
    return address;
  }

  /** Null where nobody answers. */
  #fetch(address: string, init: RequestInit = {}): Promise<Response | null> {
    return fetch(new URL(address, this.base), { credentials: "same-origin", ...init }).catch(
      () => null,
    );
  }
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
