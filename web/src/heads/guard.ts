/**
 * The guard: an athlete's own head goes live only if their own data say that it helps.
 *
 * The twin of `heads/guard.py`: shared and personal head are compared on the athlete's windows, each
 * judged by a head that saw neither its group nor any window near it. Leaving windows `o` out needs no
 * refit; with the rows of `P` and `T` times the roots of their counts,
 *
 *     r₋o = (I − H_oo)⁻¹ r_o        with  H = P (A + PᵀP)⁻¹ Pᵀ
 */

import type { Near } from "../data/split.ts";
import { argmax, Matrix, solve } from "../matrix.ts";
import { fixed } from "../numbers.ts";
import { logLoss } from "./calibration.ts";
import { type Head, softmax } from "./linear.ts";
import {
  type Belief,
  check,
  countsOf,
  extended,
  type Labels,
  numbersOf,
  personalize,
  rehearsed,
  targetsOf,
  WEIGHT,
  type Weight,
} from "./personal.ts";
import { solutionOf, withOne } from "./shared.ts";

const FEWEST_GROUPS = 3; // below, no standard error deserves the name
const SURE = 1.64; // standard errors: chance gets so far once in twenty
const ROUNDING = 1e-9; // of a score: where neighbours leave nothing to learn from, both are the same
const STEPS = [1.0, 0.3, 0.1]; // of the weight, tried in this order: gentler heads pass more easily

/** Whether a personal head goes live, and why. */
export interface GuardVerdict {
  readonly live: boolean;
  /** One sentence with the numbers. */
  readonly reason: string;
  /** Accuracy of the shared head; of a regression, minus the root mean square error. */
  readonly sharedScore: number;
  /** The same of the personal head, each window judged by one that saw neither it nor its group. */
  readonly personalScore: number;
  /** What to use: the personal head if live, else the shared one. */
  readonly head: Head;
  /** The share of the weight with which the personal head learnt; 0 if none is live. */
  readonly step: number;
}

/**
 * Personalise, and let it go live if it is better beyond chance.
 *
 * @param head The shared head.
 * @param features `(window, feature)` of the athlete's calibration windows.
 * @param labels One a window.
 * @param groups One a window, what is judged together: recordings or stretches of time. If a class
 *   would vanish with its group, each of its windows is a group of its own.
 * @param weight As in `personalize`; gentler ones are tried too.
 * @param near Which windows may not judge each other.
 */
export function guarded(
  head: Head,
  features: Matrix,
  labels: Labels,
  groups: readonly number[],
  weight: Weight = WEIGHT,
  near: Near = () => false,
): GuardVerdict {
  const base = extended(head, labels);
  const targets = targetsOf(base, labels);
  check(base, features, targets, weight);
  const truth = base.labels.length ? numbersOf(base, labels) : targets.data;
  const members = membersOf(base, truth, groups);
  const cells = base.labels.length ? members.flatMap((rows) => byClass(rows, truth)) : members;
  const shared = withOne(features).times(solutionOf(base));
  const before = lossesOf(base, shared, truth);
  const sharedScore = scoreOf(base, shared, truth);
  let refused: GuardVerdict | undefined;
  for (const step of STEPS) {
    const gentler = typeof weight === "number" ? step * weight : weight.map((one) => step * one);
    const counts = countsOf(base, labels, gentler);
    const prior = rehearsed(base, labels, counts);
    const own = heldOut(prior, features, targets, members, counts, near);
    const losses = lossesOf(base, own, truth);
    const gain = cells.map((rows) => mean(rows.map((row) => before[row]! - losses[row]!)));
    const personalScore = scoreOf(base, own, truth);
    const verdict = { ...judged(gain, sharedScore, personalScore), sharedScore, personalScore };
    if (verdict.live)
      return { ...verdict, head: personalize(head, features, labels, gentler), step };
    refused ??= { ...verdict, head, step: 0 };
  }
  return refused!;
}

/** Raw scores `(window, output)` of each window by a head that saw neither its group nor its like. */
function heldOut(
  prior: Belief,
  features: Matrix,
  targets: Matrix,
  members: readonly (readonly number[])[],
  counts: Float64Array,
  near: Near = () => false,
): Matrix {
  const root = counts.map(Math.sqrt);
  const scaled = (matrix: Matrix) => matrix.map((value, row) => root[row]! * value);
  const phi = scaled(withOne(features));
  const hat = phi.times(solve(prior.evidence.plus(phi.transposed().times(phi)), phi.transposed()));
  const before = scaled(targets).minus(phi.times(prior.solution));
  const after = before.minus(hat.times(before));
  const scores = new Matrix(targets.rows, targets.columns);
  for (const rows of members) {
    const out = [...root.keys()].filter((one) => rows.some((row) => row === one || near(row, one)));
    const within = hat.pick(out).transposed().pick(out).transposed();
    const left = solve(Matrix.identity(out.length).minus(within), after.pick(out));
    for (const row of rows) {
      const residual = left.row(out.indexOf(row));
      scores.row(row).set(residual.map((one, at) => targets.at(row, at) - one / root[row]!));
    }
  }
  return scores;
}

/** Rows of each group; single windows for a class that lives in one group only. */
function membersOf(base: Head, truth: Float64Array, groups: readonly number[]): number[][] {
  const homes = new Map<number, Set<number>>();
  for (const [row, label] of truth.entries()) {
    homes.set(label, (homes.get(label) ?? new Set()).add(groups[row]!));
  }
  const members = new Map<string, number[]>();
  for (const [row, label] of truth.entries()) {
    const isWhole = base.labels.length === 0 || homes.get(label)!.size > 1;
    const name = isWhole ? `group ${groups[row]}` : `window ${row}`;
    members.set(name, [...(members.get(name) ?? []), row]);
  }
  return [...members.values()];
}

/** Rows of a group, class by class. */
function byClass(rows: readonly number[], truth: Float64Array): number[][] {
  return [...new Set(rows.map((row) => truth[row]!))].map((one) => {
    return rows.filter((row) => truth[row] === one);
  });
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
    `held out, its loss is ${fixed(Math.abs(average), 3)} ± ${fixed(error, 3)} ` +
    `${average > 0 ? "lower" : "higher"}, ` +
    `its score ${fixed(after, 3)} against ${fixed(before, 3)}`;
  const isHigher = after - before > ROUNDING * Math.max(1, Math.abs(before));
  const live = average > SURE * error && isHigher;
  const verdict = live
    ? "The personal head is better"
    : "The personal head is not surely better, so the shared one stays";
  return { live, reason: `${verdict}: ${numbers}.` };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
