/**
 * None of these: whether a window is like any movement that was taught.
 *
 * The twin of `heads/familiarity.py`, relative Mahalanobis distance (Ren et al. 2021, arXiv
 * 2106.09022): how much better the nearest movement explains a window than does the background.
 * `docs/bundle.md` has the formula.
 */

import { dot, Matrix, solve } from "../matrix.ts";
import type { Head } from "./linear.ts";

const SHRINKAGE = 2e-3;
const SMALLEST = 1e-6; // share of the mean variance; a feature that varies less tells nothing
const TINY = 1.1754943508222875e-38; // the smallest normal float32

/** How like a taught movement windows are; features come in as the body gives them. */
export class Familiarity {
  private constructor(
    private readonly mean: Float64Array,
    private readonly deviation: Float64Array,
    private readonly within: Matrix,
    private readonly background: Matrix,
    private readonly centres: readonly Float64Array[],
  ) {}

  /** What a shared head's training knew of its movements; the head is of a classification. */
  static of(head: Head): Familiarity {
    const [sums, features] = [head.sums, head.weight.columns];
    const counts = columnOf(sums, features);
    const windows = counts.reduce((total, count) => total + count, 0);
    const ridge = head.evidence.at(features, features) - windows;
    const mean = Float64Array.from({ length: features }, (_, feature) => {
      return columnOf(sums, feature).reduce((total, sum) => total + sum, 0) / windows;
    });
    const squares = new Matrix(features, features).map((_, row, column) => {
      return head.evidence.at(row, column) - (row === column ? ridge : 0);
    });
    const between = betweenOf(sums, counts);
    const every = squares.map((value, row, column) => value / windows - mean[row]! * mean[column]!);
    const deviation = deviationOf(every);
    const unit = (value: number, row: number, column: number) => {
      return value / (deviation[row]! * deviation[column]!);
    };
    return new Familiarity(
      mean,
      deviation,
      inverse(
        squares
          .minus(between)
          .scaled(1 / windows)
          .map(unit),
      ),
      inverse(every.map(unit)),
      centresOf(sums, mean, deviation),
    );
  }

  /** The same, to whom an athlete's own way of moving is familiar too. */
  withMovementsOf(personal: Head): Familiarity {
    const own = centresOf(personal.sums, this.mean, this.deviation);
    const { mean, deviation, within, background, centres } = this;
    return new Familiarity(mean, deviation, within, background, [...centres, ...own]);
  }

  /** Familiarity of each row of features `(window, feature)`, 0 to 1. */
  of(features: Matrix): Float64Array {
    return Float64Array.from({ length: features.rows }, (_, window) => {
      const x = features
        .row(window)
        .map((value, at) => (value - this.mean[at]!) / this.deviation[at]!);
      const nearest = Math.min(
        ...this.centres.map((centre) =>
          distance(
            this.within,
            x.map((value, at) => value - centre[at]!),
          ),
        ),
      );
      return 0.5 * (1 + Math.tanh((distance(this.background, x) - nearest) / (2 * x.length)));
    });
  }
}

/** `xᵀ·M·x`. */
function distance(matrix: Matrix, x: Float64Array): number {
  return x.reduce((sum, value, row) => sum + value * dot(matrix.row(row), x), 0);
}

/** `Σ_c s_c·s_cᵀ / n_c` over movements that have windows. */
function betweenOf(sums: Matrix, counts: Float64Array): Matrix {
  const features = sums.columns - 1;
  return new Matrix(features, features).map((_, row, column) => {
    return counts.reduce((total, count, label) => {
      return count > 0 ? total + (sums.at(label, row) * sums.at(label, column)) / count : total;
    }, 0);
  });
}

function deviationOf(covariance: Matrix): Float64Array {
  const variance = diagonalOf(covariance).map((value) => Math.max(value, 0));
  const mean = variance.reduce((total, value) => total + value, 0) / variance.length;
  return variance.map((value) => Math.sqrt(value + SMALLEST * mean + TINY));
}

/** Mean features of each movement that has windows, from the mean of all, in deviations. */
function centresOf(sums: Matrix, mean: Float64Array, deviation: Float64Array): Float64Array[] {
  const rows = Array.from({ length: sums.rows }, (_, row) => sums.row(row));
  return rows
    .filter((row) => row.at(-1)! > 0)
    .map((row) => mean.map((middle, at) => (row[at]! / row.at(-1)! - middle) / deviation[at]!));
}

function inverse(covariance: Matrix): Matrix {
  const size = covariance.rows;
  const trace = diagonalOf(covariance).reduce((total, value) => total + value, 0);
  const shrunk = covariance.plus(Matrix.identity(size).scaled((SHRINKAGE * trace) / size));
  return solve(shrunk, Matrix.identity(size));
}

function columnOf(matrix: Matrix, column: number): Float64Array {
  return Float64Array.from({ length: matrix.rows }, (_, row) => matrix.at(row, column));
}

function diagonalOf(matrix: Matrix): Float64Array {
  return Float64Array.from({ length: matrix.rows }, (_, at) => matrix.at(at, at));
}
