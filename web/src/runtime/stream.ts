/** Samples in, events out, as they come; the twin of `runtime/stream.py`. */

import type { TaskCard } from "../bundle/manifest.ts";
import { DataError } from "../errors.ts";
import { fixed } from "../numbers.ts";
import { isWaveform, type SignalSpec } from "../signals/spec.ts";
import { type Window, Windower } from "../signals/window.ts";
import { Turns } from "../turns.ts";
import { Clock, FASTEST_HZ } from "./clock.ts";
import { DriftWatch } from "./drift.ts";
import type { Drift, Event, Quality, State } from "./events.ts";
import type { Prediction, Predictor } from "./predictor.ts";
import { QualityWatch } from "./quality.ts";
import { Smoothing } from "./smoothing.ts";
import { Steady, silent } from "./steady.ts";

const NO_SIGNAL = "no signal";
const LARGEST = 1e12; // in any unit; what is larger, no sensor measured
/** Of the bundle's rate: slower samples do not hold the movement it knows. */
export const SLOWEST = 0.5;

/** What samples brought that belong together, before the body is asked. */
interface Passage {
  /** Whether what came before has nothing to do with it. */
  readonly isNew: boolean;
  /** Why no window of it can be read; empty where they can. */
  readonly unreadable: string;
  readonly quality: Quality[];
  readonly windows: readonly Window[];
}

/** One athlete, live. How the samples are cut into pushes changes nothing. */
export class Stream {
  readonly spec: SignalSpec;
  readonly #clock: Clock;
  #windower: Windower;
  #sourceHz: number;
  readonly #watch: QualityWatch;
  readonly #steady: ReadonlyMap<string, Steady>;
  readonly #drift: DriftWatch | null;
  readonly #waves: readonly number[];
  readonly #turns = new Turns(); // windows are told in the order of their pushes
  #lastStartS: number | null = null;

