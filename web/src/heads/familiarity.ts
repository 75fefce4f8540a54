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
  /** `W·c` of each movement's centre `c`, and `cᵀ·W·c`. */
  readonly #towards: Matrix;
  readonly #own: Float64Array;

  private constructor(
    private readonly mean: Float64Array,
    /** The unit of each feature. */
    private readonly deviation: Float64Array,
    /** `W`, the inverse covariance within movements. */
    private readonly within: Matrix,
    /** The inverse covariance of all, less `W`. */
    private readonly surplus: Matrix,
    /** `(movement, feature)`, each movement's mean in those units. */
    private readonly centres: Matrix,
  ) {
    this.#towards = centres.times(within);
    this.#own = Float64Array.from({ length: centres.rows }, (_, row) => {
      return dot(this.#towards.row(row), centres.row(row));
    });
  }

  /** What a shared head's training knew of its movements; the head is of a classification. */
  static of(head: Head): Familiarity {
    const [sums, features] = [head.sums, head.weight.columns];
    const windows = total(columnOf(sums, features));
    const ridge = head.evidence.at(features, features) - windows;
    const mean = Float64Array.from({ length: features }, (_, at) => {
      return total(columnOf(sums, at)) / windows;
    });
    const squares = new Matrix(features, features).map((_, row, column) => {
      return head.evidence.at(row, column) - (row === column ? ridge : 0);
    });
    const every = squares.map((value, row, column) => value / windows - mean[row]! * mean[column]!);
    const deviation = deviationOf(every);
    const unit = (value: number, row: number, column: number) => {
      return value / (deviation[row]! * deviation[column]!);
    };
    const within = inverse(
      squares
        .minus(betweenOf(sums))
        .scaled(1 / windows)
        .map(unit),
    );
    const surplus = inverse(every.map(unit)).minus(within);
    return new Familiarity(mean, deviation, within, surplus, centresOf(sums, mean, deviation));
  }

  /** The same, to whom an athlete's own way of moving is familiar too. */
  withMovementsOf(personal: Head): Familiarity {
    const { mean, deviation, within, surplus, centres } = this;
    const own = centresOf(personal.sums, mean, deviation);
    return new Familiarity(mean, deviation, within, surplus, centres.above(own));
  }

  /** Familiarity of each row of features `(window, feature)`, 0 to 1. */
  of(features: Matrix): Float64Array {
    const x = features.map((value, _, at) => (value - this.mean[at]!) / this.deviation[at]!);
    return Float64Array.from({ length: x.rows }, (_, window) => {
      return 0.5 * (1 + Math.tanh(this.#relative(x.row(window)) / (2 * x.columns)));
    });
  }

  /** How much better the nearest movement explains a window than does the background. */
  #relative(x: Float64Array): number {
    const background = x.reduce(
      (sum, value, row) => sum + value * dot(this.surplus.row(row), x),
      0,
    );
    const movements = this.#own.map((own, row) => 2 * dot(this.#towards.row(row), x) - own);
    return background + Math.max(...movements);
  }
}

/** `Σ_c s_c·s_cᵀ / n_c` over movements that have windows. */
function betweenOf(sums: Matrix): Matrix {
  const own = taught(sums);
  const features = own.columns - 1;
  const means = new Matrix(own.rows, features).map((_, row, at) => {
    return own.at(row, at) / own.at(row, features);
  });
  const bare = new Matrix(own.rows, features).map((_, row, at) => own.at(row, at));
  return means.transposed().times(bare);
}

/** Rows of the movements that have windows. */
function taught(sums: Matrix): Matrix {
  const rows = Array.from({ length: sums.rows }, (_, row) => row);
  return sums.pick(rows.filter((row) => sums.at(row, sums.columns - 1) > 0));
}

function deviationOf(covariance: Matrix): Float64Array {
  const variance = diagonalOf(covariance).map((value) => Math.max(value, 0));
  const mean = total(variance) / variance.length;
  return variance.map((value) => Math.sqrt(value + SMALLEST * mean + TINY));
}

/** Mean features of each movement that has windows, from the mean of all, in deviations. */
function centresOf(sums: Matrix, mean: Float64Array, deviation: Float64Array): Matrix {
  const own = taught(sums);
  return new Matrix(own.rows, mean.length).map((_, row, at) => {
    return (own.at(row, at) / own.at(row, mean.length) - mean[at]!) / deviation[at]!;
  });
}

function inverse(covariance: Matrix): Matrix {
  const size = covariance.rows;
  const shrinkage = (SHRINKAGE * total(diagonalOf(covariance))) / size;
  const identity = Matrix.identity(size);
  return solve(covariance.plus(identity.scaled(shrinkage)), identity);
}

function columnOf(matrix: Matrix, column: number): Float64Array {
  return Float64Array.from({ length: matrix.rows }, (_, row) => matrix.at(row, column));
}

function diagonalOf(matrix: Matrix): Float64Array {
  return Float64Array.from({ length: matrix.rows }, (_, at) => matrix.at(at, at));
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
