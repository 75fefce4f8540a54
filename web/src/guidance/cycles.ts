/** Ways out and back of a limb: a zigzag over its posture; the twin of `guidance/cycles.py`. */

import { RATE_HZ } from "./posture.ts";

const LEVEL = 0.15; // of the range: so near to where it rests, a limb rests
const SETTLED_S = 0.4; // without a new low, a limb has come back
const POINTS = 32; // of a cycle's shape
const SWEEPS = 30; // of Jacobi's rotations, far more than are needed
const ROUNDING = 1e-26; // of the squared size: what is left beside the diagonal

export type Vector = readonly number[];

/** Once out and back; frames are counted from the start of the session. */
export interface Cycle {
  /** The lowest frame before. */
  readonly low: number;
  /** Where the limb left. */
  readonly begin: number;
  /** The turning point. */
  readonly far: number;
  /** Where the limb was back. */
  readonly end: number;
  /** The lowest frame after. */
  readonly last: number;
  /** Frames from leaving until it was as good as there. */
  readonly out: number;
  /** Frames from leaving the far end until it was back. */
  readonly back: number;
  /** From low to far along the axis, rad. */
  readonly range: number;
  /** Postures from begin to end at even points, less their mean, one after the other. */
  readonly shape: Vector;
  /** Whether it has come back for good. */
  readonly isOver: boolean;
}

/** From leaving until it was back. */
export function secondsOf({ begin, end }: Cycle): number {
  return (end - begin) / RATE_HZ;
}

/**
 * All ways out and back, in order.
 *
 * @param postures Of each frame, rad.
 * @param axis Unit vector; out is where it points.
 * @param reversal How far the limb must come back before it has turned, rad.
 * @param start Number of the first frame in the session.
 */
export function cyclesIn(
  postures: readonly Vector[],
  axis: Vector,
  reversal: number,
  start: number,
): Cycle[] {
  const trace = postures.map((one) => dot(one, axis));
  const { turns, isOut } = turningPoints(trace, reversal);
  return turns.map(([low, far, last], number) => {
    const rise = trace.slice(low, far + 1);
    const fall = trace.slice(far, last + 1);
    const near = (here: number, there: number) =>
      trace[here]! + LEVEL * (trace[there]! - trace[here]!);
    const leaves = rise.findLastIndex((one) => one <= near(low, far));
    const arrives = rise.findIndex((one) => one >= near(far, low));
    const returns = fall.findLastIndex((one) => one >= near(far, last));
    const ends = fall.findIndex((one) => one <= near(last, far));
    const isLast = number === turns.length - 1;
    const hasWaited = trace.length - 1 - last >= SETTLED_S * RATE_HZ;
    return {
      low: start + low,
      begin: start + low + leaves,
      far: start + far,
      end: start + far + ends,
      last: start + last,
      out: Math.max(arrives - leaves, 1),
      back: Math.max(ends - returns, 1),
      range: trace[far]! - (trace[low]! + trace[last]!) / 2,
      shape: shapeOf(postures.slice(low + leaves, far + ends + 1)),
      isOver: !isLast || isOut || hasWaited || trace[last]! <= near(low, far),
    };
  });
}

/** Low, high and following low of each rise and fall by `reversal`, and whether one is open. */
function turningPoints(
  trace: Vector,
  reversal: number,
): { turns: (readonly [number, number, number])[]; isOut: boolean } {
  const tops: (readonly [number, number])[] = [];
  let [isOut, low, high] = [false, 0, 0];
  for (const [now, value] of trace.entries()) {
    if (isOut) {
      if (value > trace[high]!) high = now;
      else if (trace[high]! - value > reversal) {
        tops.push([low, high]);
        [isOut, low] = [false, now];
      }
    } else if (value < trace[low]!) low = now;
    else if (value - trace[low]! > reversal) [isOut, high] = [true, now];
  }
  const lows = [...tops.slice(1).map(([first]) => first), low];
  return { turns: tops.map(([first, top], at) => [first, top, lows[at]!] as const), isOut };
}

