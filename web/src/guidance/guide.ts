/** What a stream tells, with the heart, with technique and with advice; the twin of `guidance/guide.py`. */

import type { Event } from "../runtime/events.ts";
import { Coach, type Voice } from "./coach.ts";
import { HeartWatch } from "./live_heart.ts";
import type { Own } from "./own.ts";
import type { Day } from "./profile.ts";
import { TechniqueWatch } from "./technique.ts";

/** Goes beside one stream. */
export class Guide {
  readonly #heart: HeartWatch;
  readonly #technique: TechniqueWatch;
  readonly #coach: Coach | null;

  /**
   * @param day Who, and how they are; null: nobody may be advised, and zones are not told.
   * @param usual By movement, their good repetitions of sessions before.
   */
  constructor(
    day: Day | null,
    voice: Voice,
    usual: ReadonlyMap<string, readonly Own[]> = new Map(),
  ) {
    this.#heart = new HeartWatch(day);
    this.#technique = new TechniqueWatch(voice.rules.technique, usual);
    this.#coach = day && new Coach(voice, day);
  }

  /**
   * The events of a push, with the heart, technique and advice, in the order of time.
   *
   * @param events What the stream told of these samples.
   * @param t Seconds, rising.
   * @param bpm Heart rate, NaN where unknown; null without a sensor.
   */
  push(events: readonly Event[], t: Float64Array, bpm: Float32Array | null): Event[] {
    const heart = bpm ? this.#heart.push(t, bpm) : [];
    const heard = inOrder([...events, ...heart]);
    const told = inOrder([...heard, ...this.#technique.push(heard)]);
    return this.#coach ? inOrder([...told, ...this.#coach.push(told)]) : told;
  }
}

function inOrder(events: readonly Event[]): Event[] {
  return [...events].sort((one, other) => one.t_s - other.t_s);
}
