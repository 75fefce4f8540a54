/** Ties this phone to the account of its athlete: who is logged in, their model, their heads. */

import { CHOICES, type Choices } from "./choices.ts";
import { Heads } from "./heads.ts";
import { Model } from "./model.ts";
import type { Phone } from "./phone.ts";
import type { Silence } from "./server.ts";

/** Whether the athlete of this phone is logged in, or another one, or why that is not known. */
export type Login = "own" | "other" | Silence;

export class Linking {
  readonly #heads: Heads;

  constructor(readonly phone: Phone) {
    this.#heads = new Heads(phone.store, phone.server);
  }

  /** Ask who is logged in; one who is not the athlete of this phone is told so. */
  async login(): Promise<Login> {
    const { phone } = this;
    const account = await phone.server.account();
    if (typeof account === "string") return account;
    const { athlete } = phone.choices;
    if (account.athlete === athlete) {
      phone.untell("other_athlete");
      return "own";
    }
    phone.tell("other_athlete", { other: account.athlete, athlete });
    return "other";
  }

  /** The coach sees which head is in use, its score and when it was made. */
  async tellHeads(): Promise<Login> {
    const login = await this.login();
    if (login === "own" && this.phone.model) await this.#heads.tell(this.phone.model);
    return login;
  }

  /** What the coach has given; of the athlete's own heads the one that the server holds in use. */
  take(): Promise<void> {
    const { phone } = this;
    const { store, server } = phone;
    return phone.attempt(async () => {
      if (phone.choices.isLinked) await this.tellHeads(); // what the athlete chose last holds
      const account = await server.account();
      if (typeof account === "string" || !account.bundle) return phone.tell("no_account");
      const bundle = await server.file(account.bundle);
      const head = account.head ? await server.file(account.head) : null;
      if (!bundle || (account.head && !head)) return phone.tell("server_silent");
      const model = await Model.take(store, account.athlete, bundle, head);
      phone.model = head ? await model.take(head, account.version) : await model.use(null);
      await this.#become(account.athlete);
      await this.#heads.heard(account.version);
      phone.untell("other_athlete");
      void phone.kept.send();
    });
  }

  /** Who comes after another athlete chooses anew; what each chose is there when they are back. */
  async #become(athlete: string): Promise<void> {
    const { store, choices } = this.phone;
    const isOther = ![athlete, CHOICES.athlete].includes(choices.athlete);
    if (!isOther) return this.phone.choose({ athlete, isLinked: true });
    await store.choose(ofAthlete(choices.athlete), choices);
    const before = await store.choice<Partial<Choices>>(ofAthlete(athlete), {});
    await this.phone.choose({ ...CHOICES, ...before, athlete, isLinked: true });
  }
}

function ofAthlete(athlete: string): string {
  return `choices of ${athlete}`;
}
