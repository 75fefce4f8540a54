/**
 * The guard: an athlete's own head goes live only if their own data say that it helps.
 *
 * The twin of `heads/guard.py`: shared and personal head are compared on the athlete's windows, each
 * judged by a head that did not see its group. Leaving a group `g` out needs no refit:
 *
 *     r₋g = (I − H_gg)⁻¹ r_g        with  H = wP (A + wPᵀP)⁻¹ Pᵀ
 */

import { argmax, Matrix, solve } from "../matrix.ts";
import { logLoss } from "./calibration.ts";
import { type Head, softmax } from "./linear.ts";
import { extended, type Labels, numbersOf, personalize, targetsOf, WEIGHT } from "./personal.ts";
import { solutionOf, withOne } from "./shared.ts";

const FEWEST_GROUPS = 3; // below, no standard error deserves the name

/** Whether a personal head goes live, and why. */
export interface GuardVerdict {
  readonly live: boolean;
  /** One sentence with the numbers. */
  readonly reason: string;
  /** Accuracy of the shared head; of a regression, minus the root mean square error. */
  readonly sharedScore: number;
  /** The same of the personal head, each window judged without its group. */
  readonly personalScore: number;
  /** What to use: the personal head if live, else the shared one. */
  readonly head: Head;
}

/**
 * Personalise, and let it go live if it is better by more than one standard error.
 *
 * @param head The shared head.
 * @param features `(window, feature)` of the athlete's calibration windows.
 * @param labels One a window.
 * @param groups One a window, what is left out together: recordings or blocks of time. If a class
 *   would vanish with its group, each of its windows is a group of its own.
 * @param weight One window of the athlete counts as so many of training.
 */
export function guarded(
  head: Head,
  features: Matrix,
  labels: Labels,
  groups: readonly number[],
  weight = WEIGHT,
): GuardVerdict {
  const personal = personalize(head, features, labels, weight);
  const base = extended(head, labels);
  const targets = targetsOf(base, labels);
  const truth = base.labels.length ? numbersOf(base, labels) : targets.data;
  const members = membersOf(truth, groups);
  const shared = withOne(features).times(solutionOf(base));
  const own = heldOut(base, features, targets, members, weight);
  const [before, after] = [lossesOf(base, shared, truth), lossesOf(base, own, truth)];
  const gain = members.map((rows) => mean(rows.map((row) => before[row]! - after[row]!)));
  const scores = {
    sharedScore: scoreOf(base, shared, truth),
    personalScore: scoreOf(base, own, truth),
  };
  const { live, reason } = judged(gain, scores.sharedScore, scores.personalScore);
  return { live, reason, ...scores, head: live ? personal : head };
}

/** Raw scores `(window, output)` of each window by the head personalised without its group. */
export function heldOut(
  base: Head,
  features: Matrix,
  targets: Matrix,
  members: readonly (readonly number[])[],
  weight: number,
): Matrix {
  const phi = withOne(features);
  const weighted = phi.transposed().scaled(weight);
  const hat = phi.times(solve(base.evidence.plus(weighted.times(phi)), weighted));
  const before = targets.minus(phi.times(solutionOf(base)));
  const after = before.minus(hat.times(before));
  const scores = new Matrix(targets.rows, targets.columns);
  for (const rows of members) {
    const within = hat.pick(rows).transposed().pick(rows).transposed();
    const left = solve(Matrix.identity(rows.length).minus(within), after.pick(rows));
    const found = targets.pick(rows).minus(left);
    for (const [at, row] of rows.entries()) scores.row(row).set(found.row(at));
  }
  return scores;
}

/** Rows of each group; single windows for a class that lives in one group only. */
function membersOf(truth: Float64Array, groups: readonly number[]): number[][] {
  const homes = new Map<number, Set<number>>();
  for (const [row, label] of truth.entries()) {
    homes.set(label, (homes.get(label) ?? new Set()).add(groups[row]!));
  }
  const members = new Map<string, number[]>();
  for (const [row, label] of truth.entries()) {
    const name = homes.get(label)!.size > 1 ? `group ${groups[row]}` : `window ${row}`;
    members.set(name, [...(members.get(name) ?? []), row]);
  }
  return [...members.values()];
}

function lossesOf(base: Head, scores: Matrix, truth: Float64Array): Float64Array {
  if (base.labels.length === 0) return truth.map((value, row) => (scores.at(row, 0) - value) ** 2);
  return logLoss(softmax(scores.scaled(1 / base.temperature)), truth);
}

function scoreOf(base: Head, scores: Matrix, truth: Float64Array): number {
  if (base.labels.length === 0) return -Math.sqrt(mean([...lossesOf(base, scores, truth)]));
  return mean(Array.from(truth, (label, row) => Number(argmax(scores.row(row)) === label)));
}

function judged(gain: readonly number[], before: number, after: number) {
  if (gain.length < FEWEST_GROUPS) {
    const reason = `${gain.length} groups of windows are too few to judge by: record more.`;
    return { live: false, reason };
  }
  const average = mean(gain);
  const variance = gain.reduce((sum, one) => sum + (one - average) ** 2, 0) / (gain.length - 1);
  const error = Math.sqrt(variance / gain.length);
  const numbers =
    `held out, its loss is ${Math.abs(average).toFixed(3)} ± ${error.toFixed(3)} ` +
    `${average > 0 ? "lower" : "higher"}, ` +
    `its score ${after.toFixed(3)} against ${before.toFixed(3)}`;
  const live = average > error;
  const verdict = live
    ? "The personal head is better"
    : "The personal head is not surely better, so the shared one stays";
  return { live, reason: `${verdict}: ${numbers}.` };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
