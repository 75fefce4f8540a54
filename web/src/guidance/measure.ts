/** What every measure answers: a number with its error, or why there is none. */

/** No number, and why. */
export interface Abstained {
  readonly reason: string;
  readonly have?: number;
  readonly need?: number;
  /** Whose trouble it is: a field of the profile, or an input. */
  readonly what: string;
}

/** A number that may be shown. */
export interface Measured {
  readonly value: number;
  /** One standard deviation for one person; null where nobody has published one. */
  readonly error: number | null;
}

export type Answer = Measured | Abstained;

/** Whether there is no number. */
export function abstains(answer: object): answer is Abstained {
  return "reason" in answer;
}

/** The value, unless it is out of what can be right. */
export function measured(
  key: string,
  [low, high]: readonly [number, number],
  value: number,
  error: number | null = null,
): Answer {
  const isRight = Number.isFinite(value) && low <= value && value <= high;
  return isRight ? { value, error } : { reason: "implausible", what: key };
}
