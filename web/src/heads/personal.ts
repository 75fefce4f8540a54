/**
 * An athlete's own head from a few windows, in closed form; the twin of `heads/personal.py`.
 *
 * With the shared head `W`, its evidence `A`, windows `P` (features with a one appended), their
 * targets `T` and a weight `w` for each, it is
 *
 *     U = W + (A + wPᵀP)⁻¹ wPᵀ (T − P·W)
 *
 * A class that training never had starts as one that is as unlikely as a wrong class is on average.
 */

import { TrainingError } from "../errors.ts";
import { Matrix, solve } from "../matrix.ts";
import type { Head } from "./linear.ts";
import { linearOf, solutionOf, typical, withOne } from "./shared.ts";

/** Of an athlete's window, in windows of training. */
export const WEIGHT = 100.0;

/** One a window: names of classes, or a regression's values. */
export type Labels = readonly (string | number)[];

/**
 * An athlete's own head, near the shared one and true to their windows.
 *
 * @param head The shared head.
 * @param features `(window, feature)` of the athlete.
 * @param labels One a window; a class the head does not know is added to it.
 * @param weight One window of the athlete counts as so many of training.
 */
export function personalize(head: Head, features: Matrix, labels: Labels, weight = WEIGHT): Head {
  const base = extended(head, labels);
  const targets = targetsOf(base, labels);
  check(base, features, targets, weight);
  const phi = withOne(features);
  const weighted = phi.transposed().scaled(weight);
  const evidence = base.evidence.plus(weighted.times(phi));
  const residual = targets.minus(phi.times(solutionOf(base)));
  const solution = solutionOf(base).plus(solve(evidence, weighted.times(residual)));
  return {
    ...base,
    ...linearOf(solution),
    evidence: evidence.rounded(),
    sums: base.sums.plus(sumsOf(base, phi, labels, weight)).rounded(),
  };
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
function sumsOf(head: Head, phi: Matrix, labels: Labels, weight: number): Matrix {
  if (head.labels.length === 0) return new Matrix(0, phi.columns);
  const numbers = numbersOf(head, labels);
  const byClass = new Matrix(head.labels.length, phi.rows).map((_, label, window) => {
    return numbers[window] === label ? weight : 0;
  });
  return byClass.times(phi).rounded();
}

function withRows(matrix: Matrix, rows: number): Matrix {
  const taller = new Matrix(rows, matrix.columns);
  taller.data.set(matrix.data);
  return taller;
}

function check(head: Head, features: Matrix, targets: Matrix, weight: number): void {
  const fits = features.rows === targets.rows && features.columns === head.weight.columns;
  if (!fits || features.rows === 0) {
    throw new TrainingError(
      `Head '${head.task}' got features of shape (${features.rows}, ${features.columns}) for ` +
        `${targets.rows} labels: (${targets.rows}, ${head.weight.columns}) is needed, with at ` +
        "least one window.",
    );
  }
  const finite = [features, targets].every((matrix) => matrix.data.every(Number.isFinite));
  if (!finite || !(weight > 0)) {
    throw new TrainingError(
      `Head '${head.task}' got features or targets that are not finite, or weight ${weight}: ` +
        "leave such windows out and give a positive weight.",
    );
  }
}
