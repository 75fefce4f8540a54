/** What personal heads are computed from: features, solutions and targets as matrices. */

import { Matrix } from "../matrix.ts";
import type { Head } from "./linear.ts";

/** `φ`: features with a column of ones. */
export function withOne(features: Matrix): Matrix {
  return new Matrix(features.rows, features.columns + 1).map((_, row, column) => {
    return column < features.columns ? features.at(row, column) : 1;
  });
}

/** `W`: weight and bias as one `(feature + 1, output)`. */
export function solutionOf(head: Head): Matrix {
  return new Matrix(head.weight.columns + 1, head.weight.rows).map((_, row, output) => {
    return row < head.weight.columns ? head.weight.at(output, row) : head.bias[output]!;
  });
}

/** Weight and bias, rounded to float32, of a solution `(feature + 1, output)`. */
export function linearOf(solution: Matrix): Pick<Head, "weight" | "bias"> {
  const features = solution.rows - 1;
  const weight = new Matrix(solution.columns, features).map((_, output, feature) => {
    return Math.fround(solution.at(feature, output));
  });
  return { weight, bias: solution.row(features).map(Math.fround) };
}

/** What a right class and a wrong class get on average, of targets `(class, class)`. */
export function typical(targets: Matrix): { right: number; wrong: number } {
  const size = targets.rows;
  let [own, others] = [0, 0];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      if (row === column) own += targets.at(row, column);
      else others += targets.at(row, column);
    }
  }
  return { right: own / size, wrong: size > 1 ? others / (size * (size - 1)) : 0 };
}
