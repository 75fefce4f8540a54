/** An athlete's own good repetitions, a session each; the twin of `guidance/own.py`. */

import type { Comparison, Rep } from "../runtime/events.ts";
import { median } from "./cycles.ts";

export const FEWEST = 4; // of which anything is usual: repetitions of a session, or sessions
export const LATEST = 20; // sessions; older ones are another athlete
export const LEAST_SPREAD = 0.05; // of the usual value: nobody repeats themselves more closely
export const MEDIAN_ERROR = 1.25; // times that of a mean, of normal values

/** The good repetitions of one movement in one session, as a session's summary holds them. */
export interface Own {
  readonly repetitions: number;
  readonly range_deg: number;
  readonly range_spread: number;
  readonly duration_s: number;
  readonly duration_spread: number;
}

/** What a session's good repetitions were like; null of fewer than four. */
export function ownOf(reps: readonly Rep[]): Own | null {
  if (reps.length < FEWEST) return null;
  const ranges = reps.map(({ range_deg }) => range_deg);
  const durations = reps.map(({ duration_s }) => duration_s);
  return {
    repetitions: reps.length,
    range_deg: median(ranges),
    range_spread: spread(ranges),
    duration_s: median(durations),
    duration_spread: spread(durations),
  };
}

/** Standard deviation in shares of the median. */
export function spread(values: readonly number[]): number {
  const usual = median(values);
  return usual ? Math.max(deviation(values) / usual, LEAST_SPREAD) : LEAST_SPREAD;
}

/** By how much Student's t of so many values is wider than the normal distribution. */
export function few(count: number): number {
  return Math.sqrt((count - 1) / (count - 3));
}

/**
 * The median of the last repetitions, in percent of what sessions before were like.
 *
 * @param recent Of the last repetitions.
 * @param usual Of each session, the median of the good ones.
 * @param spreads Of each session, their spread, in shares.
 */
export function besideSessions(
  recent: readonly number[],
  usual: readonly number[],
  spreads: readonly number[],
): Comparison | null {
  const level = usual.length >= FEWEST ? mean(usual) : 0;
  if (!level) return null;
  const sessions = spread(usual) * few(usual.length) * Math.sqrt(1 + 1 / usual.length);
  const chance = (MEDIAN_ERROR * mean(spreads)) / Math.sqrt(recent.length);
  const error = 100 * Math.hypot(sessions, chance);
  return { value: (100 * median(recent)) / level, error, own: usual.length };
}

export function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(sum(values.map((one) => (one - centre) ** 2)) / (values.length - 1));
}

export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, one) => total + one, 0);
}
