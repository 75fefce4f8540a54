/** Finding the repetitions of one set in a stretch; the twin of `guidance/repeating.py`. */

import {
  type Cycle,
  cyclesIn,
  dot,
  likeness,
  mainAxes,
  meanOf,
  median,
  secondsOf,
  type Vector,
} from "./cycles.ts";
import { RATE_HZ } from "./posture.ts";

export const SPANS_S = [4, 8, 16, 32]; // in which a set is looked for, short ones first
export const BACK_S = 30; // before the first sure repetition, where earlier ones are looked for
const FILLED = 0.6; // of a span, before anything is looked for in it
const AXES = 2; // of a span; getting ready may move more than the first repetitions

/** What makes a repetition; `guidance/repeating.py` says what each is. */
export interface Counting {
  readonly reversal: number;
  readonly confirm: number;
  readonly leastRad: number;
  readonly alike: number;
  readonly factor: number;
  readonly factorInSet: number;
  readonly shortestS: number;
  readonly longestS: number;
  readonly pauseS: number;
  readonly pauseReps: number;
  readonly patienceReps: number;
  readonly odd: number;
  readonly oddLeast: number;
}

/** Of anybody. */
export const USUAL: Counting = {
  reversal: 0.35,
  confirm: 3,
  leastRad: 0.15,
  alike: 0.4,
  factor: 2.5,
  factorInSet: 4,
  shortestS: 0.45,
  longestS: 12,
  pauseS: 3,
  pauseReps: 0.5,
  patienceReps: 1.5,
  odd: 6,
  oddLeast: 0.1,
};

/** A set, as far as it is known. */
export class Found {
  readonly range: number;
  readonly seconds: number;

  /**
   * @param axis Unit vector along which its repetitions go out.
   * @param reps In order.
   */
  constructor(
    readonly axis: Vector,
    readonly reps: readonly Cycle[],
  ) {
    const recent = reps.slice(-5); // an athlete tires
    this.range = medianRange(recent);
    this.seconds = median(recent.map(secondsOf));
  }

  /** Mean likeness of its repetitions with their mean, −1 to 1. */
  get alike(): number {
    const mean = meanOf(this.reps.map(({ shape }) => shape));
    return average(this.reps.map(({ shape }) => likeness(shape, mean)));
  }

  /** 1 where all take equally long, 0 where they differ as much as they last. */
  get regularity(): number {
    const seconds = this.reps.map(secondsOf);
    const mean = average(seconds);
    const deviation = Math.sqrt(average(seconds.map((one) => (one - mean) ** 2)));
    return Math.max(0, 1 - deviation / mean);
  }

  /** How long nothing may happen in it. */
  pauseS(counting: Counting, isAway = false): number {
    const reps = counting.pauseReps + (isAway ? counting.patienceReps : 0);
    return counting.pauseS + reps * this.seconds;
  }
}

/**
 * The set that is under way at the end of a stretch; null where nothing repeats.
 *
 * @param postures Of each frame, rad.
 * @param start Number of the first frame in the session.
 * @param own The athlete's axis for this movement, if it is known.
 */
export function begun(
  postures: readonly Vector[],
  start: number,
  counting: Counting,
  own: Vector | null = null,
): Found | null {
  for (const spanS of SPANS_S) {
    const frames = spanS * RATE_HZ;
    if (postures.length < FILLED * frames) return null;
    const skipped = Math.max(postures.length - frames, 0);
    const best = bestOf(tried(postures.slice(skipped), start + skipped, counting, own));
    if (best) return best;
  }
  return null;
}

/** Ways out and back after a set's last repetition, finished or not. */
export function later(
  postures: readonly Vector[],
  start: number,
  found: Found,
  counting: Counting,
): Cycle[] {
  return cyclesIn(postures, found.axis, counting.reversal * found.range, start);
}

/** Whether one more way out and back is a repetition of the set. */
export function fits(cycle: Cycle, found: Found, counting: Counting): boolean {
  const seconds = secondsOf(cycle);
  const { shortestS, longestS, factorInSet } = counting;
  const isWhole = shortestS <= seconds && seconds <= 2 * longestS;
  return (
    isWhole && found.seconds / factorInSet <= seconds && seconds <= found.seconds * factorInSet
  );
}

/** The set once more when it is over, as a whole and in either direction. */
export function settled(
  postures: readonly Vector[],
  start: number,
  found: Found,
  counting: Counting,
): Found {
  const sides = [1, -1].map((sign) => settledOn(sign, postures, start, found, counting));
  const known = sides.filter((side) => side !== null);
  return (
    known.reduce((best, side) => (side.reps.length > best.reps.length ? side : best), known[0]!) ??
    found
  );
}

