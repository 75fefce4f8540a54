/** What a recording must be for a bundle to learn from it. */

import type { Recording } from "../data/recording.ts";
import { DataError } from "../errors.ts";
import { measuredHz } from "../signals/resample.ts";
import { isWaveform, type SignalSpec } from "../signals/spec.ts";
import { SLOWEST } from "./stream.ts";

const ROUNDING_HZ = 1e-6; // a clock's steps are no exact fractions

/**
 * An athlete's recordings to learn from, each once: of a copy no part would be unseen. Throws
 * `DataError` where no channel is the bundle's, samples are too slow, or the same samples are there
 * again with other labels.
 */
export function usable(recordings: readonly Recording[], spec: SignalSpec): Recording[] {
  checkChannels(recordings, spec);
  for (const recording of recordings) checkRate(recording, spec);
  const kept: Recording[] = [];
  for (const one of recordings) {
    const samples = one.samples(spec.channels);
    if (!samples.some(Number.isFinite)) continue;
    const first = kept.find((other) => {
      return areEqual(one.t, other.t) && areEqual(samples, other.samples(spec.channels));
    });
    if (!first) kept.push(one);
    else if (!tellTheSame(first, one)) {
      throw new DataError(
        `Two recordings of '${one.athlete}', '${first.name}' and '${one.name}', are the same ` +
          "samples with other labels: give them once, with all of their labels.",
      );
    }
  }
  return kept;
}

function checkChannels(recordings: readonly Recording[], { channels }: SignalSpec): void {
  const held = [...new Set(recordings.flatMap((recording) => [...recording.channels.keys()]))];
  if (!held.some((name) => channels.includes(name))) {
    throw new DataError(
      `The recordings have the channels [${held.slice(0, 12)}] and the bundle reads [${channels}]: ` +
        "none is in both; was the device worn elsewhere, or is a column named otherwise?",
    );
  }
}

/** Samples slower than half of the bundle's rate, as a stream has it; none shorter than a window. */
function checkRate({ athlete, name, t, channels }: Recording, spec: SignalSpec): void {
  const waves = spec.channels.filter(isWaveform);
  const isLong = t.length > 0 && t.at(-1)! - t[0]! >= spec.windowS;
  if (!isLong || !waves.some((wave) => channels.has(wave))) return;
  const sourceHz = measuredHz(t);
  if (sourceHz < SLOWEST * spec.rateHz - ROUNDING_HZ) {
    throw new DataError(
      `Recording '${name}' of '${athlete}': samples come at ${Number(sourceHz.toPrecision(3))} Hz, ` +
        `the model needs ${spec.rateHz}, and half of that at least: is t in seconds?`,
    );
  }
}

function tellTheSame(one: Recording, other: Recording): boolean {
  return haveSame(one.channels, other.channels) && haveSame(one.labels, other.labels);
}

function haveSame<Column extends ArrayLike<unknown>>(
  columns: ReadonlyMap<string, Column>,
  others: ReadonlyMap<string, Column>,
): boolean {
  const equal = ([name, values]: [string, Column]) => areEqual(values, others.get(name) ?? []);
  return columns.size === others.size && [...columns].every(equal);
}

function areEqual(values: ArrayLike<unknown>, others: ArrayLike<unknown>): boolean {
  if (values.length !== others.length) return false;
  for (let at = 0; at < values.length; at++) {
    if (!Object.is(values[at], others[at])) return false;
  }
  return true;
}
