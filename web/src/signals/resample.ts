/**
 * Resampling: from the sensor's own clock to an even one, the twin of `signals/resample.py`.
 *
 * 1. Each motion channel is interpolated linearly between its own samples onto a fine even grid of
 *    `L = ceil(source / rate)` points an output sample. Where its samples are further apart than a
 *    gap may be, the grid is NaN. Slow channels (heart rate …) are held for at most `HOLD_S`.
 * 2. If the source is faster than the output, motion channels pass a low-pass filter (a
 *    Kaiser-windowed sinc). Beside an edge or a gap its weights are normalised over what is known.
 * 3. Every L-th point is given out.
 */

import { joined } from "../arrays.ts";
import { isWaveform } from "./spec.ts";

export const HOLD_S = 5.0; // a heart rate older than this is unknown
const MAX_GAP_S = 0.5; // a pause that no motion sensor makes by itself
const GAP_SAMPLES = 2.5; // of a slow source: one lost sample is not a gap
const CUTOFF = 0.45; // of the output's rate
const REACH = 6; // output samples on either side that the filter looks at
const KAISER_BETA = 5.0;
const FASTER = 1.05; // a source this much faster than the output needs the filter
const TOLERANCE = 1e-6; // of a grid step: rounding of clocks
const LEAST_WEIGHT = 0.1; // of the filter: what is known of it must not blow up

/**
 * Samples of an uneven clock in, frames of an even one out.
 *
 * The first frame lies at the first sample's time. How the samples are cut into pushes changes
 * nothing. Samples and frames are `(time, channel)`, row after row.
 */
export class Resampler {
  /** Time of frame 0; null before the first sample. */
  originS: number | null = null;

  readonly #rateHz: number;
  readonly #maxGapS: number;
  readonly #motion: readonly boolean[];
  readonly #width: number;
  readonly #factor: number;
  readonly #taps: Float32Array;
  readonly #fineHz: number;

  #t = new Float64Array();
  #x = new Float32Array();
  #made = 0; // points of the fine grid so far
  #lastS: Float64Array; // of each channel's last known sample
  #fine: Float32Array; // starts half a filter before the next frame

  /**
   * @param channels Names; they tell motion from slow channels.
   * @param sourceHz Typical rate of the source.
   * @param rateHz Rate of the frames.
   */
  constructor(channels: readonly string[], sourceHz: number, rateHz: number) {
    this.#rateHz = rateHz;
    this.#maxGapS = longestGapS(sourceHz);
    this.#motion = channels.map(isWaveform);
    this.#width = channels.length;
    const filtered = sourceHz > FASTER * rateHz;
    this.#factor = filtered ? Math.ceil(sourceHz / rateHz) : 1;
    this.#taps = filtered ? lowPass(this.#factor) : Float32Array.of(1);
    this.#fineHz = this.#rateHz * this.#factor;
    this.#lastS = this.#never();
    this.#fine = this.#nothing();
  }

  /** Frames that the new samples complete; a sample whose clock does not rise is dropped. */
  push(t: Float64Array, samples: Float32Array): Float32Array {
    const rising = this.#rising(t);
    if (rising.length === 0) return new Float32Array();
    this.originS ??= t[rising[0]!]!;
    this.#append(t, samples, rising);
    return this.#frames(this.#settledS(), false);
  }

  /** The last frames, which waited for samples that will not come; then start anew. */
  flush(): Float32Array {
    const frames = this.#t.length ? this.#frames(this.#t.at(-1)!, true) : new Float32Array();
    this.originS = null;
    this.#t = new Float64Array();
    this.#x = new Float32Array();
    this.#made = 0;
    this.#lastS = this.#never();
    this.#fine = this.#nothing();
    return frames;
  }

  #never(): Float64Array {
    return new Float64Array(this.#width).fill(-Infinity);
  }

  /** Half a filter of unknown points, before the first one or after the last. */
  #nothing(): Float32Array {
    return new Float32Array((this.#taps.length >> 1) * this.#width).fill(Number.NaN);
  }

  #rising(t: Float64Array): number[] {
    let highest = this.#t.at(-1) ?? -Infinity;
    const rising: number[] = [];
    for (const [at, time] of t.entries()) {
      if (!Number.isFinite(time) || time <= highest) continue;
      highest = time;
      rising.push(at);
    }
    return rising;
  }

