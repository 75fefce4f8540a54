/** Scaling by what the training athletes' channels are like, the same everywhere. */

const CLIP = 20.0; // in deviations; a broken sample must not outweigh a window

/** What is taken from each channel, and by what the rest is divided; in float32, as in Python. */
export class Scaler {
  readonly #mean: Float32Array;
  readonly #scale: Float32Array;

  constructor(mean: readonly number[], scale: readonly number[]) {
    this.#mean = Float32Array.from(mean);
    this.#scale = Float32Array.from(scale);
  }

  /** A scaled window `(channel, time)`; what is unknown becomes 0, the mean. */
  scaled(window: Float32Array): Float32Array {
    const size = window.length / this.#mean.length;
    return window.map((value, at) => {
      const channel = Math.floor(at / size);
      const scaled = Math.fround(value - this.#mean[channel]!) / this.#scale[channel]!;
      return Number.isNaN(scaled) ? 0 : Math.min(Math.max(scaled, -CLIP), CLIP);
    });
  }
}
