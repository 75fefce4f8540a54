/** An athlete's own heads from their labelled recordings, kept only where the guard allows it. */

import type { PersonalHead } from "../bundle/personal.ts";
import { classIn, meanIn, type SpanS, windowsIn } from "../data/cutting.ts";
import type { Recording } from "../data/recording.ts";
import { blocksOf } from "../data/split.ts";
import { DataError } from "../errors.ts";
import { type GuardVerdict, guarded } from "../heads/guard.ts";
import type { Head } from "../heads/linear.ts";
import type { Labels } from "../heads/personal.ts";
import { heardShares } from "../signals/quality.ts";
import type { SignalSpec } from "../signals/spec.ts";
import { usable } from "./checks.ts";
import type { Predictor } from "./predictor.ts";

const VALUES = ""; // the name under which windows of a regression are counted
const WORST = 0.05; // no labelled window is worth less

/** Windows of one label, or of a known value, each, in the order of time. */
interface Labelled {
  readonly windows: readonly Float32Array[];
  readonly labels: Labels;
  /** Each window's number of the recording, and its start on that clock. */
  readonly recording: readonly number[];
  readonly startS: readonly number[];
  /**
   * Above 0 to 1: the share of its samples that bear the label, times the share of its time that was
   * measured, times its channels that are there as a share of the most that any of these has.
   */
  readonly quality: Float64Array;
}

/**
 * Learn an athlete's heads; a task without labels keeps the shared one.
 *
 * @param predictor The bundle with its shared heads.
 * @param recordings Of one athlete, labelled under the bundle's names of tasks.
 * @param created When; goes to the file.
 * @param weight Of a window of the athlete without fault, as in `personalize`.
 */
export async function personalHead(
  predictor: Predictor,
  recordings: readonly Recording[],
  created: Date,
  weight: number,
): Promise<PersonalHead> {
  const athlete = onlyAthlete(recordings);
  const own = usable(recordings, predictor.spec);
  const verdicts = new Map<string, GuardVerdict>();
  const shots = new Map<string, ReadonlyMap<string, number>>();
  for (const [task, head] of predictor.bundle.heads) {
    const found = labelled(own, predictor.spec, head);
    if (found.windows.length === 0) continue;
    const kinds = found.labels.map((label) => (head.labels.length ? String(label) : VALUES));
    const { groups, near } = blocksOf(kinds, found.recording, found.startS, predictor.spec.windowS);
    const features = await predictor.features(found.windows);
    const weights = found.quality.map((one) => weight * one);
    shots.set(task, counted(kinds));
    verdicts.set(task, guarded(head, features, found.labels, groups, weights, near));
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

/** Windows of which one label covers nearly all, or whose mean value is known. */
function labelled(recordings: readonly Recording[], spec: SignalSpec, head: Head): Labelled {
  const windows: Float32Array[] = [];
  const labels: (string | number)[] = [];
  const recording: number[] = [];
  const startS: number[] = [];
  const shares: number[] = [];
  for (const [number, one] of recordings.entries()) {
    const starts: number[] = [];
    const covered: number[] = [];
    for (const window of windowsIn(one, spec)) {
      const [truth, share] = truthOf(one, head, [window.startS, window.startS + spec.windowS]);
      if (truth === "" || Number.isNaN(truth)) continue;
      windows.push(window.samples);
      labels.push(truth);
      recording.push(number);
      starts.push(window.startS);
      covered.push(share);
    }
    const heard = heardShares(one.t, one.samples(spec.channels), starts, spec);
    startS.push(...starts);
    shares.push(...covered.map((share, at) => share * heard[at]!));
  }
  const there = windows.map((window) => channelsIn(window, spec));
  const most = there.reduce((best, count) => Math.max(best, count), 1);
  const quality = Float64Array.from(shares, (share, at) => {
    return Math.max((share * there[at]!) / most, WORST);
  });
  return { windows, labels, recording, startS, quality };
}

/** What a stretch of time shows, and the share of it that does. */
function truthOf(recording: Recording, head: Head, spanS: SpanS): [string | number, number] {
  return head.labels.length
    ? classIn(recording, head.task, spanS)
    : [meanIn(recording, head.task, spanS), 1];
}

/** How many channels of a window have a signal. */
function channelsIn(window: Float32Array, spec: SignalSpec): number {
  const size = spec.windowSamples;
  return spec.channels.filter((_, at) => {
    return window.subarray(at * size, (at + 1) * size).some(Number.isFinite);
  }).length;
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
