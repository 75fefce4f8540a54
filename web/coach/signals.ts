/** Signals by what they measure: three axes of a sensor are one lane. */

import type { Values } from "./plot/line.ts";
import type { Plotted, Raw } from "./types.ts";

export interface Signals {
  readonly t: ArrayLike<number>;
  readonly channels: ReadonlyMap<string, Values>;
}

export interface Sensor {
  /** Such as `wrist_acc`. */
  readonly name: string;
  readonly unit: string;
  /** Axis (empty where there is one line alone) and channel. */
  readonly lines: readonly (readonly [string, Values])[];
}

export const HEART_RATE = "heart_rate";
const AXIS = /^(.+)_([xyz])$/;
const UNITS: readonly (readonly [RegExp, string])[] = [
  [/(^|_)l?acc$/, "m/s²"],
  [/(^|_)gyr$/, "rad/s"],
  [/(^|_)mag$/, "µT"],
  [/^heart_rate$/, "bpm"],
  [/_ms$/, "m/s"],
  [/_w$/, "W"],
  [/_rpm$/, "1/min"],
  [/_m$/, "m"],
  [/_deg$/, "°"],
  [/_s$/, "s"],
  [/_c$/, "°C"],
  [/_us$/, "µS"],
  [/_hpa$/, "hPa"],
  [/_lux$/, "lx"],
];

export function sensorsOf({ channels }: Signals): Sensor[] {
  const sensors = new Map<string, [string, Values][]>();
  for (const [channel, values] of channels) {
    const [, name = channel, axis = ""] = AXIS.exec(channel) ?? [];
    sensors.set(name, [...(sensors.get(name) ?? []), [axis, values]]);
  }
  return [...sensors].map(([name, lines]) => ({ name, unit: unitOf(name), lines }));
}

function unitOf(sensor: string): string {
  return UNITS.find(([pattern]) => pattern.test(sensor))?.[1] ?? "";
}

/** What the server drew of a recording. */
export function plottedSignals({ t = [], ...channels }: Plotted): Signals {
  return { t: t as number[], channels: new Map(Object.entries(channels)) };
}

/** What a phone sent: little-endian numbers in base64. */
export function rawSignals(raw: Raw): Signals {
  const t = new Float64Array(bytesOf(raw.t));
  const rows = new Float32Array(bytesOf(raw.samples));
  const width = raw.channels.length;
  const channels = raw.channels.map((name, at) => {
    return [name, Float32Array.from(t, (_, row) => rows[row * width + at]!)] as const;
  });
  return { t, channels: new Map(channels) };
}

function bytesOf(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer;
}
