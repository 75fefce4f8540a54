/** Which movement is to be counted now, by the states of a stream; see `guidance/watched.py`. */

import type { Event, State } from "../runtime/events.ts";

const STATES_LATE_S = 0.75; // a stream's states come this much later than their window ends, at most
const STATES_HOLD_S = 4; // a set may begin so long after its movement was named

/** A word of a movement's name: posture, way of getting about, nothing. */
const NO_EXERCISE = new RegExp(
  "^(?:(walk|runn?|jogg?|cycl|bik|driv|rid|climb|stand|sitt?|ly|lay|kneel|sleep|rest|mov|turn|stepp?)" +
    "(e|ing)?|lie|trainer|stepper|gait|strides?|stairs?|(up|down)stairs|still|idle|null|none|other" +
    "|unknown|transition)$",
);
const HOW_OR_WHERE = new RegExp(
  "^(?:up|down|back|front|right|left|side|slow(ly)?|fast|normal|flat|inclined?|ascending|descending" +
    "|horizontal|vertical|elevator|lift|treadmill|cross|parking|lot|street|(in|out)doors?" +
    "|on|in|the|at|an?|of|with|from|around|kmh?|h|min)$",
);

/**
 * Those that athletes count: not postures, ways of getting about, or nothing, by their names. Where a
 * name has a word for anything else, it is taken for an exercise.
 */
export function exercises(movements: Iterable<string>): string[] {
  return [...movements].filter(isExercise);
}

function isExercise(movement: string): boolean {
  const words = movement.toLowerCase().match(/[\p{L}\p{Nl}\p{No}]+/gu) ?? [];
  const kinds = words.filter((word) => !HOW_OR_WHERE.test(word));
  return words.length > 0 && !(kinds.length > 0 && kinds.every((word) => NO_EXERCISE.test(word)));
}

/** What the states say of a moment. */
export interface Heard {
  /**
   * That was named last, of those that are counted; empty before anything was named, and where whatever
   * repeats is counted; null where what is not counted was named last.
   */
  readonly movement: string | null;
  /** Whether it was named within `STATES_HOLD_S`, or needs no name. */
  readonly isNow: boolean;
}

/** Listens for some movements; for none: whatever repeats is counted, whatever the states say. */
export class Watched {
  readonly #movements: ReadonlySet<string>;
  #states: State[] = [];
  #said: readonly [number, string] = [Number.NEGATIVE_INFINITY, ""];

  constructor(movements: Iterable<string>) {
    this.#movements = new Set(movements);
  }

  /** How long a moment must have passed before it is known what was done in it. */
  get lateS(): number {
    return this.#movements.size ? STATES_LATE_S : 0;
  }

  /** Forget all, as when the clock is set back, and hear these. */
  begin(events: readonly Event[]): void {
    this.#states = [];
    this.#said = [Number.NEGATIVE_INFINITY, ""];
    this.push(events);
  }

  /** Hear a stream's events in the order of time. */
  push(events: readonly Event[]): void {
    for (const event of events) {
      if (event.event === "state" && event.value === null) this.#states.push(event);
    }
  }

  /** What is to be counted at a time, no earlier than the last asked for. */
  at(nowS: number): Heard {
    const due = this.#states.filter(({ t_s }) => t_s <= nowS);
    this.#states = this.#states.filter(({ t_s }) => t_s > nowS);
    if (!this.#movements.size) return { movement: "", isNow: true };
    for (const { t_s, movement, abstained } of due) {
      if (movement && (this.#movements.has(movement) || !abstained)) this.#said = [t_s, movement];
    }
    const [saidS, movement] = this.#said;
    const isCounted = this.#movements.has(movement) || movement === "";
    return { movement: isCounted ? movement : null, isNow: nowS - saidS <= STATES_HOLD_S };
  }
}
