/** An athlete's own good repetitions: of this session as it goes, and of those before. */

import { type Own, ownOf } from "../src/guidance/own.ts";
import type { Event, Rep } from "../src/index.ts";
import type { KeptSession } from "./records.ts";

/** Gathers the good ones of one session, as `guidance/performed.py` does. */
export class GoodReps {
  readonly #reps = new Map<string, Rep>();
  readonly #good: Rep[] = [];
  readonly #called = new Map<number, string>(); // sets that are over

  /** Hear events in the order of time. */
  push(events: readonly Event[]): void {
    for (const event of events) {
      if (event.event === "rep") this.#reps.set(`${event.set} ${event.number}`, event);
      if (event.event === "set_ended") this.#called.set(event.number, event.movement);
      if (event.event !== "technique" || !event.is_good) continue;
      const rep = this.#reps.get(`${event.set} ${event.number}`);
      if (rep) this.#good.push(rep);
    }
  }

  /** By movement, what they were like; movements with too few are left out. */
  get own(): KeptSession["own"] {
    const called = this.#good.map((rep) => this.#called.get(rep.set) ?? rep.movement);
    return [...new Set(called)].flatMap((movement) => {
      const own = ownOf(this.#good.filter((_, at) => called[at] === movement));
      return own ? [[movement, own] as const] : [];
    });
  }
}

/** By movement, the good repetitions of each session of an athlete, in the order of time. */
export function ownBefore(
  sessions: readonly KeptSession[],
  athlete: string,
): ReadonlyMap<string, readonly Own[]> {
  const found = new Map<string, Own[]>();
  const theirs = sessions.filter((session) => session.athlete === athlete);
  const inTime = theirs.toSorted((one, other) => one.startedAt.localeCompare(other.startedAt));
  for (const [movement, own] of inTime.flatMap((session) => session.own)) {
    if (movement) found.set(movement, [...(found.get(movement) ?? []), own]);
  }
  return found;
}
