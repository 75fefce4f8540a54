/**
 * An athlete's own head from a few windows, in closed form; the twin of `heads/personal.py`.
 *
 * With the shared head `W`, its evidence `A`, windows `P` (features with a one appended), their
 * targets `T` and as how many windows of training each counts, `D`, it is
 *
 *     U = W + (A + PᵀDP)⁻¹ PᵀD (T − P·W)
 *
 * A class that training never had starts as one that is as unlikely as a wrong class is on average;
 * one that the athlete did not show is rehearsed by its mean in training.
 */

import { TrainingError } from "../errors.ts";
import { Matrix, solve } from "../matrix.ts";
import type { Head } from "./linear.ts";
import { linearOf, solutionOf, typical, withOne } from "./shared.ts";

/** Of an athlete's window, in movements' worth of windows of training. */
export const WEIGHT = 1.0;

/** Windows of training that one of a regression counts as. */
const USUAL = 100.0;

/** One a window: names of classes, or a regression's values. */
export type Labels = readonly (string | number)[];

/** As how many movements' worth of training a window counts: one for all, or one each. */
export type Weight = number | Float64Array;

/** A head in float64, and how sure it is: `A` and `W`. */
export interface Belief {
  readonly evidence: Matrix;
  readonly solution: Matrix;
}

/** What a belief becomes with windows `P` that count so often. */
export function after(
  { evidence, solution }: Belief,
  phi: Matrix,
  targets: Matrix,
  counts: Float64Array,
): Belief {
  const weighted = phi.map((value, row) => value * counts[row]!).transposed();
  const more = evidence.plus(weighted.times(phi));
  const residual = targets.minus(phi.times(solution));
  return { evidence: more, solution: solution.plus(solve(more, weighted.times(residual))) };
}

/**
 * An athlete's own head, near the shared one and true to their windows.
 *
 * @param head The shared head.
 * @param features `(window, feature)` of the athlete.
 * @param labels One a window; a class the head does not know is added to it.
 * @param weight One window of the athlete counts as so many times what training had of a movement;
 *   less where it is worse.
 */
export function personalize(
  head: Head,
  features: Matrix,
  labels: Labels,
  weight: Weight = WEIGHT,
): Head {
  const base = extended(head, labels);
  const targets = targetsOf(base, labels);
  check(base, features, targets, weight);
  const [phi, counts] = [withOne(features), countsOf(base, labels, weight)];
  const own = after(rehearsed(base, labels, counts), phi, targets, counts);
  return {
    ...base,
    ...linearOf(own.solution),
    evidence: own.evidence.rounded(),
    sums: base.sums.plus(sumsOf(base, phi, labels, counts)).rounded(),
  };
}

/**
 * As how many windows of training each window counts: what training had of a class on average, times
 * its weight, times what makes all classes count alike in sum. The values of a regression are not
 * balanced, and count as `USUAL` windows each.
 */
export function countsOf(head: Head, labels: Labels, weight: Weight): Float64Array {
  const most = usual(head);
  const weights = Float64Array.from(labels, (_, at) => {
    return most * (typeof weight === "number" ? weight : weight[at]!);
  });
  if (head.labels.length === 0) return weights;
  const numbers = numbersOf(head, labels);
  const sums = new Map<number, number>();
  for (const [at, one] of numbers.entries()) sums.set(one, (sums.get(one) ?? 0) + weights[at]!);
  const mean = [...sums.values()].reduce((all, one) => all + one, 0) / sums.size;
  return weights.map((own, at) => (own * mean) / sums.get(numbers[at]!)!);
}

/** Windows that training had of a class on average; `USUAL` where there are no classes. */
function usual(head: Head): number {
  const counts = [...head.sums.transposed().row(head.sums.columns - 1)].filter((one) => one > 0);
  return counts.length ? counts.reduce((all, one) => all + one, 0) / counts.length : USUAL;
}