  /**
   * @param predictor A bundle, with the athlete's own heads where there are some.
   * @param sourceHz Rate at which samples come. One that turns out to be another is told, and windows
   *   start anew.
   * @param smoothing How steady the answers are.
   */
  constructor(
    readonly predictor: Predictor,
    sourceHz: number = predictor.spec.rateHz,
    smoothing: Smoothing = new Smoothing(),
  ) {
    if (!(sourceHz > 0 && sourceHz <= FASTEST_HZ)) {
      throw new DataError(
        `Samples come at ${sourceHz} Hz: a rate above 0 and up to ${FASTEST_HZ} Hz is needed; ` +
          "are the times in seconds?",
      );
    }
    this.spec = predictor.spec;
    const { channels } = this.spec;
    this.#waves = [...channels.keys()].filter((at) => isWaveform(channels[at]!));
    this.#sourceHz = sourceHz;
    this.#clock = new Clock(sourceHz, this.spec.channels);
    this.#windower = new Windower(this.spec, sourceHz);
    this.#watch = new QualityWatch(this.spec, sourceHz);
    const named = [...predictor.heads.values()].filter((head) => head.labels.length > 0);
    this.#steady = new Map(
      named.map(({ task }) => [task, new Steady(this.#card(task), smoothing, this.spec.hopS)]),
    );
    const first = named[0];
    this.#drift = first ? new DriftWatch(predictor.bundle.manifest, this.#card(first.task)) : null;
  }

  /**
   * What the new samples tell, in the order of time between two leaps of the clock. Both arrays may
   * be used again at once.
   *
   * @param t Seconds, rising; also from one push to the next.
   * @param samples `(time, channel)` in SI units, row after row, in the bundle's order of channels;
   *   NaN where unknown.
   */
  async push(t: Float64Array, samples: Float32Array): Promise<Event[]> {
    const width = this.spec.channels.length;
    if (samples.length !== t.length * width) {
      throw new DataError(
        `There are ${samples.length} numbers for ${t.length} times: ${t.length * width} are ` +
          `needed, one for each of ${this.spec.channels.join(", ")}.`,
      );
    }
    const passages = this.#take(t, samples);
    return this.#turns.take(() => this.#tell(passages));
  }

  /** What waited for a sample that will not come, at the end; then windows start anew. */
  async flush(): Promise<Event[]> {
    const passages = [this.#passage(false, [], this.#windower.flush())];
    return this.#turns.take(() => this.#tell(passages));
  }

  /** All but asking the body. */
  #take(t: Float64Array, samples: Float32Array): Passage[] {
    const width = this.spec.channels.length;
    return this.#clock.push(t).flatMap(({ rows, sourceHz, isNew, told }) => {
      const passages: Passage[] = [];
      if (isNew) {
        passages.push(this.#passage(false, [], this.#windower.flush()));
        this.#windower = new Windower(this.spec, sourceHz);
        this.#watch.expect(sourceHz);
      }
      this.#sourceHz = sourceHz;
      const times = Float64Array.from(rows, (row) => t[row]!);
      const kept = new Float32Array(rows.length * width);
      for (const [at, row] of rows.entries()) {
        const known = samples.subarray(row * width, (row + 1) * width).map(measured);
        kept.set(known, at * width);
      }
      const quality = [...told, ...this.#watch.push(times, kept)];
      passages.push(this.#passage(isNew, quality, this.#windower.push(times, kept)));
      return passages;
    });
  }

  /** With flat channels taken out of the windows: they tell nothing of movement. */
  #passage(isNew: boolean, quality: Quality[], windows: Window[]): Passage {
    const { windowS, windowSamples: size, rateHz } = this.spec;
    const waves = this.#waves;
    const neededHz = SLOWEST * rateHz;
    const tooSlow = waves.length > 0 && this.#sourceHz < neededHz;
    const rates = `${fixed(this.#sourceHz, 1)} Hz, ${fixed(neededHz, 1)} Hz`;
    const unreadable = tooSlow ? `samples come at ${rates} are needed` : "";
    for (const { startS, samples } of windows) {
      const { told, flat } = this.#watch.window(startS + windowS, samples);
      quality.push(...told);
      for (const at of flat) samples.fill(Number.NaN, at * size, (at + 1) * size);
      const lost = this.#lost(samples);
      if (waves.length > 0 && waves.every((at) => lost[at])) samples.fill(Number.NaN);
    }
    return { isNew, unreadable, quality, windows };
  }

  /** What the body's answers mean. */
  async #tell(passages: readonly Passage[]): Promise<Event[]> {
    const samples = passages.flatMap(({ windows }) => windows.map((window) => window.samples));
    const prediction = samples.length ? await this.predictor.predict(samples) : null;
    let number = 0;
    return passages.flatMap(({ isNew, unreadable, quality, windows }) => {
      if (isNew) this.#lastStartS = null;
      const told = windows.flatMap((window) => {
        return this.#told(window, prediction!, number++, unreadable);
      });
      return [...quality, ...told].sort((one, other) => one.t_s - other.t_s);
    });
  }

  #told(
    { startS, samples }: Window,
    prediction: Prediction,
    number: number,
    tooSlow: string,
  ): Event[] {
    const endS = startS + this.spec.windowS;
    if (this.#lastStartS === null || startS - this.#lastStartS > 1.5 * this.spec.hopS)
      for (const steady of this.#steady.values()) steady.reset();
    this.#lastStartS = startS;
    const lost = this.#lost(samples);
    const unreadable = lost.every(Boolean) ? NO_SIGNAL : tooSlow;
    if (unreadable) return this.#silence(endS, prediction, unreadable);
    return [
      ...this.#drifts(endS, samples, prediction, number),
      ...[...this.#steady.keys()].map((task) => this.#state(endS, task, prediction, number, lost)),
      ...[...prediction.values].map(([task, values]) => {
        return this.#value(endS, task, values[number]!);
      }),
    ];
  }

  #silence(endS: number, prediction: Prediction, reason: string): State[] {
    return [
      ...[...this.#steady.values()].map((steady) => steady.silence(endS, reason)),
      ...[...prediction.values.keys()].map((task) => {
        return { ...silent(endS, task, reason), unit: this.#card(task).unit };
      }),
    ];
  }

  #drifts(endS: number, samples: Float32Array, prediction: Prediction, number: number): Drift[] {
    if (this.#drift === null) return [];
    const { name } = this.#drift.task;
    const confidence = Math.max(...prediction.probabilities.get(name)!.row(number));
    const familiarity = prediction.familiarity.get(name)![number]!;
    return this.#drift.push(endS, samples, familiarity, confidence);
  }

  /** Of each channel, whether a window holds nothing of it. */
  #lost(samples: Float32Array): boolean[] {
    const size = this.spec.windowSamples;
    return this.spec.channels.map((_, channel) => {
      return samples.subarray(channel * size, (channel + 1) * size).every(Number.isNaN);
    });
  }

  #state(
    t_s: number,
    task: string,
    prediction: Prediction,
    number: number,
    lost: readonly boolean[],
  ): State {
    const familiarity = lost.some(Boolean) ? null : prediction.familiarity.get(task)![number]!;
    const probabilities = prediction.probabilities.get(task)!.row(number);
    const { labels } = this.predictor.heads.get(task)!;
    return this.#steady.get(task)!.push(t_s, labels, probabilities, familiarity);
  }

  #value(t_s: number, task: string, value: number): State {
    const told = { ...silent(t_s, task, ""), unit: this.#card(task).unit };
    return { ...told, abstained: false, cause: "", value };
  }

  #card(task: string): TaskCard {
    return this.predictor.bundle.manifest.tasks.find(({ name }) => name === task)!;
  }
}

/** A value as a sensor gave it; NaN for one that none can give. */
function measured(value: number): number {
  return Math.abs(value) <= LARGEST ? value : Number.NaN;
}
