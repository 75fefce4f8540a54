/** Windows of one recording and what they show: the same for training and for a device. */

import { measuredHz } from "../signals/resample.ts";
import type { SignalSpec } from "../signals/spec.ts";
import { type Window, windowsOf } from "../signals/window.ts";
import type { Recording } from "./recording.ts";

const PURITY = 0.9; // share of a window's samples that one label must cover

/** A stretch of time, from and to, on the recording's clock. */
export type SpanS = readonly [number, number];

/** All windows of a recording that hold a signal, in the order of time. */
export function windowsIn(recording: Recording, spec: SignalSpec): Window[] {
  const samples = recording.samples(spec.channels);
  const windows = windowsOf(recording.t, samples, spec, measuredHz(recording.t));
  return windows.filter((window) => window.samples.some(Number.isFinite));
}

/** The one label that covers a stretch of time, and its share of the samples; empty if none does. */
export function classIn(recording: Recording, task: string, spanS: SpanS): [string, number] {
  const names = recording.labels.get(task)?.slice(...rowsIn(recording, spanS)) ?? [];
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const covering = [...counts].find(([, count]) => count / names.length >= PURITY);
  return covering ? [covering[0], covering[1] / names.length] : ["", 0];
}

/** Mean of a column of numbers over a stretch of time; NaN where nothing is known. */
export function meanIn(recording: Recording, task: string, spanS: SpanS): number {
  const values = recording.channels.get(task)?.subarray(...rowsIn(recording, spanS)) ?? [];
  const known = Array.from(values).filter(Number.isFinite);
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

function rowsIn({ t }: Recording, spanS: SpanS): [number, number] {
  return [firstFrom(t, spanS[0]), firstFrom(t, spanS[1])];
}

/** The first row at or after a time, of a clock that never falls. */
export function firstFrom(t: ArrayLike<number>, time: number): number {
  let [low, high] = [0, t.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (t[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
