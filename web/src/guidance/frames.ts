/** The last frames of a session: where the limb was, and when; the twin of `guidance/frames.py`. */

import type { Vector } from "./cycles.ts";
import { type Postures, RATE_HZ } from "./posture.ts";

/** Postures by their number since the session began; early ones are forgotten when told to. */
export class Frames {
  #clock: number[] = [];
  #kept: Vector[] = [];
  #first = 0;

  constructor(private readonly postures: Postures) {}

  /** Number of the first that is kept. */
  get first(): number {
    return this.#first;
  }

  /** The number that comes next. */
  get end(): number {
    return this.#first + this.#kept.length;
  }

  /** How many numbers are a posture. */
  get width(): number {
    return 3 * (this.postures.tilts + this.postures.turns);
  }

  /** Take samples: rising seconds and `(time, channel)`, NaN where unknown. */
  push(t: Float64Array, samples: Float32Array): void {
    for (const { tS, posture } of this.postures.push(t, samples)) {
      this.#clock.push(tS);
      this.#kept.push(posture);
    }
  }

  /** `(frame, axis)`, rad, of frames that are kept. */
  between(first: number, end: number): Vector[] {
    return this.#kept.slice(first - this.#first, end - this.#first);
  }

  /** When a frame was, on the clock of the samples. */
  atS(frame: number): number {
    return this.#clock[0]! + (frame - this.#first) / RATE_HZ;
  }

  /** How far the limb turned between two frames that are kept. */
  rangeDeg(one: number, other: number): number {
    return this.postures.rangeDeg(this.#kept[one - this.#first]!, this.#kept[other - this.#first]!);
  }

  /** Keep no frame before that number. */
  forget(before: number): void {
    const drop = Math.max(before - this.#first, 0);
    if (drop === 0) return;
    [this.#clock, this.#kept] = [this.#clock.slice(drop), this.#kept.slice(drop)];
    this.#first += drop;
  }
}
