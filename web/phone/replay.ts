/** A recording in place of sensors, played as if it happened now. */

import { Recording } from "../src/index.ts";
import { HEART_RATE, type Samples } from "./samples.ts";

export class Replay {
  #row = 0;
  #startedMs: number | null = null;

  constructor(
    readonly recording: Recording,
    private readonly channels: readonly string[],
    private readonly speed: number,
  ) {}

  get isOver(): boolean {
    return this.#row >= this.recording.t.length;
  }

  /** What has happened since the last time; the clock starts at 0 with the first. */
  take(nowMs: number): Samples {
    this.#startedMs ??= nowMs;
    const { t } = this.recording;
    const untilS = t[0]! + ((nowMs - this.#startedMs) / 1000) * this.speed;
    const from = this.#row;
    while (this.#row < t.length && t[this.#row]! <= untilS) this.#row += 1;
    return this.#between(from, this.#row);
  }

  #between(from: number, to: number): Samples {
    const { athlete, name, t, channels } = this.recording;
    const cut = new Map([...channels].map(([key, values]) => [key, values.subarray(from, to)]));
    const clock = t.subarray(from, to);
    const piece = new Recording(athlete, name, clock, cut);
    return {
      t: clock.map((time) => time - t[0]!),
      rows: piece.samples(this.channels),
      bpm: piece.samples([HEART_RATE]),
    };
  }
}
