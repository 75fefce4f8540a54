/** Signals as paths of SVG. */

import type { Scale } from "./scale.ts";

export type Values = ArrayLike<number | null>;

/**
 * A line through samples; of all that fall on one pixel the least and the greatest, so that nothing
 * that stands out is lost, and nothing is drawn where a sample is not known.
 */
export function linePath(t: ArrayLike<number>, values: Values, x: Scale, y: Scale): string {
  const [first, last] = rowsOf(t, x.domain[0], x.domain[1]);
  const parts: string[] = [];
  let isDown = false;
  let [column, low, high] = [Number.NaN, 0, 0];
  const draw = () => {
    if (Number.isNaN(column)) return;
    for (const value of low === high ? [low] : [low, high]) {
      parts.push(`${isDown ? "L" : "M"}${round(column)} ${round(y.at(value))}`);
      isDown = true;
    }
  };
  for (let row = first; row < last; row += 1) {
    const value = values[row] ?? Number.NaN;
    const pixel = Math.round(2 * x.at(t[row]!)) / 2;
    if (pixel !== column || Number.isNaN(value)) {
      draw();
      column = Number.isNaN(value) ? Number.NaN : pixel;
      [low, high] = [value, value];
      if (Number.isNaN(value)) isDown = false;
    }
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  draw();
  return parts.join("");
}

/** The rows from one time to another, and one on either side, so that lines reach the edge. */
export function rowsOf(t: ArrayLike<number>, from: number, to: number): [number, number] {
  return [Math.max(0, firstFrom(t, from) - 1), Math.min(t.length, firstFrom(t, to) + 1)];
}

/** The first row whose time is not before a time. */
export function firstFrom(t: ArrayLike<number>, time: number): number {
  let [low, high] = [0, t.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (t[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function round(value: number): number {
  return Math.round(10 * value) / 10;
}
