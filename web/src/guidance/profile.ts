/** Who an athlete is, as far as a live page asks, and how they are on one day. */

import { DataError } from "../errors.ts";

export const CONDITIONS = [
  "beta_blocker",
  "pacemaker",
  "arrhythmia",
  "pregnancy",
  "known_disease",
] as const;
export const SYMPTOMS = [
  "pain_in_chest_neck_jaw_or_arm",
  "dizziness_or_fainting",
  "short_of_breath_at_rest_or_mild_effort",
  "palpitations",
  "short_of_breath_lying_down",
  "swollen_ankles",
  "leg_pain_when_walking",
] as const;

export type Condition = (typeof CONDITIONS)[number];
export type Symptom = (typeof SYMPTOMS)[number];

/** Allowed numbers, in the order in which those that are known must rise. */
export const RANGES = {
  resting_bpm: [25, 110],
  threshold_bpm: [80, 220],
  max_bpm: [100, 230],
} as const;
export const BIRTH_YEARS = [1900, 2100] as const;

/** What is known of an athlete; what is absent is unknown, and what needs it abstains. */
export interface Profile {
  readonly birth_year: number;
  readonly resting_bpm?: number;
  readonly threshold_bpm?: number;
  readonly max_bpm?: number;
  readonly conditions: readonly Condition[];
  /** Whether they exercise regularly; unknown counts as no. */
  readonly is_active: boolean;
}

/** An athlete on one day. */
export interface Day {
  readonly profile: Profile;
  readonly year: number;
  readonly symptoms: readonly Symptom[];
  readonly isIll: boolean;
}

/** Years at the end of this calendar year. */
export function ageOn(day: Day): number {
  return day.year - day.profile.birth_year;
}

/** Throws `DataError` where a number cannot be right, or two cannot both be. */
export function checkProfile(profile: Profile): void {
  checkRange("birth_year", profile.birth_year, BIRTH_YEARS);
  const known = Object.entries(RANGES).flatMap(([name, range]) => {
    const value = profile[name as keyof typeof RANGES];
    if (value !== undefined) checkRange(name, value, range);
    return value === undefined ? [] : [[name, value] as const];
  });
  for (const [at, [high, above]] of known.slice(1).entries()) {
    const [low, below] = known[at]!;
    if (below >= above) {
      throw new DataError(
        `The profile's ${low} is ${below} and its ${high} ${above}: the first must be lower; ` +
          "measure again, or leave out the one that is in doubt.",
      );
    }
  }
}

function checkRange(name: string, value: number, [low, high]: readonly [number, number]): void {
  if (!(value >= low && value <= high)) {
    throw new DataError(
      `The profile's ${name} is ${value}: it must be ${low} to ${high}, or be left out where it ` +
        "is not known.",
    );
  }
}
