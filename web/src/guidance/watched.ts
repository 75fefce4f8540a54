/** Which movement is to be counted now, by the states of a stream; see `guidance/watched.py`. */

import type { Event, State } from "../runtime/events.ts";

const STATES_LATE_S = 0.75; // a stream's states come this much later than their window ends, at most
const STATES_HOLD_S = 4; // a model that wavers does not end a set

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

  /** Hear a stream's events in the order of time. */
  push(events: readonly Event[]): void {
    for (const event of events) {
      if (event.event === "state" && event.value === null) this.#states.push(event);
    }
  }

  /** The movement at a time, empty for whatever repeats; null where nothing is counted. */
  at(nowS: number): string | null {
    const due = this.#states.filter(({ t_s }) => t_s <= nowS);
    this.#states = this.#states.filter(({ t_s }) => t_s > nowS);
    if (!this.#movements.size) return "";
    for (const { t_s, movement, abstained } of due) {
      if (movement && (this.#movements.has(movement) || !abstained)) this.#said = [t_s, movement];
    }
    const [saidS, movement] = this.#said;
    return this.#movements.has(movement) && nowS - saidS <= STATES_HOLD_S ? movement : null;
  }
}
