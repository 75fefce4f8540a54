/** What this phone keeps of the athlete, and what the server does. */

import { saveFile } from "../pages/saving.ts";
import type { Login } from "./linking.ts";
import { isWaiting, Outbox, type Outcome } from "./outbox.ts";
import type { Phone } from "./phone.ts";
import type { KeptSession, KeptTemplate } from "./records.ts";
import { bodyOf } from "./server.ts";

const OUTCOMES = ["sent", "offline", "logged_out", "refused"] as const;
const [FIRST_WAIT_MS, LONGEST_WAIT_MS] = [1000, 600_000];

export class Kept {
  sessions: readonly KeptSession[] = [];
  /** What the athlete's corrections taught. */
  learnt: readonly KeptTemplate[] = [];
  readonly #outbox: Outbox;
  #waitMs = FIRST_WAIT_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;

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

  /** Whether something waits to be sent to the athlete's server. */
  get isWaiting(): boolean {
    const { athlete, isLinked } = this.phone.choices;
    return isLinked && this.sessions.some((session) => isWaiting(session, athlete));
  }

  /**
   * Send what is kept, if the athlete's model is a server's and it is they who are logged in.
   *
   * @param again Whether to send what the server has refused, too.
   */
  async send(again = false): Promise<void> {
    const { phone } = this;
    if (!phone.choices.isLinked) return;
    const login = await phone.linking.tellHeads();
    const { athlete } = phone.choices;
    this.#askAgain(login === "offline" && navigator.onLine);
    const isTold = this.isWaiting && phone.screen === "sessions";
    const outcome = login === "own" ? await this.#outbox.send(athlete, again) : login;
    for (const key of OUTCOMES) phone.notices.delete(`outcome_${key}`);
    if (isTold) this.#tell(outcome);
    await this.list();
  }

  /** Of a network that has just come, the first requests may be lost. */
  #askAgain(isLost: boolean): void {
    clearTimeout(this.#timer);
    if (isLost) this.#timer = setTimeout(() => void this.send(), this.#waitMs);
    this.#waitMs = isLost ? Math.min(2 * this.#waitMs, LONGEST_WAIT_MS) : FIRST_WAIT_MS;
  }

  #tell(outcome: Outcome | Login): void {
    const { phone } = this;
    if (typeof outcome === "object") {
      const { text, lang } = outcome;
      phone.tell("outcome_refused", { message: text, lang });
    }
    const told = OUTCOMES.find((one) => one === outcome);
    if (told) phone.tell(`outcome_${told}`);
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
    return this.#ask(async () => {
      const zip = await this.phone.server.everything();
      if (zip) saveFile(zip, "distride-export.zip");
      return zip !== null;
    });
  }

  /** The account with all of it, and then all that is here. */
  clearEverywhere(): Promise<void> {
    return this.#ask(async () => {
      const isGone = await this.phone.server.forget();
      if (isGone) await this.clear();
      return isGone;
    });
  }

  /** What the server does for the athlete, and for nobody else who is logged in; whether it did. */
  #ask(work: () => Promise<boolean>): Promise<void> {
    const { phone } = this;
    return phone.attempt(async () => {
      if ((await phone.linking.login()) !== "own" || !(await work())) phone.tell("server_silent");
    });
  }
}
