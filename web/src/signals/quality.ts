/** How much of a window was measured, and not bridged between samples or missing. */

import { isWaveform, type SignalSpec } from "./spec.ts";

const JITTER = 1.5; // of the window's step: samples further apart than this leave a hole

/**
 * The share of each window's time that samples of motion tell of, 0 to 1; of a pause longer than a
 * step of the window's rate (give or take half) only one step is known.
 *
 * @param t Seconds, never falling.
 * @param samples `(time, channel)`, NaN where unknown.
 * @param startsS When each window starts, on the same clock.
 * @param spec What a window is.
 */
export function heardShares(
  t: Float64Array,
  samples: Float32Array,
  startsS: readonly number[],
  spec: SignalSpec,
): Float64Array {
  const width = spec.channels.length;
  const motion = [...spec.channels.keys()].filter((at) => isWaveform(spec.channels[at]!));
  const asked = motion.length ? motion : [...spec.channels.keys()];
  const clock = t.filter((_, row) => {
    return asked.some((at) => Number.isFinite(samples[row * width + at]!));
  });
  if (clock.length === 0) return new Float64Array(startsS.length);
  const stepS = 1 / spec.rateHz;
  const heardS = new Float64Array(clock.length);
  for (let at = 1; at < clock.length; at++) {
    const pauseS = clock[at]! - clock[at - 1]!;
    heardS[at] = heardS[at - 1]! + (pauseS > JITTER * stepS ? stepS : pauseS);
  }
  const spanS = spec.windowS - stepS; // from the first sample of a window to its last
  return Float64Array.from(startsS, (start) => {
    const heard = interpolated(clock, heardS, start + spanS) - interpolated(clock, heardS, start);
    return Math.min(Math.max(heard / spanS, 0), 1);
  });
}

/** The value at a place between rising places; the first or last one beyond them. */
function interpolated(places: Float64Array, values: Float64Array, at: number): number {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return values[0]!;
  if (low === places.length) return values[low - 1]!;
  const [left, right] = [places[low - 1]!, places[low]!];
  const share = (at - left) / (right - left);
  return values[low - 1]! + share * (values[low]! - values[low - 1]!);
}