/** Correlation of two shapes, −1 to 1. */
export function likeness(one: Vector, other: Vector): number {
  const size = Math.sqrt(dot(one, one) * dot(other, other));
  return dot(one, other) / Math.max(size, 1e-12);
}

/** Unit vectors along which a limb moves most, the first most (principal components). */
export function mainAxes(postures: readonly Vector[], count: number): Vector[] {
  const centre = meanOf(postures);
  const width = centre.length;
  const scatter = Array.from({ length: width }, () => new Array<number>(width).fill(0));
  for (const posture of postures) {
    for (let row = 0; row < width; row++) {
      const away = posture[row]! - centre[row]!;
      for (let column = row; column < width; column++) {
        scatter[row]![column]! += away * (posture[column]! - centre[column]!);
      }
    }
  }
  for (let row = 0; row < width; row++) {
    for (let column = 0; column < row; column++) scatter[row]![column] = scatter[column]![row]!;
  }
  const { values, vectors } = eigen(scatter);
  const order = [...values.keys()].sort((one, other) => values[other]! - values[one]!);
  return order.slice(0, count).map((at) => vectors.map((row) => row[at]!));
}

/** Eigenvalues and vectors (columns) of a symmetric matrix, by Jacobi's rotations; it is changed. */
function eigen(matrix: number[][]): { values: number[]; vectors: number[][] } {
  const width = matrix.length;
  const vectors = matrix.map((_, row) => matrix.map((_, column) => (row === column ? 1 : 0)));
  const size = matrix.reduce((total, row) => total + dot(row, row), 0);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let beside = 0;
    for (let p = 0; p < width; p++) for (let q = 0; q < p; q++) beside += matrix[p]![q]! ** 2;
    if (beside <= ROUNDING * size) break;
    for (let p = 0; p < width; p++) {
      for (let q = p + 1; q < width; q++) rotate(matrix, vectors, p, q);
    }
  }
  return { values: matrix.map((row, at) => row[at]!), vectors };
}

function rotate(matrix: number[][], vectors: number[][], p: number, q: number): void {
  const between = matrix[p]![q]!;
  if (between === 0) return;
  const theta = (matrix[q]![q]! - matrix[p]![p]!) / (2 * between);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  const turn = (row: number[]) => {
    const [one, other] = [row[p]!, row[q]!];
    row[p] = cosine * one - sine * other;
    row[q] = sine * one + cosine * other;
  };
  matrix.forEach(turn);
  const [first, second] = [matrix[p]!, matrix[q]!];
  for (let column = 0; column < matrix.length; column++) {
    const [one, other] = [first[column]!, second[column]!];
    first[column] = cosine * one - sine * other;
    second[column] = sine * one + cosine * other;
  }
  vectors.forEach(turn);
}

function shapeOf(postures: readonly Vector[]): Vector {
  const points = Array.from({ length: POINTS }, (_, point) => {
    const at = (point * (postures.length - 1)) / (POINTS - 1);
    const left = postures[Math.floor(at)]!;
    const right = postures[Math.min(Math.floor(at) + 1, postures.length - 1)]!;
    const share = at - Math.floor(at);
    return left.map((value, axis) => (1 - share) * value + share * right[axis]!);
  });
  const centre = meanOf(points);
  return points.flatMap((point) => point.map((value, axis) => value - centre[axis]!));
}

/** Of vectors of the same length, one by one. */
export function meanOf(vectors: readonly Vector[]): Vector {
  const total = new Array<number>(vectors[0]?.length ?? 0).fill(0);
  for (const vector of vectors) for (const [at, value] of vector.entries()) total[at]! += value;
  return total.map((value) => value / vectors.length);
}

export function dot(one: Vector, other: Vector): number {
  let total = 0;
  for (let at = 0; at < one.length; at++) total += one[at]! * other[at]!;
  return total;
}

export function median(values: Vector): number {
  const sorted = [...values].sort((one, other) => one - other);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