/** The shared head, held to what training knew of each class that is not among the labels. */
export function rehearsed(base: Head, labels: Labels, counts: Float64Array): Belief {
  const shared = { evidence: base.evidence, solution: solutionOf(base) };
  const shown = new Set(numbersOf(base, labels));
  const absent = [...base.labels.keys()].filter((one) => {
    return !shown.has(one) && base.sums.at(one, base.sums.columns - 1) > 0;
  });
  if (absent.length === 0) return shared;
  const sums = base.sums.pick(absent);
  const means = sums.map((value, row) => value / sums.at(row, sums.columns - 1));
  const asMuch = counts.reduce((all, one) => all + one, 0) / shown.size;
  const counted = new Float64Array(absent.length).fill(asMuch);
  return after(shared, means, base.targets.pick(absent), counted);
}

/** The same head with an unlikely output for each class it does not know yet. */
export function extended(head: Head, labels: Labels): Head {
  const fresh = head.labels.length
    ? [...new Set(labels.map(String))].filter((label) => !head.labels.includes(label))
    : [];
  if (fresh.length === 0) return head;
  const [known, count] = [head.labels.length, head.labels.length + fresh.length];
  const unlikely = Math.fround(typical(head.targets).wrong);
  return {
    ...head,
    labels: [...head.labels, ...fresh],
    weight: withRows(head.weight, count),
    bias: Float64Array.from({ length: count }, (_, at) => (at < known ? head.bias[at]! : unlikely)),
    targets: withClasses(head.targets, fresh.length),
    sums: withRows(head.sums, count),
  };
}

/** Targets with so many new classes, which differ from others as classes do on average. */
export function withClasses(targets: Matrix, count: number): Matrix {
  const { right, wrong } = typical(targets);
  const size = targets.rows + count;
  return new Matrix(size, size).map((_, row, column) => {
    if (row < targets.rows && column < targets.rows) return targets.at(row, column);
    return Math.fround(row === column ? right : wrong);
  });
}

/** `(window, output)` that windows of these labels, or of these values, should get. */
export function targetsOf(head: Head, labels: Labels): Matrix {
  if (head.labels.length === 0) return Matrix.of(labels.length, 1, labels.map(Number));
  return head.targets.pick([...numbersOf(head, labels)]);
}

/** Class numbers of labels that the head knows. */
export function numbersOf(head: Head, labels: Labels): Float64Array {
  return Float64Array.from(labels, (label) => head.labels.indexOf(String(label)));
}

/** `(label, feature + 1)` of the athlete's windows by class, each counted so often. */
function sumsOf(head: Head, phi: Matrix, labels: Labels, counts: Float64Array): Matrix {
  if (head.labels.length === 0) return new Matrix(0, phi.columns);
  const numbers = numbersOf(head, labels);
  const byClass = new Matrix(head.labels.length, phi.rows).map((_, label, window) => {
    return numbers[window] === label ? counts[window]! : 0;
  });
  return byClass.times(phi).rounded();
}

function withRows(matrix: Matrix, rows: number): Matrix {
  const taller = new Matrix(rows, matrix.columns);
  taller.data.set(matrix.data);
  return taller;
}

/** Refuse windows that do not fit each other or the head, or are not finite. */
export function check(head: Head, features: Matrix, targets: Matrix, weight: Weight): void {
  const fits = features.rows === targets.rows && features.columns === head.weight.columns;
  if (!fits || features.rows === 0) {
    throw new TrainingError(
      `Head '${head.task}' got features of shape (${features.rows}, ${features.columns}) for ` +
        `${targets.rows} labels: (${targets.rows}, ${head.weight.columns}) is needed, with at ` +
        "least one window.",
    );
  }
  if (typeof weight !== "number" && weight.length !== targets.rows) {
    throw new TrainingError(
      `Head '${head.task}' got weights of shape (${weight.length},) for ${targets.rows} labels: ` +
        "give one for all, or one a window.",
    );
  }
  if (![features, targets].every((matrix) => matrix.data.every(Number.isFinite))) {
    throw new TrainingError(
      `Head '${head.task}' got features or targets that are not finite: leave such windows out.`,
    );
  }
  const weights = typeof weight === "number" ? [weight] : [...weight];
  if (!weights.every((one) => one > 0 && Number.isFinite(one))) {
    throw new TrainingError(
      `Head '${head.task}' got a weight of ${Math.min(...weights)}: give positive weights, and ` +
        "leave windows out that are worth nothing.",
    );
  }
}
