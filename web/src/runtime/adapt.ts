/** An athlete's own heads from their labelled recordings, kept only where the guard allows it. */

import type { PersonalHead } from "../bundle/personal.ts";
import { classIn, meanIn, type SpanS, windowsIn } from "../data/cutting.ts";
import type { Recording } from "../data/recording.ts";
import { DataError } from "../errors.ts";
import { type GuardVerdict, guarded } from "../heads/guard.ts";
import type { Head } from "../heads/linear.ts";
import type { Labels } from "../heads/personal.ts";
import type { SignalSpec } from "../signals/spec.ts";
import type { Predictor } from "./predictor.ts";

const VALUES = ""; // the name under which windows of a regression are counted
const BLOCKS = 5; // a label's windows are left out by the guard in so many stretches of time

/** Windows of one label, or of a known value, each, in the order of time. */
interface Labelled {
  readonly windows: readonly Float32Array[];
  readonly labels: Labels;
}

/**
 * Learn an athlete's heads; a task without labels keeps the shared one.
 *
 * @param predictor The bundle with its shared heads.
 * @param recordings Of one athlete, labelled under the bundle's names of tasks.
 * @param created When; goes to the file.
 * @param weight One window of the athlete counts as so many of training.
 */
export async function personalHead(
  predictor: Predictor,
  recordings: readonly Recording[],
  created: Date,
  weight: number,
): Promise<PersonalHead> {
  const athlete = onlyAthlete(recordings);
  const verdicts = new Map<string, GuardVerdict>();
  const shots = new Map<string, ReadonlyMap<string, number>>();
  for (const [task, head] of predictor.bundle.heads) {
    const { windows, labels } = labelled(recordings, predictor.spec, head);
    if (windows.length === 0) continue;
    const kinds = labels.map((label) => (head.labels.length ? String(label) : VALUES));
    const features = await predictor.features(windows);
    shots.set(task, counted(kinds));
    verdicts.set(task, guarded(head, features, labels, blocks(kinds), weight));
  }
  if (verdicts.size === 0) {
    throw new DataError(
      `The recordings of '${athlete}' hold no window of one label, or of a known value, of ` +
        `[${[...predictor.bundle.heads.keys()]}]: label at least ${predictor.spec.windowS} s of ` +
        "each movement.",
    );
  }
  const live = [...verdicts].filter(([, verdict]) => verdict.live);
  return {
    athlete,
    bodySha256: predictor.bundle.bodySha256,
    created: `${created.toISOString().slice(0, 19)}+00:00`,
    heads: new Map(live.map(([task, verdict]) => [task, verdict.head])),
    shots,
    scores: new Map([...verdicts].map(([task, verdict]) => [task, scoresOf(verdict)])),
    reasons: new Map([...verdicts].map(([task, verdict]) => [task, verdict.reason])),
  };
}

/** Of each window, which stretch of time within its label it lies in; neighbours overlap. */
export function blocks(labels: readonly string[]): number[] {
  const numbers = new Array<number>(labels.length);
  let first = 0;
  for (const label of new Set(labels)) {
    const rows = [...labels.keys()].filter((row) => labels[row] === label);
    const count = Math.min(rows.length, BLOCKS);
    for (const [at, row] of rows.entries()) {
      numbers[row] = first + Math.floor((at * count) / rows.length);
    }
    first += count;
  }
  return numbers;
}

/** Windows of which one label covers nearly all, or whose mean value is known. */
function labelled(recordings: readonly Recording[], spec: SignalSpec, head: Head): Labelled {
  const windows: Float32Array[] = [];
  const labels: (string | number)[] = [];
  for (const recording of recordings) {
    for (const { startS, samples } of windowsIn(recording, spec)) {
      const truth = truthOf(recording, head, [startS, startS + spec.windowS]);
      if (truth === "" || Number.isNaN(truth)) continue;
      windows.push(samples);
      labels.push(truth);
    }
  }
  return { windows, labels };
}

function truthOf(recording: Recording, head: Head, spanS: SpanS): string | number {
  return head.labels.length
    ? classIn(recording, head.task, spanS)
    : meanIn(recording, head.task, spanS);
}

function counted(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function scoresOf({ sharedScore, personalScore }: GuardVerdict): Map<string, number> {
  return new Map([
    ["shared_score", sharedScore],
    ["personal_score", personalScore],
  ]);
}

function onlyAthlete(recordings: readonly Recording[]): string {
  const athletes = [...new Set(recordings.map((recording) => recording.athlete))];
  if (athletes.length !== 1) {
    throw new DataError(`The recordings are of [${athletes}]: exactly one athlete is needed.`);
  }
  return athletes[0]!;
}
