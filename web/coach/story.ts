/** What the events of a session tell, as stretches of time. */

import type {
  Advice,
  Drift,
  Event,
  Heart,
  Quality,
  SetEnded,
  State,
} from "../src/runtime/events.ts";

export interface Held {
  readonly from: number;
  readonly to: number;
  readonly movement: string;
}

export interface SetDone {
  readonly set: SetEnded;
  /** When each repetition began. */
  readonly reps: readonly number[];
}

export interface Story {
  /** By task that names something, what it named and for how long; silence is left out. */
  readonly held: ReadonlyMap<string, readonly Held[]>;
  /** By task that is a number. */
  readonly numbers: ReadonlyMap<string, readonly State[]>;
  readonly sets: readonly SetDone[];
  readonly heart: readonly Heart[];
  /** What the athlete was told, and what was wrong. */
  readonly advice: readonly Advice[];
  readonly troubles: readonly (Drift | Quality)[];
}

export function storyOf(events: readonly Event[]): Story {
  const of = <K extends Event["event"]>(kind: K) =>
    events.filter((event): event is Extract<Event, { event: K }> => event.event === kind);
  const tasks = new Map<string, State[]>();
  for (const one of of("state")) {
    if (!tasks.has(one.task)) tasks.set(one.task, []);
    tasks.get(one.task)!.push(one);
  }
  const named = [...tasks].filter(([, states]) => states.some((one) => one.confidence !== null));
  const reps = of("rep");
  return {
    held: new Map(named.map(([task, states]) => [task, heldOf(states)])),
    numbers: new Map([...tasks].filter(([, states]) => states.some((one) => one.value !== null))),
    sets: lastOf(of("set_ended")).map((set) => ({
      set,
      reps: reps.filter((one) => one.set === set.number).map(({ began_s }) => began_s),
    })),
    heart: of("heart"),
    advice: of("advice"),
    troubles: [...of("drift"), ...of("quality")].sort((one, other) => one.t_s - other.t_s),
  };
}

/** Of a set that the athlete corrected, what it was told to be last. */
function lastOf(sets: readonly SetEnded[]): SetEnded[] {
  return [...new Map(sets.map((set) => [set.number, set])).values()];
}

/** Each answer stands for the time since the one before, a usual step at most. */
function heldOf(states: readonly State[]): Held[] {
  const steps = states.slice(1).map((one, at) => one.t_s - states[at]!.t_s);
  const usual = steps.toSorted((one, other) => one - other)[steps.length >> 1] ?? 1;
  const held: Held[] = [];
  for (const [at, { t_s, movement, abstained }] of states.entries()) {
    if (abstained || !movement) continue;
    const from = t_s - Math.min(usual, steps[at - 1] ?? usual);
    const last = held.at(-1);
    if (last?.movement === movement && from - last.to < 0.01) {
      held[held.length - 1] = { ...last, to: t_s };
    } else held.push({ from, to: t_s, movement });
  }
  return held;
}

/** The last of what is in the order of time that is not after a time. */
export function latest<T extends { readonly t_s: number }>(all: readonly T[], t: number): T | null {
  return all.findLast(({ t_s }) => t_s <= t) ?? null;
}

export function heldAt(held: readonly Held[], t: number): string {
  return held.find(({ from, to }) => from <= t && t <= to)?.movement ?? "";
}
