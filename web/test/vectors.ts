/** What Python writes for the checks (`web/vectors`). */

import type { Own } from "../src/guidance/own.ts";
import type { Day } from "../src/guidance/profile.ts";
import type { Template } from "../src/guidance/template.ts";
import type { GuidanceTexts } from "../src/guidance/wording.ts";
import type { Event, Rep } from "../src/index.ts";
import type { Numbers } from "./expect.ts";

/** Reads a file of the vectors. */
export type Load = (name: string) => Promise<Uint8Array<ArrayBuffer>>;

/** Samples, and where to cut them into pushes. */
export interface Pushes {
  readonly t: Numbers;
  readonly samples: Numbers;
  readonly cuts: readonly number[];
  readonly source_hz: number;
}

export interface OwnHead {
  readonly labels: readonly string[];
  readonly weight: Numbers;
  readonly bias: Numbers;
  readonly temperature: number;
  readonly sums: Numbers;
}

/** How to make a damaged file, and whether Python takes it. */
export interface Damage {
  readonly name: string;
  readonly taken: boolean;
  readonly cut?: number;
  readonly flip?: number;
  readonly base64?: string;
}

type ByTask<T> = Readonly<Record<string, T>>;

export interface Vectors {
  readonly resample: readonly (Pushes & {
    readonly rate_hz: number;
    readonly frames: Numbers;
  })[];
  readonly windows: {
    readonly source_hz: number;
    readonly start_s: readonly number[];
    readonly samples: Numbers;
    readonly scaled: Numbers;
    readonly features: Numbers;
    readonly features_int8: Numbers;
    readonly scores: ByTask<Numbers>;
    readonly probabilities: ByTask<Numbers>;
    readonly familiarity: ByTask<Numbers>;
    readonly values: ByTask<Numbers>;
  };
  readonly smoothing: readonly {
    readonly memory_s: number;
    readonly hold_s: number;
    readonly opinions: Numbers;
    readonly held: readonly number[];
    readonly averages: Numbers;
  }[];
  readonly streams: readonly (Pushes & {
    readonly name: string;
    readonly own: boolean;
    readonly events: readonly Event[];
  })[];
  readonly personal: {
    readonly athlete: string;
    readonly created: string;
    readonly heads: ByTask<OwnHead>;
    readonly shots: ByTask<Readonly<Record<string, number>>>;
    readonly scores: ByTask<Readonly<Record<string, number>>>;
    readonly reasons: ByTask<string>;
  };
  readonly guard: readonly {
    readonly task: string;
    readonly features: Numbers;
    readonly labels: readonly (string | number)[];
    readonly recording: readonly number[];
    readonly start_s: readonly number[];
    readonly weights: readonly number[];
    readonly groups: readonly number[];
    readonly live: boolean;
    readonly step: number;
    readonly reason: string;
    readonly scores: readonly number[];
    readonly head: OwnHead;
  }[];
  readonly guidance: {
    readonly rules: unknown;
    readonly texts: GuidanceTexts;
    readonly cases: readonly {
      readonly name: string;
      readonly day: Day | null;
      readonly language: "en" | "zh";
      readonly usual: Readonly<Record<string, readonly Own[]>>;
      readonly t: Numbers;
      readonly bpm: Numbers;
      readonly events: readonly Event[];
      readonly told: readonly Event[];
    }[];
    readonly own: readonly { readonly reps: readonly Rep[]; readonly own: Own | null }[];
  };
  readonly counting: readonly (Pushes & {
    readonly name: string;
    readonly channels: readonly string[];
    readonly movements: readonly string[];
    readonly states: readonly Event[];
    readonly told: readonly Event[];
    readonly own: readonly Template[];
    readonly corrections: readonly {
      readonly repetitions: number;
      readonly template: Template | null;
    }[];
  })[];
  readonly exercises: { readonly names: readonly string[]; readonly exercises: readonly string[] };
  readonly bundles: readonly Damage[];
  readonly heads: readonly Damage[];
}

export async function vectorsFrom(load: Load): Promise<Vectors> {
  return JSON.parse(new TextDecoder().decode(await load("vectors.json")));
}

export function float32({ data }: Numbers): Float32Array {
  return Float32Array.from(data, (value) => value ?? Number.NaN);
}

export function float64({ data }: Numbers): Float64Array {
  return Float64Array.from(data, (value) => value ?? Number.NaN);
}

/** The samples in the pushes that the cuts make of them. */
export function pushesOf({ t, samples, cuts }: Pushes): [Float64Array, Float32Array][] {
  const [times, values] = [float64(t), float32(samples)];
  const width = values.length / times.length;
  const borders = [0, ...cuts, times.length];
  return borders.slice(1).map((end, at) => {
    const start = borders[at]!;
    return [times.slice(start, end), values.slice(start * width, end * width)];
  });
}

/** The file as it is damaged. */
export function damaged(whole: Uint8Array, { cut, flip, base64 }: Damage): Uint8Array {
  if (base64 !== undefined) return Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
  const copy = whole.slice(0, cut);
  if (flip !== undefined) copy[flip]! ^= 0xff;
  return copy;
}
