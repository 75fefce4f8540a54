/** From values to pixels, and where to write numbers beside them. */

export type Range = readonly [number, number];

/** A straight line from a domain to pixels. */
export class Scale {
  constructor(
    readonly domain: Range,
    readonly pixels: Range,
  ) {}

  at(value: number): number {
    const [[low, high], [start, end]] = [this.domain, this.pixels];
    return start + ((value - low) / (high - low || 1)) * (end - start);
  }

  /** The value of a pixel. */
  back(pixel: number): number {
    const [[low, high], [start, end]] = [this.domain, this.pixels];
    return low + ((pixel - start) / (end - start || 1)) * (high - low);
  }
}

const STEPS = [1, 2, 5, 10];
const SECONDS = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 86400,
];

/** Round values within a range, about so many. */
export function ticks([low, high]: Range, count: number): number[] {
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough || 1));
  return multiples([low, high], power * STEPS.find((step) => step * power >= rough)!);
}

/** The same of seconds, in steps of a clock. */
export function timeTicks([low, high]: Range, count: number): number[] {
  const rough = (high - low) / Math.max(1, count);
  return multiples([low, high], SECONDS.find((step) => step >= rough) ?? SECONDS.at(-1)!);
}

function multiples([low, high]: Range, step: number): number[] {
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => {
    return Number(((first + at) * step).toFixed(digits));
  });
}

/** A range of values with a little room around them; of none, 0 to 1. */
export function around(values: Iterable<number | null>): Range {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0, 1];
  const room = (high - low) * 0.06 || Math.abs(high) * 0.06 || 1;
  return [low - room, high + room];
}
