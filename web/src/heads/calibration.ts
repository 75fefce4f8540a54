/** Confidence that means what it says. */

import type { Matrix } from "../matrix.ts";

const TINY = 2.2250738585072014e-308; // the smallest normal float64: a logarithm stays finite

/** Of each window minus the log of the probability given to the truth; finite. */
export function logLoss(probabilities: Matrix, truth: Float64Array): Float64Array {
  return truth.map((label, window) => -Math.log(Math.max(probabilities.at(window, label), TINY)));
}
