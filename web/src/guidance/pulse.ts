/** Which samples of a heart rate may be believed; the twin of `guidance/pulse.py`. */

import { HOLD_S } from "../signals/resample.ts";
import { type Answer, measured } from "./measure.ts";

const RANGE = [25, 230] as const;
const FASTEST_BPM_S = 25; // no heart changes faster
const SHORTEST_STEP_S = 1; // devices round and hold: a step within a second is a second's
export const FLAT_S = 60; // unchanged for so long is a stuck sensor

/** One heart rate, bpm. */
export function plausible(bpm: number): Answer {
  return Number.isNaN(bpm)
    ? { reason: "no_data", what: "heart_rate" }
    : measured("heart_rate", RANGE, bpm);
}

/** The heart rates with NaN for what no heart does; times rise. */
export function believed(t: readonly number[], bpm: readonly number[]): number[] {
  const [low, high] = RANGE;
  const possible = bpm.map((one) => (one >= low && one <= high ? one : Number.NaN));
  return withoutJumps(t, withoutStuck(t, possible));
}

/** The last believed one, unless it is older than 5 s. */
export function currentBpm(t: readonly number[], bpm: readonly number[], nowS: number): Answer {
  const at = t.findLastIndex((time, row) => {
    return time >= nowS - HOLD_S && time <= nowS && Number.isFinite(bpm[row]!);
  });
  return plausible(at < 0 ? Number.NaN : bpm[at]!);
}

/** Without runs that stay the same for too long, gaps apart. */
function withoutStuck(t: readonly number[], bpm: readonly number[]): number[] {
  const kept = [...bpm];
  const rows = [...bpm.keys()].filter((row) => Number.isFinite(bpm[row]!));
  let run: number[] = [];
  let lastedS = 0;
  const close = () => {
    if (lastedS > FLAT_S) for (const row of run) kept[row] = Number.NaN;
  };
  for (const [at, row] of rows.entries()) {
    const before = rows[at - 1];
    const stepS = before === undefined ? Number.POSITIVE_INFINITY : t[row]! - t[before]!;
    if (stepS <= HOLD_S && bpm[row] === bpm[before!]) {
      run.push(row);
      lastedS += stepS;
    } else {
      close();
      [run, lastedS] = [[row], 0];
    }
  }
  close();
  return kept;
}

/** Without what is further from the last believed one than a heart can go. */
function withoutJumps(t: readonly number[], bpm: readonly number[]): number[] {
  let last = -1;
  return bpm.map((one, row) => {
    if (!Number.isFinite(one)) return one;
    const stepS = last < 0 ? 0 : Math.max(t[row]! - t[last]!, SHORTEST_STEP_S);
    if (last >= 0 && Math.abs(one - bpm[last]!) > FASTEST_BPM_S * stepS) return Number.NaN;
    last = row;
    return one;
  });
}
