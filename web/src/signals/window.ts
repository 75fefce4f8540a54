/** Windows: fixed stretches of an even clock; what a model sees. */

import { joined } from "../arrays.ts";
import { Resampler } from "./resample.ts";
import { isWaveform, type SignalSpec } from "./spec.ts";

/** One window. */
export interface Window {
  /** Time of its first sample, on the recording's clock. */
  readonly startS: number;
  /**
   * `(channel, time)` in SI units, channel after channel. A motion channel is wholly there or wholly
   * NaN; a held one (heart rate) may be NaN in part.
   */
  readonly samples: Float32Array;
}

/**
 * Samples in, windows out. How the samples are cut into pushes changes nothing.
 *
 * Windows start every hop from the first sample on. One that a gap cuts is left out; one without
 * any motion is given, all NaN, so that the listener hears the silence.
 */
export class Windower {
  readonly #resampler: Resampler;
  readonly #motion: readonly number[];
  #frames = new Float32Array();
  #first = 0; // number of the first frame held
  #skip = 0; // frames to pass over before the next window, where a hop is a long one

  /**
   * @param spec What a window is.
   * @param sourceHz Typical rate of the samples.
   */
  constructor(
    readonly spec: SignalSpec,
    sourceHz: number,
  ) {
    this.#resampler = new Resampler(spec.channels, sourceHz, spec.rateHz);
    this.#motion = [...spec.channels.keys()].filter((at) => isWaveform(spec.channels[at]!));
  }

  /**
   * Windows that the new samples complete.
   *
   * @param t Seconds.
   * @param samples `(time, channel)` in SI units, in the spec's order; NaN where unknown.
   */
  push(t: Float64Array, samples: Float32Array): Window[] {
    const frames = this.#resampler.push(t, samples);
    return this.#cut(frames, this.#resampler.originS ?? 0);
  }

  /** The windows that waited for the next sample, at the end; then start anew. */
  flush(): Window[] {
    const originS = this.#resampler.originS ?? 0;
    const windows = this.#cut(this.#resampler.flush(), originS);
    this.#frames = new Float32Array();
    this.#first = this.#skip = 0;
    return windows;
  }

  #cut(frames: Float32Array, originS: number): Window[] {
    this.#frames = joined(this.#frames, frames);
    const width = this.spec.channels.length;
    const held = this.#frames.length / width;
    const windows: Window[] = [];
    let start = this.#skip;
    for (; start + this.spec.windowSamples <= held; start += this.spec.hopSamples) {
      const samples = this.#heard(this.#window(start));
      const startS = originS + (this.#first + start) / this.spec.rateHz;
      if (samples) windows.push({ startS, samples });
    }
    const used = Math.min(start, held);
    this.#frames = this.#frames.slice(used * width);
    this.#first += used;
    this.#skip = start - used;
    return windows;
  }

  #window(start: number): Float32Array {
    const [width, size] = [this.spec.channels.length, this.spec.windowSamples];
    const samples = new Float32Array(width * size);
    for (let channel = 0; channel < width; channel++) {
      for (let at = 0; at < size; at++) {
        samples[channel * size + at] = this.#frames[(start + at) * width + channel]!;
      }
    }
    return samples;
  }

  /** The window as it is told; null where a gap cuts it. */
  #heard(samples: Float32Array): Float32Array | null {
    const size = this.spec.windowSamples;
    const known = this.#motion.map((channel) => {
      return samples.subarray(channel * size, (channel + 1) * size).filter(Number.isFinite).length;
    });
    if (!known.every((count) => count === 0 || count === size)) return null;
    const silent = known.length > 0 && known.every((count) => count === 0);
    return silent ? samples.fill(Number.NaN) : samples; // a held heart rate is then no signal
  }
}

/** All windows of a whole recording: the batch twin of `Windower`. */
export function windowsOf(
  t: Float64Array,
  samples: Float32Array,
  spec: SignalSpec,
  sourceHz: number,
): Window[] {
  const windower = new Windower(spec, sourceHz);
  return [...windower.push(t, samples), ...windower.flush()];
}
