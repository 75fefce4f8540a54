/** Samples in, events out, as they come; the twin of `runtime/stream.py`. */

import type { TaskCard } from "../bundle/manifest.ts";
import { DataError } from "../errors.ts";
import type { SignalSpec } from "../signals/spec.ts";
import { type Window, Windower } from "../signals/window.ts";
import { Turns } from "../turns.ts";
import { DriftWatch } from "./drift.ts";
import type { Cause, Drift, Event, State } from "./events.ts";
import type { Prediction, Predictor } from "./predictor.ts";
import { QualityWatch } from "./quality.ts";
import { Average, Smoother, Smoothing } from "./smoothing.ts";

const NO_SIGNAL = "no signal";

/** A classification as it steadies. */
interface Steady {
  readonly answer: Smoother;
  readonly familiarity: Average;
}

/** One athlete, live. How the samples are cut into pushes changes nothing. */
export class Stream {
  readonly spec: SignalSpec;
  readonly #windower: Windower;
  readonly #watch: QualityWatch;
  readonly #steady: ReadonlyMap<string, Steady>;
  readonly #drift: DriftWatch | null;
  readonly #turns = new Turns(); // windows are told in the order of their pushes
  #lastStartS: number | null = null;

  /**
   * @param predictor A bundle, with the athlete's own heads where there are some.
   * @param sourceHz Rate at which samples come.
   * @param smoothing How steady the answers are.
   */
  constructor(
    readonly predictor: Predictor,
    sourceHz: number = predictor.spec.rateHz,
    smoothing: Smoothing = new Smoothing(),
  ) {
    this.spec = predictor.spec;
    this.#windower = new Windower(this.spec, sourceHz);
    this.#watch = new QualityWatch(this.spec, sourceHz);
    const named = [...predictor.heads.values()].filter((head) => head.labels.length > 0);
    this.#steady = new Map(
      named.map(({ task }) => [
        task,
        {
          answer: new Smoother(smoothing, this.spec.hopS),
          familiarity: new Average(smoothing.kept(this.spec.hopS)),
        },
      ]),
    );
    const first = named[0];
    this.#drift = first ? new DriftWatch(predictor.bundle.manifest, this.#card(first.task)) : null;
  }

  /**
   * What the new samples tell, in the order of time. Both arrays may be used again at once.
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
    const quality = this.#watch.push(t, samples);
    const windows = this.#windower.push(t, samples);
    const states = await this.#turns.take(() => this.#read(windows));
    return [...quality, ...states].sort((one, other) => one.t_s - other.t_s);
  }

  async #read(windows: readonly Window[]): Promise<Event[]> {
    if (windows.length === 0) return [];
    const prediction = await this.predictor.predict(windows.map((window) => window.samples));
    return windows.flatMap((window, number) => this.#told(window, prediction, number));
  }

  #told({ startS, samples }: Window, prediction: Prediction, number: number): Event[] {
    const endS = startS + this.spec.windowS;
    if (this.#lastStartS === null || startS - this.#lastStartS > 1.5 * this.spec.hopS)
      this.#reset();
    this.#lastStartS = startS;
    const lost = this.#lost(samples);
    return [
      ...this.#watch.window(endS, samples),
      ...(lost.every(Boolean) ? [] : this.#drifts(endS, samples, prediction, number)),
      ...[...this.#steady.keys()].map((task) => this.#state(endS, task, prediction, number, lost)),
      ...[...prediction.values].map(([task, values]) => {
        return this.#value(endS, task, values[number]!, lost.every(Boolean));
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

  #reset(): void {
    for (const { answer, familiarity } of this.#steady.values()) {
      answer.reset();
      familiarity.reset();
    }
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
    if (lost.every(Boolean)) return { ...silent(t_s, task), confidence: 0 };
    const steady = this.#steady.get(task)!;
    const { held, average } = steady.answer.push(prediction.probabilities.get(task)!.row(number));
    const confidence = average[held]!;
    let familiarity = 1; // training's windows had all sensors: without one, all would be strange
    if (!lost.some(Boolean)) {
      const now = prediction.familiarity.get(task)![number]!;
      familiarity = steady.familiarity.push(Float64Array.of(now))[0]!;
    }
    const { cause, reason } = doubt(this.#card(task), confidence, familiarity);
    const movement = cause ? "" : this.predictor.heads.get(task)!.labels[held]!;
    const told = { movement, confidence, abstained: cause !== "", cause, reason };
    return { event: "state", t_s, task, ...told, value: null, unit: "" };
  }

  #value(t_s: number, task: string, value: number, isSilent: boolean): State {
    const told = { ...silent(t_s, task), unit: this.#card(task).unit };
    return isSilent ? told : { ...told, abstained: false, cause: "", reason: "", value };
  }

  #card(task: string): TaskCard {
    return this.predictor.bundle.manifest.tasks.find(({ name }) => name === task)!;
  }
}

/** What is told of a task where there is no signal. */
function silent(t_s: number, task: string): State {
  return {
    event: "state",
    t_s,
    task,
    movement: "",
    confidence: null,
    abstained: true,
    cause: "no_signal",
    reason: NO_SIGNAL,
    value: null,
    unit: "",
  };
}

/** Why a device says nothing, and the same with numbers; both empty where it answers. */
function doubt(card: TaskCard, confidence: number, familiarity: number) {
  const told = (cause: Cause, reason: string) => ({ cause, reason });
  if (familiarity < card.unknown_below) {
    const numbers = `familiarity ${brief(familiarity)} is below ${brief(card.unknown_below)}`;
    return told("unknown", `none of the movements: ${numbers}`);
  }
  if (confidence < card.abstain_below) {
    const numbers = `${confidence.toFixed(2)} is below ${card.abstain_below.toFixed(2)}`;
    return told("unsure", `confidence ${numbers}`);
  }
  return told("", "");
}

/** A number from 0 to 1 to two digits, as Python's `.2g` writes it. */
function brief(value: number): string {
  const [mantissa, exponent] = value.toExponential(1).split("e") as [string, string];
  if (Number(exponent) >= -4) return String(Number(value.toPrecision(2)));
  return `${Number(mantissa)}e-${exponent.slice(1).padStart(2, "0")}`;
}
