/** What the counter of sets does that Python's answers (`web/vectors`) are too short to show. */

import { deepEqual, equal, ok } from "node:assert/strict";
import { test } from "node:test";

import { SetCounter } from "../src/guidance/sets.ts";

const RATE_HZ = 25;
const LONGEST_SET_S = 300;

test("a set too long to be kept teaches nothing, and leaves what the one before taught", () => {
  const counter = new SetCounter(["wrist_acc_x", "wrist_acc_y", "wrist_acc_z"], RATE_HZ);
  counter.push(...session(0, [0, 4], [2, 6], [0, 12]));
  ok(counter.corrected(6));
  const taught = [...counter.templates];
  equal(taught.length, 1);
  const told = counter.push(...session(29, [4, 76], [0, 25]));
  const { began_s, ended_s, number } = told.find((one) => one.event === "set_ended")!;
  equal(number, 2);
  ok(ended_s - began_s > LONGEST_SET_S);
  for (const repetitions of [6, 76]) equal(counter.corrected(repetitions), null);
  deepEqual([...counter.templates], taught);
});

/**
 * What a watch feels of a forearm that swings out and back.
 *
 * @param parts Seconds a repetition, and how many; or 0, and seconds of standing still.
 */
function session(
  startS: number,
  ...parts: readonly (readonly [number, number])[]
): [Float64Array, Float32Array] {
  const angles = parts.flatMap(([seconds, count]) => {
    const size = Math.round((seconds || 1) * RATE_HZ);
    const turn = (at: number) => (seconds ? 0.6 * (1 - Math.cos((2 * Math.PI * at) / size)) : 0);
    return Array.from({ length: size * count }, (_, at) => turn(at % size));
  });
  const times = Float64Array.from(angles, (_, at) => startS + at / RATE_HZ);
  const felt = angles.flatMap((angle) => [9.81 * Math.sin(angle), 9.81 * Math.cos(angle), 0]);
  return [times, Float32Array.from(felt)];
}
