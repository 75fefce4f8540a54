/** What one athlete's repetitions of one movement are like; the twin of `guidance/template.py`. */

import type { Vector } from "./cycles.ts";
import { type Counting, type Found, settled, USUAL } from "./repeating.ts";

const REVERSALS = Array.from({ length: 11 }, (_, step) => Math.round(10 + 5 * step) / 100); // 0.1 to 0.6

/** Learnt from a set whose number the athlete gave. */
export interface Template {
  /** Whose; empty for whatever repeats. */
  readonly movement: string;
  /** Unit vector of a posture: where the limb goes. */
  readonly axis: Vector;
  /** Of a repetition. */
  readonly seconds: number;
  /** As in `Counting`. */
  readonly reversal: number;
}

/**
 * From a set of a known number: the reading of it that is nearest to the usual one; null where no
 * reading gives this number.
 *
 * @param postures Of the set's frames.
 * @param start Number of the first frame in the session.
 */
export function templateOf(
  movement: string,
  postures: readonly Vector[],
  start: number,
  found: Found,
  repetitions: number,
): Template | null {
  const nearest = REVERSALS.toSorted((one, other) => fromUsual(one) - fromUsual(other));
  for (const reversal of nearest) {
    const { axis, seconds, reps } = settled(postures, start, found, { ...USUAL, reversal });
    if (reps.length === repetitions) return { movement, axis, seconds, reversal };
  }
  return null;
}

function fromUsual(reversal: number): number {
  return Math.abs(reversal - USUAL.reversal);
}

/** What makes a repetition of this athlete: two are enough to start a set. */
export function countingOf(own: Template | undefined): Counting {
  if (!own) return USUAL;
  const { confirm, factor, shortestS, longestS } = USUAL;
  return {
    ...USUAL,
    reversal: own.reversal,
    confirm: Math.min(confirm, 2),
    shortestS: Math.max(shortestS, own.seconds / factor / 2),
    longestS: Math.max(longestS, own.seconds * factor),
  };
}

/** Null where it was learnt from other sensors. */
export function axisOf(own: Template | undefined, width: number): Vector | null {
  return own?.axis.length === width ? own.axis : null;
}
