/** The sensors that an athlete chose, started together and read together. */

import type { Recording } from "../src/index.ts";
import type { Model } from "./model.ts";
import { askForMotion, followMotion, type MotionTrouble } from "./motion.ts";
import { Replay } from "./replay.ts";
import { Collector, feelsGravity, joinedSamples, type Samples } from "./samples.ts";
import type { Strap } from "./strap.ts";

const USUAL_HZ = 60; // of a phone's motion, until it says otherwise
const SILENT_S = 2; // a sensor that gives nothing for so long is lost

/** Where samples come from, live. */
export interface Sensors {
  /** Rate of the samples. */
  readonly sourceHz: number;
  readonly isOver: boolean;
  /** Whether nothing has come for a while. */
  readonly isSilent: boolean;
  take(): Samples;
  stop(): void;
}

/** The heart rates of a strap, wherever they are needed. */
export type HeartFeed = { listener: ((bpm: number) => void) | null; strap: Strap | null };

/** The phone's motion, and a strap's heart rate if there is one. Must be called from a tap. */
export async function phoneSensors(
  model: Model,
  placement: string,
  heart: HeartFeed,
): Promise<Sensors | MotionTrouble> {
  const trouble = await askForMotion();
  if (trouble) return trouble;
  return new PhoneSensors(model, placement, heart);
}

class PhoneSensors implements Sensors {
  readonly isOver = false;
  sourceHz = USUAL_HZ;
  readonly #startS = performance.now() / 1000;
  #heardS = this.#startS;
  readonly #collector: Collector;
  readonly #stop: () => void;

  constructor(
    model: Model,
    placement: string,
    private readonly heart: HeartFeed,
  ) {
    const { manifest } = model.student.bundle;
    this.#collector = new Collector(manifest.signals.channels, placement);
    this.#stop = followMotion(feelsGravity(manifest, placement), ({ tS, ...motion }, everyMs) => {
      if (everyMs > 0) this.sourceHz = 1000 / everyMs;
      this.#heardS = performance.now() / 1000;
      this.#collector.push({ ...motion, tS: tS - this.#startS });
    });
    heart.listener = (bpm) => {
      this.#collector.push({ tS: performance.now() / 1000 - this.#startS, bpm });
    };
  }

  get isSilent(): boolean {
    return performance.now() / 1000 - this.#heardS > SILENT_S;
  }

  take(): Samples {
    return this.#collector.take();
  }

  stop(): void {
    this.#stop();
    this.heart.listener = null;
  }
}

/** A recording, so many times as fast as it happened. */
export class ReplaySensors implements Sensors {
  readonly isSilent = false;
  readonly #replay: Replay;

  constructor(
    model: Model,
    recording: Recording,
    readonly sourceHz: number,
    speed: number,
  ) {
    const { channels } = model.student.bundle.manifest.signals;
    this.#replay = new Replay(recording, channels, speed);
  }

  get isOver(): boolean {
    return this.#replay.isOver;
  }

  take(): Samples {
    return this.#replay.take(performance.now());
  }

  stop(): void {}
}

/** All that sensors gave while an athlete showed something. */
export class Shown {
  readonly #pieces: Samples[] = [];

  add(samples: Samples): void {
    if (samples.t.length > 0) this.#pieces.push(samples);
  }

  /** All of it, on a clock that begins at 0. */
  get samples(): Samples {
    const all = joinedSamples(this.#pieces);
    const startS = all.t[0] ?? 0;
    return { ...all, t: all.t.map((time) => time - startS) };
  }

  get lastsS(): number {
    const [first, last] = [this.#pieces[0]?.t[0], this.#pieces.at(-1)?.t.at(-1)];
    return first === undefined ? 0 : last! - first;
  }
}
