/** An athlete's heart rate range and its zones; the twin of `guidance/zones.py`. */

import { type Abstained, type Answer, abstains, measured } from "./measure.ts";
import { ageOn, type Day } from "./profile.ts";
import { plausible } from "./pulse.ts";
import { SURELY_ADULT, whyHeartIsUnread } from "./safety.ts";

const TANAKA = [208, 0.7] as const; // Tanaka 2001, J Am Coll Cardiol 37:153
const MAX_ERROR_BPM = 11; // standard deviation of people around it
const OLDEST = 100;
const MAX_RANGE = [100, 230] as const;
const RESERVE_RANGE = [-50, 200] as const;

const SHARES_OF_MAX = [0.5, 0.6, 0.7, 0.8, 0.9]; // Edwards
const SHARES_OF_RESERVE = [0.3, 0.4, 0.6, 0.9]; // ACSM
const SHARES_OF_THRESHOLD = [0, 0.68, 0.83, 0.94, 1.05]; // after Coggan

/** What an athlete's heart rates are compared with. */
export interface HeartLimits {
  readonly maxBpm: number;
  readonly maxErrorBpm: number;
  readonly restingBpm: number | null;
  readonly thresholdBpm: number | null;
}

/** Zones, numbered from 1; below the first is 0. */
export interface Zones {
  /** What they are shares of. */
  readonly method: "threshold" | "reserve" | "max";
  /** Lower edge of each, rising. */
  readonly edgesBpm: readonly number[];
}

/** What this athlete's heart rates may be compared with: what was measured before an estimate. */
export function heartLimits(day: Day): HeartLimits | Abstained {
  const unread = whyHeartIsUnread(day);
  if (unread) return unread;
  const { max_bpm, resting_bpm, threshold_bpm } = day.profile;
  const known = max_bpm === undefined ? estimatedMax(ageOn(day)) : { value: max_bpm, error: 0 };
  if (abstains(known)) return known;
  return {
    maxBpm: Math.max(known.value, threshold_bpm ?? 0),
    maxErrorBpm: known.error ?? 0,
    restingBpm: resting_bpm ?? null,
    thresholdBpm: threshold_bpm ?? null,
  };
}

function estimatedMax(age: number): Answer {
  if (age < SURELY_ADULT - 1) {
    return { reason: "minor", have: age, need: SURELY_ADULT - 1, what: "age, years" };
  }
  if (age > OLDEST) {
    return { reason: "outside_validity", have: age, need: OLDEST, what: "age, years" };
  }
  return measured("max_heart_rate", MAX_RANGE, TANAKA[0] - TANAKA[1] * age, MAX_ERROR_BPM);
}

/** The heart rate reserve, maximum less rest. */
export function spanOf({ maxBpm, restingBpm }: HeartLimits): number | Abstained {
  if (restingBpm === null) return { reason: "not_in_profile", what: "resting_bpm" };
  if (restingBpm >= maxBpm) {
    return { reason: "does_not_fit", have: maxBpm, need: restingBpm, what: "max_bpm" };
  }
  return maxBpm - restingBpm;
}

/** Percent of the heart rate reserve (Karvonen 1957). */
export function reserveShare(bpm: number, limits: HeartLimits): Answer {
  const known = plausible(bpm);
  if (abstains(known)) return known;
  const span = spanOf(limits);
  if (typeof span !== "number") return span;
  const share = (100 * (bpm - (limits.maxBpm - span))) / span;
  return measured("heart_rate_reserve", RESERVE_RANGE, share);
}

/** The zones that rest on most that was measured: of threshold, of reserve, of maximum. */
export function bestZones(limits: HeartLimits): Zones {
  const { maxBpm, thresholdBpm } = limits;
  if (thresholdBpm !== null) {
    const edgesBpm = SHARES_OF_THRESHOLD.map((share) => share * thresholdBpm);
    return { method: "threshold", edgesBpm };
  }
  const span = spanOf(limits);
  if (typeof span === "number") {
    const edgesBpm = SHARES_OF_RESERVE.map((share) => maxBpm - (1 - share) * span);
    return { method: "reserve", edgesBpm };
  }
  return { method: "max", edgesBpm: SHARES_OF_MAX.map((share) => share * maxBpm) };
}

/** The zone of a heart rate. */
export function zoneOf({ edgesBpm }: Zones, bpm: number): number {
  return edgesBpm.filter((edge) => edge <= bpm).length;
}
