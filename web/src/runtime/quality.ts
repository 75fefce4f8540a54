/** Is the signal fit to be read? Told when trouble begins, and when a lost sensor is back. */

import { fixed } from "../numbers.ts";
import { HOLD_S, longestGapS } from "../signals/resample.ts";
import {
  isMotion,
  placementOf,
  type SignalSpec,
  sensorOf,
  sensors,
  triads,
} from "../signals/spec.ts";
import type { Quality } from "./events.ts";

const FLAT = 1e-6; // range of a channel, SI units; a worn sensor is never this still
// Range of an axis beside which none can be still.
const MOVES = new Map([
  ["acc", 1],
  ["gyr", 0.5],
  ["mag", 5],
]);
const CLOCK_ERROR_S = 1e-6; // sums of steps round otherwise when they are cut otherwise
const NAMES = new Map([
  ["acc", "accelerometer"],
  ["gyr", "gyroscope"],
  ["mag", "magnetometer"],
  ["heart_rate", "heart rate sensor"],
]);

/** What is known of one sensor; times are on the clock without gaps. */
interface Ear {
  readonly channels: readonly number[];
  patienceS: number;
  heardS: number; // its last sample
  silentS: number; // its last silence
  missing: boolean;
}

/** Watches the clock, the sensors and the windows of one stream. */
export class QualityWatch {
  #gapS: number;
  readonly #triads: readonly number[][];
  readonly #ears: readonly Ear[];
  #lastS: number | null = null;
  #heardS = 0; // time without gaps: a pause of the clock is no sensor's fault
  #flat: ReadonlySet<number> = new Set();

  /**
   * @param spec What a window is.
   * @param sourceHz Typical rate of the samples.
   */
  constructor(
    readonly spec: SignalSpec,
    sourceHz: number,
  ) {
    this.#gapS = longestGapS(sourceHz);
    this.#triads = triads(spec.channels);
    this.#ears = sensors(spec.channels).map((channels) => ({
      channels,
      patienceS: HOLD_S,
      heardS: 0,
      silentS: -Infinity,
      missing: false,
    }));
    this.expect(sourceHz);
  }

  /** From now on samples come at another rate. */
  expect(sourceHz: number): void {
    this.#gapS = longestGapS(sourceHz);
    for (const ear of this.#ears) {
      if (isMotion(this.spec.channels[ear.channels[0]!]!)) ear.patienceS = this.#gapS;
    }
  }

  /**
   * Gaps between samples, and sensors that fell silent or are back.
   *
   * A sensor is missing as soon as windows can no longer be filled, and back after a whole window
   * without such a silence. Samples are `(time, channel)`, NaN where unknown.
   */
  push(t: Float64Array, samples: Float32Array): Quality[] {
    const width = this.spec.channels.length;
    return Array.from(t).flatMap((time, row) => {
      return this.#sample(time, samples.subarray(row * width, (row + 1) * width));
    });
  }

  /**
   * Motion sensors and axes that went flat in a window `(channel, time)`, NaN where absent, and all
   * that are.
   *
   * A sensor is flat if none of its axes moves, an axis if another one of its sensor moves as only a
   * moving device does.
   */
  window(endS: number, samples: Float32Array): { told: Quality[]; flat: ReadonlySet<number> } {
    const size = samples.length / this.spec.channels.length;
    const span = (at: number) => spanOf(samples.subarray(at * size, (at + 1) * size));
    const flat = new Set(this.#triads.flatMap((triad) => this.#flatOf(triad, triad.map(span))));
    const names = this.#names([...flat].filter((at) => !this.#flat.has(at)).sort((a, b) => a - b));
    this.#flat = flat;
    if (names.length === 0) return { told: [], flat };
    const text = `${names.join(", ")} does not move at all.`;
    return { told: [quality(endS, "flat", names, text)], flat };
  }

  #flatOf(triad: readonly number[], spans: readonly number[]): number[] {
    const axes = triad.filter((_, axis) => spans[axis]! <= FLAT); // none where nothing is known
    const least = MOVES.get(sensorOf(this.spec.channels[triad[0]!]!))!;
    const othersMove = spans.some((span) => span > least);
    return axes.length === triad.length || othersMove ? axes : [];
  }

  #sample(time: number, sample: Float32Array): Quality[] {
    const step = this.#lastS === null ? 0 : time - this.#lastS;
    this.#lastS = time;
    const told = step > this.#gapS ? [this.#gap(time, step)] : [];
    if (step > 0 && step <= this.#gapS) this.#heardS += step;
    for (const ear of this.#ears) {
      if (this.#listen(ear, sample)) told.push(this.#turn(time, ear, sample));
    }
    return told;
  }

  /** Whether a sensor turned from heard to missing, or back. */
  #listen(ear: Ear, sample: Float32Array): boolean {
    const before = ear.missing;
    if (ear.channels.every((at) => Number.isFinite(sample[at]!))) ear.heardS = this.#heardS;
    const silent = this.#heardS - ear.heardS > ear.patienceS + CLOCK_ERROR_S;
    if (silent) ear.silentS = this.#heardS;
    ear.missing = this.#heardS - ear.silentS < this.spec.windowS - CLOCK_ERROR_S;
    return ear.missing !== before;
  }

  #gap(time: number, seconds: number): Quality {
    const text = `No samples for ${fixed(seconds, 1)} s.`;
    return quality(time, "gap", this.spec.channels, text, seconds);
  }

  /** A sensor, or some of its axes, is lost; or all of it is back. */
  #turn(time: number, ear: Ear, sample: Float32Array): Quality {
    const channels = this.#names(ear.channels);
    const [sensor, place] = [sensorOf(channels[0]!), placementOf(channels[0]!)];
    const told = `The ${NAMES.get(sensor) ?? sensor}${place ? ` (${place})` : ""} gives`;
    const lost = ear.channels.filter((at) => ear.missing && !Number.isFinite(sample[at]!));
    if (lost.length === 0) return quality(time, "back", channels, `${told} samples again.`);
    const part = this.#names(lost);
    const all = part.length === channels.length;
    const which = all ? "no samples" : `no samples of ${part.join(", ")}`;
    return quality(time, "missing", part, `${told} ${which}: answers are less certain.`);
  }

  #names(positions: readonly number[]): string[] {
    return positions.map((at) => this.spec.channels[at]!);
  }
}

function quality(
  t_s: number,
  kind: Quality["kind"],
  channels: readonly string[],
  text: string,
  seconds = 0,
): Quality {
  return { event: "quality", t_s, kind, channels, text, seconds };
}

/** Range of a channel over what is there; NaN where nothing is. */
function spanOf(values: Float32Array): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length ? Math.max(...known) - Math.min(...known) : Number.NaN;
}
