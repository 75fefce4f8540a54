/** Where a limb is: how gravity lies in its sensors, and how far they turned; see `posture.py`. */

import { Resampler } from "../signals/resample.ts";
import { sensorOf, triads } from "../signals/spec.ts";
import type { Vector } from "./cycles.ts";

export const RATE_HZ = 25; // of postures; faster than limbs go out and back
const SMOOTH_HZ = 2; // cut-off of each of two first-order low-passes in a row
const SIZE_S = 20; // over which gravity's size is averaged
const LEAK_S = 1.5; // a turn is forgotten with it, because a gyroscope's offset must be
const TURN_WEIGHT = 0.5; // of turns beside tilts
const SHARE = 1 - Math.exp((-2 * Math.PI * SMOOTH_HZ) / RATE_HZ);

/** A posture and its time. */
export interface Posed {
  readonly tS: number;
  readonly posture: Vector;
}

/** Samples in, postures on an even clock out. How the samples are cut changes nothing. */
export class Postures {
  /** How many accelerometers there are; they come first in a posture. */
  readonly tilts: number;
  /** How many gyroscopes. */
  readonly turns: number;
  readonly #acc: number[] = [];
  readonly #gyr: number[] = [];
  readonly #width: number;
  readonly #resampler: Resampler;
  #made = 0;
  #slow: [number[], number[]] | null = null; // after one low-pass and after both
  readonly #size: number[];
  readonly #turn: [number[], number[]];

  /**
   * @param channels Names of the samples' columns; sensors with all three axes are used.
   * @param sourceHz Typical rate of the samples.
   */
  constructor(channels: readonly string[], sourceHz: number) {
    for (const triad of triads(channels)) {
      const sensor = sensorOf(channels[triad[0]!]!);
      if (sensor === "acc") this.#acc.push(...triad);
      if (sensor === "gyr") this.#gyr.push(...triad);
    }
    this.#width = channels.length;
    this.tilts = this.#acc.length / 3;
    this.turns = this.#gyr.length / 3;
    this.#resampler = new Resampler(channels, sourceHz, RATE_HZ);
    this.#size = new Array<number>(this.tilts).fill(1);
    this.#turn = [this.#gyr.map(() => 0), this.#gyr.map(() => 0)];
  }

  /** The postures, rad, that the samples complete; where a sensor is silent, the limb stays. */
  push(t: Float64Array, samples: Float32Array): Posed[] {
    const frames = this.#resampler.push(t, samples);
    const originS = this.#resampler.originS ?? 0;
    return Array.from({ length: frames.length / this.#width }, (_, number) => {
      const tS = originS + this.#made / RATE_HZ;
      this.#made += 1;
      const at = number * this.#width;
      const read = (columns: readonly number[]) => columns.map((column) => frames[at + column]!);
      return { tS, posture: [...this.#tilted(read(this.#acc)), ...this.#turned(read(this.#gyr))] };
    });
  }

  /** How far the sensor that turned most turned from one posture to the other. */
  rangeDeg(one: Vector, other: Vector): number {
    const angles = [0];
    for (let at = 0; at < 3 * (this.tilts + this.turns); at += 3) {
      const [first, second] = [one.slice(at, at + 3), other.slice(at, at + 3)];
      if (at < 3 * this.tilts) {
        const size = Math.max(Math.hypot(...first) * Math.hypot(...second), 1e-9);
        const product = first.reduce((total, value, axis) => total + value * second[axis]!, 0);
        angles.push(Math.acos(Math.min(Math.max(product / size, -1), 1)));
      } else {
        const turned = second.map((value, axis) => (value - first[axis]!) / TURN_WEIGHT);
        angles.push(Math.hypot(...turned));
      }
    }
    return (Math.max(...angles) * 180) / Math.PI;
  }

  #tilted(acc: readonly number[]): Vector {
    if (!this.#slow) {
      if (!acc.every(Number.isFinite)) return acc.map(() => 0);
      this.#slow = [[...acc], [...acc]];
    }
    const [once, twice] = this.#slow;
    for (const [axis, value] of acc.entries()) {
      if (Number.isFinite(value)) once[axis]! += SHARE * (value - once[axis]!);
      twice[axis]! += SHARE * (once[axis]! - twice[axis]!);
    }
    for (const [sensor, size] of this.#size.entries()) {
      const now = Math.hypot(...twice.slice(3 * sensor, 3 * sensor + 3));
      this.#size[sensor] = size + (now - size) / Math.min(this.#made, SIZE_S * RATE_HZ);
    }
    return twice.map((value, axis) => value / Math.max(this.#size[Math.floor(axis / 3)]!, 1e-6));
  }

  #turned(gyr: readonly number[]): Vector {
    const [once, twice] = this.#turn;
    for (const [axis, value] of gyr.entries()) {
      const known = Number.isFinite(value) ? value : 0;
      once[axis]! += known / RATE_HZ - once[axis]! / (LEAK_S * RATE_HZ);
      twice[axis]! += SHARE * (once[axis]! - twice[axis]!);
    }
    return twice.map((value) => TURN_WEIGHT * value);
  }
}
