/** The clock of a stream: what comes late is left out, and where it leaps all starts anew. */

import { fixed } from "../numbers.ts";
import { measuredHz } from "../signals/resample.ts";
import { isWaveform } from "../signals/spec.ts";
import type { Quality } from "./events.ts";

const SAME_S = 1e-5; // a sample this much newer than the last one is that one, rounded otherwise
export const FASTEST_HZ = 1e4; // of any sensor
const FAR_S = 1e11; // no clock of a device is further from its zero: that is no time
const LATE_S = 2; // a sample this much older than the last one is late; an older one: a new clock
const LEAP_S = 60; // after a longer pause nothing of before matters
const CALM_S = 10; // without a late sample, until the next one is told again
const [RATE_S, RATE_SAMPLES, MOST_SAMPLES] = [10, 20, 5000]; // what a rate is measured on
const RATE_CHANGE = 1.25; // times as fast, or as slow; jitter and single lost samples make less

/** Samples of a push whose clock runs on, at one rate. */
export interface Stretch {
  /** Their numbers in the push; those left out are not among them. */
  readonly rows: number[];
  /** Typical rate. */
  readonly sourceHz: number;
  /** Whether what came before has nothing to do with it. */
  readonly isNew: boolean;
  /** What the clock tells. */
  readonly told: Quality[];
}

/** Puts the samples of one stream in order. How they are cut into pushes changes nothing. */
export class Clock {
  readonly #hasRate: boolean;
  #sourceHz: number;
  #lastS: number | null = null;
  #lateS: number | null = null; // when the last late sample came
  #block: number[] = []; // times on which the rate is being measured

  /**
   * @param sourceHz Typical rate, until another one is measured.
   * @param channels Named in what is told. Values that are held, such as a heart rate, come when they
   *   change: without a wave among them there is no rate to measure.
   */
  constructor(
    sourceHz: number,
    private readonly channels: readonly string[],
  ) {
    this.#sourceHz = sourceHz;
    this.#hasRate = channels.some(isWaveform);
  }

  /** The stretches of a push, in the order of their coming; times are in seconds. */
  push(t: Float64Array): Stretch[] {
    const stretches: Stretch[] = [this.#stretch(false)];
    for (const [row, nowS] of t.entries()) this.#place(row, nowS, stretches);
    return stretches;
  }

  #stretch(isNew: boolean, told: Quality[] = []): Stretch {
    return { rows: [], sourceHz: this.#sourceHz, isNew, told };
  }

  /** Leave a sample out, add it to the last stretch, or begin another with it. */
  #place(row: number, nowS: number, stretches: Stretch[]): void {
    const lastS = this.#lastS;
    const stepS = lastS === null ? Infinity : nowS - lastS;
    if (!(Math.abs(nowS) <= FAR_S) || (stepS <= SAME_S && stepS >= -LATE_S)) {
      stretches.at(-1)!.told.push(...this.#late());
      return;
    }
    if (stepS < 0 || stepS > LEAP_S) {
      this.#lateS = null;
      this.#block = [];
      const told = stepS < 0 ? [this.#setBack(nowS, -stepS)] : [];
      if (lastS !== null) stretches.push(this.#stretch(true, told));
    }
    stretches.at(-1)!.rows.push(row);
    this.#lastS = nowS;
    if (!this.#hasRate) return;
    this.#block.push(nowS);
    const changed = this.#measured(nowS);
    if (changed) stretches.push(this.#stretch(true, [changed]));
  }

  /** That the rate is another one, once enough samples say so. */
  #measured(nowS: number): Quality | null {
    const block = this.#block;
    const long = nowS - block[0]! >= RATE_S || block.length >= MOST_SAMPLES;
    if (block.length < RATE_SAMPLES || !long) return null;
    this.#block = [];
    const rateHz = anotherHz(block, this.#sourceHz);
    if (rateHz === null) return null;
    const [now, before] = [fixed(rateHz, 1), fixed(this.#sourceHz, 1)];
    this.#sourceHz = rateHz;
    return this.#quality(nowS, "rate", `Samples come at ${now} Hz instead of ${before} Hz.`);
  }

  /** As of the last sample that had a time; of 0 where none had. */
  #late(): Quality[] {
    const atS = this.#lastS ?? 0;
    const isFirst = this.#lateS === null || atS - this.#lateS > CALM_S;
    this.#lateS = atS;
    const text = "Samples come late, twice or without a time: they are left out.";
    return isFirst ? [this.#quality(atS, "late", text)] : [];
  }

  #setBack(nowS: number, seconds: number): Quality {
    const text = `The clock was set back by ${fixed(seconds, 1)} s: windows start anew.`;
    return this.#quality(nowS, "clock", text, seconds);
  }

  #quality(t_s: number, kind: Quality["kind"], text: string, seconds = 0): Quality {
    return { event: "quality", t_s, kind, channels: this.channels, text, seconds };
  }
}

/**
 * The rate, where it is another one: by the usual step, steadily, and by how many there are; else null.
 *
 * Two streams that take turns have two usual steps, and a stream that loses samples has few.
 */
function anotherHz(times: readonly number[], sourceHz: number): number | null {
  const middle = Math.ceil(times.length / 2);
  const hz = (part: readonly number[]) => measuredHz(Float64Array.from(part));
  const seconds = times.at(-1)! - times[0]!;
  const usual = Math.min(hz(times), FASTEST_HZ);
  const counted = Math.min((times.length - 1) / seconds, FASTEST_HZ);
  const isSteady = !differ(hz(times.slice(0, middle)), hz(times.slice(middle)));
  const isAnother = differ(usual, sourceHz) && differ(counted, sourceHz);
  const sameWay = usual > sourceHz === counted > sourceHz;
  return isSteady && isAnother && sameWay ? usual : null;
}

function differ(oneHz: number, otherHz: number): boolean {
  return Math.max(oneHz, otherHz) > RATE_CHANGE * Math.min(oneHz, otherHz);
}
