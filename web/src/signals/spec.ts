/** What a window is: which channels, how fast, how long; and what a channel's name means. */

import { BundleError } from "../errors.ts";

const MOTION = /^(?:(?<placement>[a-z0-9_]+)_)?(?<sensor>acc|gyr|mag)_(?<axis>[xyz])$/;
const LARGEST = 1e6; // Hz, or s: more is a wrong unit
const WAVE = /^(?:[a-z0-9_]+_)?(?<sensor>ppg|bvp|ecg|emg)(?:_[a-z0-9]+)?$/;

/** Whether a channel is an axis of an accelerometer, gyroscope or magnetometer. */
export function isMotion(channel: string): boolean {
  return MOTION.test(channel);
}

/** The sensor part of a channel's name: `acc` of `right_arm_acc_x`. */
export function sensorOf(channel: string): string {
  return MOTION.exec(channel)?.groups?.sensor ?? channel;
}

/** Where a motion sensor sits: `right_arm` of `right_arm_acc_x`; empty where untold. */
export function placementOf(channel: string): string {
  return MOTION.exec(channel)?.groups?.placement ?? "";
}

/** Whether a channel is a wave between its samples (motion, pulse, muscle), not a held value. */
export function isWaveform(channel: string): boolean {
  return MOTION.test(channel) || WAVE.test(channel);
}

/** Positions of each complete x, y, z triple. */
export function triads(channels: readonly string[]): number[][] {
  const stems = new Set(channels.filter(isMotion).map((name) => name.slice(0, -2)));
  return [...stems]
    .map((stem) => ["x", "y", "z"].map((axis) => channels.indexOf(`${stem}_${axis}`)))
    .filter((triad) => triad.every((at) => at >= 0));
}

/** Positions of each sensor's channels: what falls silent together. */
export function sensors(channels: readonly string[]): number[][] {
  const found = new Map<string, number[]>();
  for (const [index, name] of channels.entries()) {
    const stem = isMotion(name) ? name.slice(0, -2) : name;
    found.set(stem, [...(found.get(stem) ?? []), index]);
  }
  return [...found.values()];
}

/** One window: `(channel, time)` at a fixed rate. */
export class SignalSpec {
  /** Samples in a window. */
  readonly windowSamples: number;
  /** Samples from one window's start to the next one's, rounded down. */
  readonly hopSamples: number;

  constructor(
    readonly channels: readonly string[],
    readonly rateHz: number,
    readonly windowS: number,
    readonly hopS: number,
  ) {
    if (channels.length === 0 || new Set(channels).size < channels.length) {
      throw new BundleError(
        `The channels are [${channels}]: at least one is needed, and each name once.`,
      );
    }
    if (![rateHz, windowS, hopS].every((value) => value > 0 && value <= LARGEST)) {
      throw new BundleError(
        `Rate, window and hop are ${rateHz} Hz, ${windowS} s and ${hopS} s: all must be positive, ` +
          `and at most ${LARGEST}.`,
      );
    }
    this.windowSamples = roundHalfEven(windowS * rateHz);
    this.hopSamples = Math.max(1, Math.floor(hopS * rateHz + 1e-9));
    if (this.windowSamples < 4) {
      throw new BundleError(
        `A window of ${windowS} s at ${rateHz} Hz has ${this.windowSamples} samples: at least 4 ` +
          "are needed.",
      );
    }
  }
}

/** As Python rounds: a half goes to the even neighbour. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  return value - below === 0.5 ? below + (below % 2) : Math.round(value);
}
