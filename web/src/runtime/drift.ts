/** Does a device still see what it was calibrated for? The twin of `runtime/drift.py`. */

import type { Manifest, TaskCard } from "../bundle/manifest.ts";
import { fixed } from "../numbers.ts";
import { sensorOf, triads } from "../signals/spec.ts";
import type { Drift, DriftCause } from "./events.ts";

const USUAL = 0.15; // share of strange windows of people as they come
const STRANGE = 0.4; // and of a device worn otherwise
const HOURS_A_FALSE_ALARM = 8;
const GRAVITY_MS2 = 9.80665;
const LIGHT = 0.75; // of gravity; the mean length of what a worn accelerometer feels
const FEELS_GRAVITY = 0.9; // of gravity; the root mean square of training's accelerometers that do
const UP = Math.log(STRANGE / USUAL);
const DOWN = Math.log((1 - STRANGE) / (1 - USUAL));

const TEXTS: Readonly<Record<DriftCause, string>> = {
  inputs: "look like none of the movements: check how the device is worn",
  confidence: "are answered without confidence: check how the device is worn",
  gravity: "weigh less than gravity: check the accelerometer's range and unit",
};

/** Counts strange windows; `push` one at a time. */
class Cusum {
  windows = 0;
  strange = 0;
  #sum = 0;
  #told = false;

  constructor(readonly limit: number) {}

  /** Whether drift begins with a window of which so much is new. */
  push(strange: boolean, part: number): boolean {
    this.windows += 1;
    this.strange += strange ? 1 : 0;
    this.#sum += part * (strange ? UP : DOWN);
    if (this.#sum <= 0) {
      [this.#sum, this.windows, this.strange] = [0, 0, 0];
      this.#told = false;
    }
    const begins = this.#sum >= this.limit && !this.#told;
    this.#told ||= begins;
    this.#sum = Math.min(this.#sum, this.limit); // so that the end of it is noticed as fast
    return begins;
  }
}

/** Watches one stream. */
export class DriftWatch {
  readonly #part: number;
  readonly #hopS: number;
  readonly #width: number;
  readonly #heavy: readonly number[][];
  readonly #counts: ReadonlyMap<DriftCause, Cusum>;

  /**
   * @param manifest Of the bundle.
   * @param task The classification whose familiarity and confidence are watched.
   */
  constructor(
    manifest: Manifest,
    readonly task: TaskCard,
  ) {
    const { channels, window_s, hop_s } = manifest.signals;
    const limit = Math.log((HOURS_A_FALSE_ALARM * 3600) / window_s);
    const causes = Object.keys(TEXTS) as DriftCause[];
    this.#part = Math.min(1, hop_s / window_s);
    this.#hopS = hop_s;
    this.#width = channels.length;
    this.#counts = new Map(causes.map((cause) => [cause, new Cusum(limit)]));
    this.#heavy = triads(channels).filter(
      (triad) => sensorOf(channels[triad[0]!]!) === "acc" && feltGravity(manifest, triad),
    );
  }

  /**
   * What begins with a window `(channel, time)` in SI units, NaN where absent. Familiarity and
   * confidence are of this window alone; the former of one that lacks a sensor is not asked.
   */
  push(endS: number, samples: Float32Array, familiarity: number, confidence: number): Drift[] {
    const size = samples.length / this.#width;
    const channel = (at: number) => samples.subarray(at * size, (at + 1) * size);
    const whole = Array.from({ length: this.#width }, (_, at) => channel(at)).every(
      (values) => !values.every(Number.isNaN),
    );
    const strange: [DriftCause, boolean][] = [["confidence", confidence < this.task.abstain_below]];
    if (whole) strange.push(["inputs", familiarity < this.task.unknown_below]);
    const lengths = this.#heavy.map((triad) => meanLength(triad.map(channel)));
    const heard = lengths.filter((length) => length > 0);
    if (heard.length > 0) strange.push(["gravity", Math.min(...heard) < LIGHT * GRAVITY_MS2]);
    return strange
      .filter(([cause, is]) => this.#counts.get(cause)!.push(is, this.#part))
      .map(([cause]) => this.#told(endS, cause));
  }

  #told(t_s: number, cause: DriftCause): Drift {
    const { strange, windows } = this.#counts.get(cause)!;
    const seconds = windows * this.#hopS;
    const text =
      `${strange} of ${windows} windows in ${fixed(seconds, 1)} s ${TEXTS[cause]}, or record a ` +
      "calibration.";
    return {
      event: "drift",
      t_s,
      cause,
      task: this.task.name,
      share: strange / windows,
      seconds,
      text,
    };
  }
}

/** Whether training's accelerometer with these channels was one that feels gravity. */
export function feltGravity({ scaler }: Manifest, channels: readonly number[]): boolean {
  const size = Math.hypot(...channels.flatMap((at) => [scaler.mean[at]!, scaler.scale[at]!]));
  return size >= FEELS_GRAVITY * GRAVITY_MS2;
}

/** Mean length of a sensor's vectors, one array an axis; 0 where it gives none. */
function meanLength(axes: readonly Float32Array[]): number {
  const [x, y, z] = axes as [Float32Array, Float32Array, Float32Array];
  const lengths = Array.from(x, (value, at) => Math.hypot(value, y[at]!, z[at]!));
  const there = lengths.filter(Number.isFinite);
  return there.length > 0 ? there.reduce((sum, one) => sum + one, 0) / there.length : 0;
}