  #append(t: Float64Array, samples: Float32Array, rows: readonly number[]): void {
    const held = this.#t.length;
    const times = new Float64Array(held + rows.length);
    const values = new Float32Array(times.length * this.#width);
    times.set(this.#t);
    values.set(this.#x);
    for (const [at, row] of rows.entries()) {
      const sample = samples.subarray(row * this.#width, (row + 1) * this.#width);
      times[held + at] = t[row]!;
      values.set(sample, (held + at) * this.#width);
      for (const [channel, value] of sample.entries()) {
        if (Number.isFinite(value)) this.#lastS[channel] = t[row]!;
      }
    }
    this.#t = times;
    this.#x = values;
  }

  /** Until when every channel is known, or known to be silent. */
  #settledS(): number {
    const nowS = this.#t.at(-1)!;
    const settled = this.#motion.map((moves, channel) => {
      const lastS = this.#lastS[channel]!;
      return moves && nowS - lastS <= this.#maxGapS ? lastS : nowS;
    });
    return Math.min(...settled);
  }

  /** Extend the fine grid up to a time, and give the frames it completes. */
  #frames(untilS: number, final: boolean): Float32Array {
    const count = Math.floor((untilS - this.originS!) * this.#fineHz + TOLERANCE) + 1;
    if (count > this.#made) {
      this.#fine = joined(this.#fine, this.#grid(this.#made, count));
      this.#made = count;
      this.#forget(untilS - Math.max(this.#maxGapS, HOLD_S));
    }
    if (final) this.#fine = joined(this.#fine, this.#nothing());
    const points = this.#fine.length / this.#width;
    const ready = Math.floor((points - this.#taps.length) / this.#factor) + 1;
    if (ready <= 0) return new Float32Array();
    const frames = this.#filtered(ready);
    this.#fine = this.#fine.slice(ready * this.#factor * this.#width);
    return frames;
  }

  #forget(beforeS: number): void {
    const old = this.#t.findIndex((time) => time >= beforeS);
    const first = old < 0 ? this.#t.length : old;
    this.#t = this.#t.slice(first);
    this.#x = this.#x.slice(first * this.#width);
  }

  /** Points of the fine grid `(time, channel)`: motion interpolated, the rest held. */
  #grid(from: number, to: number): Float32Array {
    const times = Float64Array.from({ length: to - from }, (_, at) => {
      return this.originS! + (from + at) / this.#fineHz;
    });
    const grid = new Float32Array(times.length * this.#width).fill(Number.NaN);
    for (const [channel, moves] of this.#motion.entries()) {
      const known = this.#known(channel);
      if (known.t.length === 0) continue;
      const valueAt = moves ? this.#interpolated(known) : this.#held(known);
      for (const [at, time] of times.entries()) grid[at * this.#width + channel] = valueAt(time);
    }
    return grid;
  }

  #known(channel: number): Known {
    const known: { t: number[]; x: number[] } = { t: [], x: [] };
    for (let row = 0; row < this.#t.length; row++) {
      const value = this.#x[row * this.#width + channel]!;
      if (!Number.isFinite(value)) continue;
      known.t.push(this.#t[row]!);
      known.x.push(value);
    }
    return known;
  }

  /** Values between samples, for times that rise from call to call. */
  #interpolated({ t, x }: Known): (time: number) => number {
    const toleranceS = TOLERANCE / this.#fineHz;
    const last = t.length - 1;
    let after = Math.min(1, last);
    return (time) => {
      while (after < last && t[after]! < time) after++;
      const before = Math.max(after - 1, 0);
      const [left, right] = [t[before]!, t[after]!];
      const span = right - left;
      const inside = time >= left - toleranceS && time <= right + toleranceS;
      const beside = time - left <= toleranceS || right - time <= toleranceS;
      if (!inside || (span > this.#maxGapS && !beside)) return Number.NaN;
      const share = Math.min(Math.max((time - left) / (span || 1), 0), 1);
      return x[before]! + share * Math.fround(x[after]! - x[before]!);
    };
  }

  /** The last value, while it is fresh, for times that rise from call to call. */
  #held({ t, x }: Known): (time: number) => number {
    const toleranceS = TOLERANCE / this.#fineHz;
    let before = -1;
    return (time) => {
      while (before + 1 < t.length && t[before + 1]! <= time + toleranceS) before++;
      return before < 0 || time - t[before]! > HOLD_S ? Number.NaN : x[before]!;
    };
  }

  #filtered(ready: number): Float32Array {
    const frames = new Float32Array(ready * this.#width);
    const pad = this.#taps.length >> 1;
    for (let frame = 0; frame < ready; frame++) {
      for (const [channel, moves] of this.#motion.entries()) {
        const centre = this.#fine[(frame * this.#factor + pad) * this.#width + channel]!;
        const smooth = moves && pad > 0 && Number.isFinite(centre);
        frames[frame * this.#width + channel] = smooth ? this.#smooth(frame, channel) : centre;
      }
    }
    return frames;
  }

  #smooth(frame: number, channel: number): number {
    let [total, weight] = [0, 0];
    let at = frame * this.#factor * this.#width + channel;
    for (const tap of this.#taps) {
      const value = this.#fine[at]!;
      if (Number.isFinite(value)) {
        total += value * tap;
        weight += tap;
      }
      at += this.#width;
    }
    return total / Math.max(weight, LEAST_WEIGHT);
  }
}

/** A channel's finite samples. */
interface Known {
  readonly t: readonly number[];
  readonly x: readonly number[];
}

/** How far apart samples of a motion sensor may be: a longer pause is never bridged. */
export function longestGapS(sourceHz: number): number {
  return Math.max(MAX_GAP_S, GAP_SAMPLES / sourceHz);
}

/** Weights of the filter on the fine grid; an odd number of them, summing to 1. */
function lowPass(factor: number): Float32Array {
  const reach = REACH * factor;
  const taps = Array.from({ length: 2 * reach + 1 }, (_, at) => {
    return sinc(((2 * CUTOFF) / factor) * (at - reach)) * kaiser(at / reach - 1);
  });
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return Float32Array.from(taps, (tap) => tap / sum);
}

/** Typical rate of a clock that may jitter and have gaps; 1 where it cannot be told. */
export function measuredHz(t: Float64Array): number {
  const steps = Float64Array.from(t.subarray(1), (time, at) => time - t[at]!)
    .filter((step) => step > 0)
    .sort();
  if (steps.length === 0) return 1;
  const half = steps.length >> 1;
  const median = steps.length % 2 ? steps[half]! : (steps[half - 1]! + steps[half]!) / 2;
  const middle = steps.filter((step) => step <= 2 * median);
  return middle.length / middle.reduce((total, step) => total + step, 0);
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Kaiser's window at a place from −1 to 1. */
function kaiser(place: number): number {
  return besselI0(KAISER_BETA * Math.sqrt(1 - place ** 2)) / besselI0(KAISER_BETA);
}

/** The modified Bessel function of order 0, by its power series. */
function besselI0(x: number): number {
  let [term, sum] = [1, 1];
  for (let k = 1; term > 1e-17 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
