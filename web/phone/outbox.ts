/** Sends kept sessions, each once, when there is a network. */

import type { Sender } from "./server.ts";
import type { KeptSession, Store } from "./store.ts";

const LOCK = "distride-outbox"; // of two open pages one sends

/** What became of a try to send. */
export type Outcome = "sent" | "nothing" | "offline" | "refused";

export class Outbox {
  constructor(
    private readonly store: Store,
    private readonly server: Sender,
  ) {}

  /**
   * Send whatever is kept. A session is marked as sent only once the server says that it has it; if
   * its answer is lost, it is sent again under the same key, and the server takes it once.
   */
  send(): Promise<Outcome> {
    return navigator.locks.request(LOCK, async () => {
      const kept = (await this.store.sessions()).filter(({ state }) => state === "kept");
      let worst: Outcome = kept.length > 0 ? "sent" : "nothing";
      for (const session of kept.reverse()) {
        const outcome = await this.#sendOne(session);
        if (outcome === "offline") return outcome;
        if (outcome === "refused") worst = outcome; // the others may still be taken
      }
      return worst;
    });
  }

  async #sendOne(session: KeptSession): Promise<Outcome> {
    const chunks = await this.store.chunks(session.id);
    const outcome = await this.server.send(session, chunks);
    if (outcome === "sent") await this.store.keepSession({ ...session, state: "sent" });
    return outcome;
  }
}
