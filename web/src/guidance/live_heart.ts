/** The heart rate of a stream; the twin of `guidance/live_heart.py`. */

import { Clock } from "../runtime/clock.ts";
import type { Heart } from "../runtime/events.ts";
import { HOLD_S } from "../signals/resample.ts";
import { type Abstained, abstains } from "./measure.ts";
import type { Day } from "./profile.ts";
import { believed, currentBpm, FLAT_S } from "./pulse.ts";
import { bestZones, heartLimits, type Zones, zoneOf } from "./zones.ts";

const PAUSE_S = 10; // of the clock; beyond it nobody waits for an answer
const KEPT_S = FLAT_S + 2 * HOLD_S; // enough to see that a sensor is stuck

/**
 * Tells the heart rate once a second. How the samples are cut into pushes changes nothing.
 *
 * What is late is left out, and where the clock leaps all starts anew, as in a stream.
 */
export class HeartWatch {
  readonly #zones: Zones | Abstained;
  readonly #clock = new Clock(1, ["heart_rate"]);
  #t: number[] = [];
  #bpm: number[] = [];
  #last: number | null = null; // whole second

  /** @param day Whose heart it is; null: no zones. */
  constructor(day: Day | null) {
    this.#zones = zonesOf(day);
  }

  /**
   * What is believed at each whole second that the samples reach.
   *
   * @param t Seconds, as the device says.
   * @param bpm One for each, NaN where unknown.
   */
  push(t: ArrayLike<number>, bpm: ArrayLike<number>): Heart[] {
    return this.#clock.push(Float64Array.from(t)).flatMap(({ rows, isNew }) => {
      if (isNew) this.#reset();
      return this.#heard(
        rows.map((row) => t[row]!),
        rows.map((row) => bpm[row]!),
      );
    });
  }

  #reset(): void {
    [this.#t, this.#bpm, this.#last] = [[], [], null];
  }

  #heard(clock: readonly number[], bpm: readonly number[]): Heart[] {
    if (clock.length === 0) return [];
    for (const [row, time] of clock.entries()) {
      if (!Number.isFinite(bpm[row]!)) continue;
      this.#t.push(time);
      this.#bpm.push(bpm[row]!);
    }
    const told = [...this.#seconds(clock)].map((second) => this.#at(second));
    this.#forget(clock.at(-1)! - KEPT_S);
    return told;
  }

  /** Whole seconds that are reached; of a pause of the clock only its beginning. */
  *#seconds(clock: readonly number[]): Iterable<number> {
    for (const time of clock) {
      const reached = Math.floor(time);
      const last = this.#last ?? Math.ceil(clock[0]!) - 1;
      for (let at = last + 1; at <= Math.min(reached, last + PAUSE_S); at++) yield at;
      this.#last = Math.max(last, reached);
    }
  }

  #at(t_s: number): Heart {
    const from = this.#t.findIndex((time) => time > t_s - KEPT_S);
    const to = this.#t.findLastIndex((time) => time <= t_s) + 1;
    const t = from < 0 ? [] : this.#t.slice(from, to);
    const bpm = believed(t, from < 0 ? [] : this.#bpm.slice(from, to));
    const answer = currentBpm(t, bpm, t_s);
    const told = { event: "heart", t_s, bpm: null, zone: null, zones: "", reason: "" } as const;
    if (abstains(answer)) return { ...told, reason: answer.reason };
    if (abstains(this.#zones)) return { ...told, bpm: answer.value, reason: this.#zones.reason };
    const zone = zoneOf(this.#zones, answer.value);
    return { ...told, bpm: answer.value, zone, zones: this.#zones.method };
  }

  /** What is no longer asked for. */
  #forget(untilS: number): void {
    const kept = this.#t.findIndex((time) => time > untilS);
    const gone = kept < 0 ? this.#t.length : kept;
    this.#t.splice(0, gone);
    this.#bpm.splice(0, gone);
  }
}

function zonesOf(day: Day | null): Zones | Abstained {
  if (day === null) return { reason: "not_in_profile", what: "birth_year" };
  const limits = heartLimits(day);
  return abstains(limits) ? limits : bestZones(limits);
}
