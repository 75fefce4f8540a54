/** Labelled stretches of a recording: each moment has one label at most. */

import type { Stretch } from "./types.ts";

const SHORTEST_S = 0.05; // less of a stretch that is cut is a sample or two that were left over

/** A new stretch over the others: what it covers of them is its own now. */
export function laid(stretches: readonly Stretch[], one: Stretch): Stretch[] {
  const others = stretches.flatMap((other) => {
    if (other.to_s < one.from_s || other.from_s > one.to_s) return [other];
    const before = { ...other, to_s: Math.min(other.to_s, one.from_s) };
    const after = { ...other, from_s: Math.max(other.from_s, one.to_s) };
    return [before, after].filter(isLong);
  });
  return [...others, one].sort((a, b) => a.from_s - b.from_s);
}

export function without(stretches: readonly Stretch[], one: Stretch): Stretch[] {
  return stretches.filter((other) => other !== one);
}

function isLong({ from_s, to_s }: Stretch): boolean {
  return to_s - from_s > SHORTEST_S;
}
