/** Has the server know the athlete's own heads: each is sent once, and which one is in use. */

import type { Model } from "./model.ts";
import type { Server } from "./server.ts";
import type { Store } from "./store.ts";

const LOCK = "distride-heads"; // of two open pages one tells
const TOLD = "told-head"; // the version of which the server knows that it is in use
const SHARED = 0;

export class Heads {
  constructor(
    private readonly store: Store,
    private readonly server: Server,
  ) {}

  /** The server has said which version it holds to be in use. */
  heard(version: number): Promise<void> {
    return this.store.choose(TOLD, version);
  }

  /** Send what the server does not have, the oldest first; then tell it which head is in use. */
  tell(model: Model): Promise<void> {
    return navigator.locks.request(LOCK, async () => {
      const heads = await this.store.heads(model.athlete, model.student.bundle.bodySha256);
      for (const head of heads.filter(({ version }) => version === null).reverse()) {
        const version = await this.server.sendHead(head);
        if (version === null) continue; // it is tried again
        // where the coach removed all, numbers began anew
        await forgetNumbers(this.store, model.athlete, version, Number.POSITIVE_INFINITY);
        await this.store.keepHead({ ...head, version });
        await this.heard(version); // the server has it in use from now on
      }
      const { current } = await model.of(model.athlete);
      const used = current ? current.version : SHARED;
      if (used === null || used === (await this.store.choice(TOLD, SHARED))) return;
      if (await this.server.useHead(used)) await this.heard(used);
    });
  }
}

/** Of the athlete's heads, those with these numbers are no longer what the server has under them. */
export async function forgetNumbers(
  store: Store,
  athlete: string,
  from: number,
  to: number,
): Promise<void> {
  for (const head of await store.heads(athlete)) {
    const { version } = head;
    if (version === null || version < from || version > to) continue;
    await store.keepHead({ ...head, version: null });
  }
}
