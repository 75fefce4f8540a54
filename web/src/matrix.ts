/** As much linear algebra as the closed forms need, in float64. */

/** A dense matrix, row after row. */
export class Matrix {
  constructor(
    readonly rows: number,
    readonly columns: number,
    readonly data: Float64Array = new Float64Array(rows * columns),
  ) {}

  static identity(size: number): Matrix {
    return new Matrix(size, size).map((_, row, column) => Number(row === column));
  }

  /** From numbers row after row, such as a float32 tensor. */
  static of(rows: number, columns: number, values: ArrayLike<number>): Matrix {
    return new Matrix(rows, columns, Float64Array.from(values));
  }

  at(row: number, column: number): number {
    return this.data[row * this.columns + column]!;
  }

  /** A view of one row. */
  row(row: number): Float64Array {
    return this.data.subarray(row * this.columns, (row + 1) * this.columns);
  }

  /** The named rows, copied. */
  pick(rows: readonly number[]): Matrix {
    return new Matrix(rows.length, this.columns).map((_, at, column) => {
      return this.at(rows[at]!, column);
    });
  }

  /** These rows, and the other's below them. */
  above(other: Matrix): Matrix {
    const both = new Matrix(this.rows + other.rows, this.columns);
    both.data.set(this.data);
    both.data.set(other.data, this.data.length);
    return both;
  }

  map(value: (old: number, row: number, column: number) => number): Matrix {
    const made = new Matrix(this.rows, this.columns);
    for (let row = 0, at = 0; row < this.rows; row++) {
      for (let column = 0; column < this.columns; column++, at++) {
        made.data[at] = value(this.data[at]!, row, column);
      }
    }
    return made;
  }

  copy(): Matrix {
    return new Matrix(this.rows, this.columns, this.data.slice());
  }

  transposed(): Matrix {
    return new Matrix(this.columns, this.rows).map((_, row, column) => this.at(column, row));
  }

  plus(other: Matrix): Matrix {
    return new Matrix(
      this.rows,
      this.columns,
      this.data.map((value, at) => value + other.data[at]!),
    );
  }

  minus(other: Matrix): Matrix {
    return this.plus(other.scaled(-1));
  }

  scaled(factor: number): Matrix {
    return new Matrix(
      this.rows,
      this.columns,
      this.data.map((value) => value * factor),
    );
  }

  times(other: Matrix): Matrix {
    const product = new Matrix(this.rows, other.columns);
    for (let row = 0; row < this.rows; row++) {
      for (let inner = 0; inner < this.columns; inner++) {
        addRow(product, row, other, inner, this.at(row, inner));
      }
    }
    return product;
  }

  /** Rounded to float32, where Python keeps no more. */
  rounded(): Matrix {
    return new Matrix(this.rows, this.columns, this.data.map(Math.fround));
  }
}

/** `X` with `A·X = B`, by Gaussian elimination with partial pivoting; `A` is regular. */
export function solve(a: Matrix, b: Matrix): Matrix {
  const [left, right] = [a.copy(), b.copy()];
  for (let pivot = 0; pivot < left.rows; pivot++) {
    swapRows([left, right], pivot, largestBelow(left, pivot));
    for (let row = pivot + 1; row < left.rows; row++) {
      const factor = -left.at(row, pivot) / left.at(pivot, pivot);
      addRow(left, row, left, pivot, factor, pivot);
      addRow(right, row, right, pivot, factor);
    }
  }
  for (let row = left.rows - 1; row >= 0; row--) {
    for (let known = row + 1; known < left.rows; known++) {
      addRow(right, row, right, known, -left.at(row, known));
    }
    const solved = right.row(row);
    solved.set(solved.map((value) => value / left.at(row, row)));
  }
  return right;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}

/** The place of the largest value, the first of equal ones. */
export function argmax(values: Float64Array): number {
  return values.reduce((best, value, at) => (value > values[best]! ? at : best), 0);
}

/** Add a multiple of a row of one matrix to a row of another, from a column on. */
function addRow(
  to: Matrix,
  row: number,
  from: Matrix,
  source: number,
  factor: number,
  first = 0,
): void {
  if (factor === 0) return;
  const [start, other] = [row * to.columns, source * from.columns];
  for (let at = first; at < to.columns; at++) {
    to.data[start + at]! += factor * from.data[other + at]!;
  }
}

function largestBelow(matrix: Matrix, pivot: number): number {
  let best = pivot;
  for (let row = pivot + 1; row < matrix.rows; row++) {
    if (Math.abs(matrix.at(row, pivot)) > Math.abs(matrix.at(best, pivot))) best = row;
  }
  return best;
}

function swapRows(matrices: readonly Matrix[], one: number, other: number): void {
  if (one === other) return;
  for (const matrix of matrices) {
    const kept = matrix.row(one).slice();
    matrix.row(one).set(matrix.row(other));
    matrix.row(other).set(kept);
  }
}