function settledOn(
  sign: number,
  postures: readonly Vector[],
  start: number,
  found: Found,
  counting: Counting,
): Found | null {
  const axis = found.axis.map((one) => sign * one);
  const reversal = counting.reversal * medianRange(found.reps);
  const every = cyclesIn(postures, axis, reversal, start).filter((one) =>
    fits(one, found, counting),
  );
  const { begin } = found.reps[0]!;
  const inside = every.filter((one) => one.end > begin);
  if (inside.length < 2) return null;
  for (const one of every.filter(({ end }) => end <= begin).reverse()) {
    const isClose = (inside[0]!.begin - one.end) / RATE_HZ <= found.pauseS(counting);
    if (!isClose || !isSameSize(one, inside, 2) || isOdd(one, inside, counting)) break;
    inside.unshift(one);
  }
  return new Found(axis, withoutOddEnds(inside, counting));
}

function withoutOddEnds(reps: readonly Cycle[], counting: Counting): readonly Cycle[] {
  const isLong = (some: readonly Cycle[]) => some.length >= counting.confirm + 2;
  const begun = isLong(reps) && isOdd(reps[0]!, reps, counting) ? reps.slice(1) : reps;
  return isLong(begun) && isOdd(begun.at(-1)!, begun, counting) ? begun.slice(0, -1) : begun;
}

function isOdd(cycle: Cycle, reps: readonly Cycle[], counting: Counting): boolean {
  const inner = reps.length > 2 ? reps.slice(1, -1) : reps;
  const mean = meanOf(inner.map(({ shape }) => shape));
  const usual = average(inner.map(({ shape }) => 1 - likeness(shape, mean)));
  return 1 - likeness(cycle.shape, mean) > counting.odd * usual + counting.oddLeast;
}

function isSameSize(cycle: Cycle, reps: readonly Cycle[], factor: number): boolean {
  const isWithin = (one: number, other: number) =>
    Math.max(one, other) <= factor * Math.min(one, other);
  const seconds = median(reps.map(secondsOf));
  return isWithin(secondsOf(cycle), seconds) && isWithin(cycle.range, medianRange(reps));
}

function* tried(
  stretch: readonly Vector[],
  start: number,
  counting: Counting,
  own: Vector | null,
): Generator<Found> {
  const directions = mainAxes(stretch, AXES).flatMap((axis) => [axis, axis.map((one) => -one)]);
  for (const axis of own ? [own, ...directions] : directions) {
    const trace = stretch.map((one) => dot(one, axis)).sort((one, other) => one - other);
    const span = percentile(trace, 95) - percentile(trace, 5);
    if (span < counting.leastRad) continue;
    const rough = runOf(cyclesIn(stretch, axis, counting.reversal * span, start), counting);
    if (rough.length < counting.confirm) continue;
    const among = stretch.slice(rough[0]!.begin - start, rough.at(-1)!.end + 1 - start);
    const [main] = mainAxes(among, 1) as [Vector];
    const out = dot(main, axis) > 0 ? main : main.map((one) => -one);
    const reversal = counting.reversal * medianRange(rough);
    const run = runOf(cyclesIn(stretch, out, reversal, start), counting);
    if (run.length >= counting.confirm && medianRange(run) >= counting.leastRad) {
      yield new Found(out, run);
    }
  }
}

/** The last ones that follow each other and are alike. */
function runOf(every: readonly Cycle[], counting: Counting): Cycle[] {
  const run: Cycle[] = [];
  for (const one of [...every].reverse()) {
    if (!one.isOver && run.length === 0) continue;
    const seconds = secondsOf(one);
    const isRep = counting.shortestS <= seconds && seconds <= counting.longestS;
    if (!isRep || (run[0] && !follows(run[0], one, counting))) break;
    run.unshift(one);
  }
  return run;
}

function follows(laterOne: Cycle, one: Cycle, counting: Counting): boolean {
  const pauseS = (laterOne.begin - one.end) / RATE_HZ;
  return (
    isSameSize(one, [laterOne], counting.factor) &&
    pauseS <= 1.5 * Math.max(secondsOf(one), secondsOf(laterOne)) &&
    likeness(one.shape, laterOne.shape) >= counting.alike
  );
}

/** The most repetitions, and of these the most alike. */
function bestOf(found: Iterable<Found>): Found | null {
  let best: Found | null = null;
  for (const one of found) {
    const more = best === null ? 1 : one.reps.length - best.reps.length;
    if (more > 0 || (more === 0 && one.alike > best!.alike)) best = one;
  }
  return best;
}

function medianRange(reps: readonly Cycle[]): number {
  return median(reps.map(({ range }) => range));
}

function percentile(sorted: Vector, percent: number): number {
  const at = (percent / 100) * (sorted.length - 1);
  const left = sorted[Math.floor(at)]!;
  return left + (at - Math.floor(at)) * (sorted[Math.ceil(at)]! - left);
}

function average(values: Vector): number {
  return values.reduce((total, one) => total + one, 0) / values.length;
}
