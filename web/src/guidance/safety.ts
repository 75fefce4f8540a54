/** When guidance is silent; the twin of `guidance/safety.py`. */

import type { Abstained } from "./measure.ts";
import { ageOn, type Day } from "./profile.ts";

export const SURELY_ADULT = 19; // whoever turns 18 this year may still be 17
const OTHER_HEARTS = ["beta_blocker", "pacemaker", "arrhythmia"] as const;

/** Why nothing at all may be advised on this day; null where it may. The gravest cause first. */
export function whySilent(day: Day): Abstained | null {
  const { conditions, is_active } = day.profile;
  const age = ageOn(day);
  if (day.symptoms.length > 0) {
    return { reason: "stop_sign", what: [...day.symptoms].sort()[0]! };
  }
  if (conditions.includes("known_disease") && !is_active) return { reason: "clearance", what: "" };
  if (day.isIll) return { reason: "illness", what: "" };
  if (conditions.includes("pregnancy")) return { reason: "pregnancy", what: "" };
  if (age < SURELY_ADULT) {
    return { reason: "minor", have: age, need: SURELY_ADULT, what: "age, years" };
  }
  return null;
}

/** Why no heart rate may be judged on this day; null where it may. */
export function whyHeartIsUnread(day: Day): Abstained | null {
  const silent = whySilent(day);
  if (silent) return silent;
  const found = OTHER_HEARTS.find((one) => day.profile.conditions.includes(one));
  return found ? { reason: found, what: "" } : null;
}
