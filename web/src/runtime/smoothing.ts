/** From the opinions of single windows to a steady answer; the twin of `runtime/smoothing.py`. */

import { DataError } from "../errors.ts";
import { argmax } from "../matrix.ts";

const NOBODY = -1; // no class yet

/** How steady. */
export class Smoothing {
  /**
   * @param memoryS Time after which an opinion counts for 1/e of what it did; 0 forgets at once.
   * @param holdS A new movement is announced after it has led for so long; 0 announces at once.
   * @param slack Share by which a threshold is lower for an answer that stands, so that it does not
   *   come and go; 0 treats all alike.
   */
  constructor(
    readonly memoryS = 1.5,
    readonly holdS = 0.0,
    readonly slack = 0.1,
  ) {
    if (![memoryS, holdS].every((seconds) => seconds >= 0 && seconds < Infinity)) {
      throw new DataError(
        `Smoothing has a memory of ${memoryS} s and a hold of ${holdS} s: neither may be negative.`,
      );
    }
    if (!(slack >= 0 && slack < 1)) {
      throw new DataError(`Smoothing has a slack of ${slack}: from 0 to less than 1 is allowed.`);
    }
  }

  /** Share of the average that is kept at each window. */
  kept(hopS: number): number {
    return this.memoryS ? Math.exp(-hopS / this.memoryS) : 0;
  }

  /** Windows in a row that a new movement must lead. */
  windowsLed(hopS: number): number {
    return Math.max(1, Math.ceil(this.holdS / hopS - 1e-9));
  }
}

/** An exponential average over time; `push` value by value. */
export class Average {
  #value: Float64Array | null = null;

  /** @param kept Share of it that is kept at each value. */
  constructor(private readonly kept: number) {}

  /** Forget. */
  reset(): void {
    this.#value = null;
  }

  /** The average with one value more. */
  push(value: Float64Array): Float64Array {
    const before = this.#value;
    const now = before
      ? value.map((one, at) => this.kept * before[at]! + (1 - this.kept) * one)
      : value;
    this.#value = now;
    return now;
  }
}

/** One task's steady answer; `push` probabilities window by window. */
export class Smoother {
  readonly #average: Average;
  readonly #needed: number;
  #held = NOBODY;
  #leader = NOBODY;
  #led = 0;

  /** @param hopS From one window to the next. */
  constructor(smoothing: Smoothing, hopS: number) {
    this.#average = new Average(smoothing.kept(hopS));
    this.#needed = smoothing.windowsLed(hopS);
  }

  /** Forget, as after a gap: what comes next has nothing to do with what was. */
  reset(): void {
    this.#average.reset();
    this.#held = this.#leader = NOBODY;
    this.#led = 0;
  }

  /** The class that is held and the averaged probabilities, after one window's. */
  push(probabilities: Float64Array): { held: number; average: Float64Array } {
    const average = this.#average.push(probabilities);
    const leader = argmax(average);
    this.#led = leader === this.#leader ? this.#led + 1 : 1;
    this.#leader = leader;
    if (this.#held === NOBODY || this.#led >= this.#needed) this.#held = leader;
    return { held: this.#held, average };
  }
}
