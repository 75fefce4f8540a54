/** The linear map on top of a body: the only part an athlete ever changes. */

import { BundleError } from "../errors.ts";
import { dot, Matrix } from "../matrix.ts";

/** Scores of one task from a body's features, and what personalisation needs. */
export interface Head {
  readonly task: string;
  /** Class names in the order of the outputs; empty for a regression. */
  readonly labels: readonly string[];
  /** `(output, feature)`. */
  readonly weight: Matrix;
  readonly bias: Float64Array;
  /** Scores are divided by it before the softmax. */
  readonly temperature: number;
  /** `(feature + 1, feature + 1)`, `ΦᵀΦ + λI` of the training features with a 1 appended. */
  readonly evidence: Matrix;
  /** `(label, label)`, the scores that a window of each class should get; none of a regression. */
  readonly targets: Matrix;
  /** `(label, feature + 1)`, the sum of each class's features with a 1 appended. */
  readonly sums: Matrix;
}

/** The head, if its parts fit each other; throws `BundleError` where they do not. */
export function checked(head: Head): Head {
  const [labels, features] = [head.labels.length, head.weight.columns];
  const shapes = {
    weight: [labels || 1, features],
    evidence: [features + 1, features + 1],
    targets: [labels, labels],
    sums: [labels, features + 1],
  };
  for (const [part, [rows, columns]] of Object.entries(shapes)) {
    const found = head[part as keyof typeof shapes];
    if (found.rows !== rows || found.columns !== columns) {
      throw new BundleError(
        `Head '${head.task}' has ${part} of shape (${found.rows}, ${found.columns}) for ${labels} ` +
          `labels and ${features} features: (${rows}, ${columns}) is needed.`,
      );
    }
  }
  if (head.bias.length !== head.weight.rows || !(head.temperature > 0)) {
    throw new BundleError(
      `Head '${head.task}' has ${head.bias.length} biases for ${head.weight.rows} outputs and the ` +
        `temperature ${head.temperature}: one bias an output and a positive temperature are needed.`,
    );
  }
  return head;
}

/** `(window, output)` from features `(window, feature)`, divided by the temperature. */
export function scoresOf(head: Head, features: Matrix): Matrix {
  return new Matrix(features.rows, head.weight.rows).map((_, window, output) => {
    const score = dot(features.row(window), head.weight.row(output)) + head.bias[output]!;
    return score / head.temperature;
  });
}

/** Softmax of the scores, `(window, output)`; rows sum to 1. */
export function probabilitiesOf(head: Head, features: Matrix): Matrix {
  return softmax(scoresOf(head, features));
}

/** Row-wise softmax that cannot overflow. */
export function softmax(scores: Matrix): Matrix {
  const made = new Matrix(scores.rows, scores.columns);
  for (let row = 0; row < scores.rows; row++) {
    const highest = Math.max(...scores.row(row));
    const exponents = scores.row(row).map((score) => Math.exp(score - highest));
    const sum = exponents.reduce((total, exponent) => total + exponent, 0);
    made.row(row).set(exponents.map((exponent) => exponent / sum));
  }
  return made;
}
