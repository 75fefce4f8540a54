/** What sensors give, as rows in the bundle's order of channels. */

import type { Manifest } from "../src/index.ts";
import { feltGravity } from "../src/runtime/drift.ts";
import { placementOf, sensorOf, triads } from "../src/signals/spec.ts";

export const HEART_RATE = "heart_rate";

/** Samples of a session, in SI units, NaN where unknown. */
export interface Samples {
  /** Seconds since the session's start, rising. */
  readonly t: Float64Array;
  /** `(time, channel)`, row after row, in the bundle's order. */
  readonly rows: Float32Array;
  /** Heart rate, one for each time. */
  readonly bpm: Float32Array;
}

export type Axes = readonly [number, number, number];

interface Reading {
  readonly tS: number;
  readonly acc?: Axes;
  readonly gyr?: Axes;
  readonly bpm?: number;
}

/** Where the bundle's motion sensors sit; empty where it does not say. */
export function placementsOf(channels: readonly string[]): string[] {
  const known = triads(channels).map((triad) => placementOf(channels[triad[0]!]!));
  return [...new Set(known)];
}

/** Whether the bundle's accelerometer was one that feels gravity, and not one freed of it. */
export function feelsGravity(manifest: Manifest, placement: string): boolean {
  const { channels } = manifest.signals;
  const axes = [...channels.keys()]
    .filter((at) => sensorOf(channels[at]!) === "acc")
    .filter((at) => placementOf(channels[at]!) === placement);
  return feltGravity(manifest, axes);
}

/** Gathers the readings of several sensors on one clock. */
export class Collector {
  #readings: Reading[] = [];
  readonly #columns: ReadonlyMap<string, number>;

  /** @param placement Which of the bundle's places the phone is worn at. */
  constructor(
    private readonly channels: readonly string[],
    private readonly placement: string,
  ) {
    this.#columns = new Map(channels.map((channel, at) => [channel, at]));
  }

  push(reading: Reading): void {
    this.#readings.push(reading);
  }

  /** What came since the last time. */
  take(): Samples {
    const readings = this.#readings.sort((one, other) => one.tS - other.tS);
    this.#readings = [];
    const width = this.channels.length;
    const rows = new Float32Array(readings.length * width).fill(Number.NaN);
    for (const [at, reading] of readings.entries()) {
      this.#write(rows.subarray(at * width, (at + 1) * width), reading);
    }
    return {
      t: Float64Array.from(readings, ({ tS }) => tS),
      rows,
      bpm: Float32Array.from(readings, ({ bpm }) => bpm ?? Number.NaN),
    };
  }

  #write(row: Float32Array, { acc, gyr, bpm }: Reading): void {
    const prefix = this.placement ? `${this.placement}_` : "";
    for (const [sensor, values] of [["acc", acc] as const, ["gyr", gyr] as const]) {
      for (const [axis, value] of (values ?? []).entries()) {
        const column = this.#columns.get(`${prefix}${sensor}_${"xyz"[axis]}`);
        if (column !== undefined) row[column] = value;
      }
    }
    const column = this.#columns.get(HEART_RATE);
    if (column !== undefined && bpm !== undefined) row[column] = bpm;
  }
}

/** The pieces of a session, one after the other. */
export function joinedSamples(pieces: readonly Samples[]): Samples {
  return {
    t: Float64Array.from(pieces.flatMap(({ t }) => [...t])),
    rows: Float32Array.from(pieces.flatMap(({ rows }) => [...rows])),
    bpm: Float32Array.from(pieces.flatMap(({ bpm }) => [...bpm])),
  };
}
