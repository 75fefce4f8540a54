/** What this phone keeps of the athlete, and what the server does. */

import { saveFile } from "../pages/saving.ts";
import { Outbox } from "./outbox.ts";
import type { Phone } from "./phone.ts";
import { bodyOf } from "./server.ts";
import type { KeptSession, KeptTemplate } from "./store.ts";

export class Kept {
  sessions: readonly KeptSession[] = [];
  /** What the athlete's corrections taught. */
  learnt: readonly KeptTemplate[] = [];
  readonly #outbox: Outbox;

  constructor(readonly phone: Phone) {
    this.#outbox = new Outbox(phone.store, phone.server);
  }

  /** Sessions, and what corrections in them taught. */
  async list(): Promise<void> {
    const { store, choices, redraw } = this.phone;
    this.sessions = await store.sessions();
    this.learnt = await store.templates(choices.athlete);
    redraw();
  }

  async forgetCorrection({ athlete, sensors, template }: KeptTemplate): Promise<void> {
    await this.phone.store.forgetTemplate(athlete, sensors, template.movement);
    await this.list();
  }

  /** Send what is kept, if the athlete's model is a server's. */
  async send(): Promise<void> {
    const { phone } = this;
    if (!phone.choices.isLinked) return;
    await phone.tellHeads();
    const outcome = await this.#outbox.send();
    for (const key of ["sent", "nothing", "offline", "refused"] as const) {
      phone.notices.delete(`outcome_${key}`);
    }
    if (outcome !== "nothing" && phone.screen === "sessions") phone.tell(`outcome_${outcome}`);
    await this.list();
  }

  async deleteSession(id: string): Promise<void> {
    await this.phone.store.deleteSession(id);
    await this.list();
  }

  /** A session as the server would get it. */
  async fileOf(session: KeptSession): Promise<Blob> {
    const body = bodyOf(session, await this.phone.store.chunks(session.id));
    return new Blob([JSON.stringify(body)], { type: "application/json" });
  }

  /** All that this phone keeps of the athlete, as JSON. */
  exportHere(): Promise<void> {
    return this.phone.attempt(async () => {
      const all = JSON.stringify(await this.phone.store.everything(), (_, value) =>
        ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value,
      );
      saveFile(new Blob([all], { type: "application/json" }), "distride-phone.json");
    });
  }

  async clear(): Promise<void> {
    await this.phone.store.clear();
    location.reload();
  }

  /** All that the server keeps of the athlete. */
  exportFromServer(): Promise<void> {
    return this.phone.attempt(async () => {
      const zip = await this.phone.server.everything();
      if (zip) saveFile(zip, "distride-export.zip");
      else this.phone.tell("server_silent");
    });
  }

  /** The account with all of it, and then all that is here. */
  clearEverywhere(): Promise<void> {
    return this.phone.attempt(async () => {
      if (await this.phone.server.forget()) await this.clear();
      else this.phone.tell("server_silent");
    });
  }
}
