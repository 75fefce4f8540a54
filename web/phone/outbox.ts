/** Sends kept sessions, each once, when there is a network. */

import type { Told } from "../pages/answers.ts";
import type { KeptSession } from "./records.ts";
import type { Sender, Silence } from "./server.ts";
import type { Store } from "./store.ts";

const LOCK = "distride-outbox"; // of two open pages one sends

/** What became of a try to send; what a server says that refuses for good. */
export type Outcome = "sent" | "nothing" | Silence | Told;

/** Whether a session waits to be sent in the name of this athlete. */
export function isWaiting(session: KeptSession, athlete: string): boolean {
  const { state, isLinked = true } = session;
  return isLinked && session.athlete === athlete && (state === "kept" || state === "refused");
}

export class Outbox {
  constructor(
    private readonly store: Store,
    private readonly server: Sender,
  ) {}

  /**
   * Send what waits. A session is marked as sent only once the server says that it has it; if
   * its answer is lost, it is sent again under the same key, and the server takes it once.
   *
   * @param athlete Who is logged in: nobody else's goes out.
   * @param again Whether to send what the server has refused, too.
   */
  send(athlete: string, again: boolean): Promise<Outcome> {
    return navigator.locks.request(LOCK, async () => {
      const waiting = (await this.store.sessions()).filter((one) => isWaiting(one, athlete));
      const asked = waiting.filter(({ state }) => again || state === "kept");
      let worst: Outcome = asked.length > 0 ? "sent" : "nothing";
      for (const session of asked.reverse()) {
        const outcome = await this.#sendOne(session);
        if (outcome === "offline" || outcome === "logged_out") return outcome;
        if (outcome !== "sent") worst = outcome; // the others may still be taken
      }
      return worst;
    });
  }

  async #sendOne(session: KeptSession): Promise<Outcome> {
    const chunks = await this.store.chunks(session.id);
    if (chunks.length === 0) return "sent"; // it was deleted meanwhile
    const outcome = await this.server.send(session, chunks);
    if (outcome === "sent") await this.store.markSession(session.id, "sent");
    else if (typeof outcome === "object") await this.store.markSession(session.id, "refused");
    return outcome;
  }
}
