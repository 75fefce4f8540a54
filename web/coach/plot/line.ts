/** Signals as paths of SVG. */

import { firstFrom } from "../../src/data/cutting.ts";
import type { Scale } from "./scale.ts";

export type Values = ArrayLike<number | null>;

/** Of a signal's own steps: where nothing is known for longer, its line is broken. */
const LONGEST_STEPS = 5;

/**
 * A line through samples; of all that fall on one pixel the least and the greatest, so that nothing
 * that stands out is lost.
 */
export class Line {
  readonly #gapS: number;
  #drawn = { asked: "", path: "" };

  constructor(
    readonly t: ArrayLike<number>,
    /** Null or NaN where a sensor that is slower than others has no sample, or lost one. */
    readonly values: Values,
  ) {
    this.#gapS = LONGEST_STEPS * stepOf(t, values);
  }

  /** The same is drawn many times while a pointer moves over it. */
  path(x: Scale, y: Scale): string {
    const asked = [x.domain, x.pixels, y.domain, y.pixels].join();
    if (this.#drawn.asked !== asked) this.#drawn = { asked, path: this.#path(x, y) };
    return this.#drawn.path;
  }

  #path(x: Scale, y: Scale): string {
    const [from, to] = x.domain;
    const [first, last] = rowsOf(this.t, from - this.#gapS, to + this.#gapS);
    const parts: string[] = [];
    let [column, low, high, time] = [Number.NaN, 0, 0, Number.NEGATIVE_INFINITY];
    let command = "M";
    const draw = () => {
      for (const value of low === high ? [low] : [low, high]) {
        parts.push(`${command}${column} ${round(y.at(value))}`);
        command = "L";
      }
    };
    for (let row = first; row < last; row += 1) {
      const value = this.values[row] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      const pixel = Math.round(2 * x.at(this.t[row]!)) / 2;
      const isLost = this.t[row]! - time > this.#gapS;
      if (pixel !== column || isLost) {
        if (!Number.isNaN(column)) draw();
        if (isLost) command = "M";
        [column, low, high] = [pixel, value, value];
      }
      time = this.t[row]!;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (!Number.isNaN(column)) draw();
    return parts.join("");
  }
}

/** Mean time between known samples. */
function stepOf(t: ArrayLike<number>, values: Values): number {
  let [count, first, last] = [0, 0, 0];
  for (let row = 0; row < t.length; row += 1) {
    if (!Number.isFinite(values[row] ?? Number.NaN)) continue;
    if (count === 0) first = t[row]!;
    last = t[row]!;
    count += 1;
  }
  return count > 1 ? (last - first) / (count - 1) : 0;
}

/** The rows from one time to another, and one on either side, so that lines reach the edge. */
export function rowsOf(t: ArrayLike<number>, from: number, to: number): [number, number] {
  return [Math.max(0, firstFrom(t, from) - 1), Math.min(t.length, firstFrom(t, to) + 1)];
}

function round(value: number): number {
  return Math.round(10 * value) / 10;
}
