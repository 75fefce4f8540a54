/** A guided calibration: the athlete shows movements, a head is fitted, and they decide. */

import { sha256 } from "../src/bundle/hash.ts";
import { type PersonalHead, Recording } from "../src/index.ts";
import type { Model } from "./model.ts";
import type { Lesson } from "./records.ts";
import type { Samples } from "./samples.ts";
import type { Store } from "./store.ts";

/** What came of it. */
export interface Verdict {
  readonly own: PersonalHead;
  /** Of all that was shown. */
  readonly dataSha256: string;
  readonly isLive: boolean;
  /** Share of the athlete's own windows read right by the shared head, and by theirs. */
  readonly before: number;
  readonly after: number;
  readonly windows: number;
  /** The guard's own sentence. */
  readonly reason: string;
  readonly milliseconds: number;
}

export class Calibration {
  readonly #lessons: Lesson[] = [];

  constructor(
    private readonly model: Model,
    private readonly task: string,
    private readonly store: Store,
  ) {}

  /** One movement as it was shown; its clock begins at 0. */
  show(label: string, { t, rows }: Samples): void {
    const { athlete, student } = this.model;
    const { bodySha256 } = student.bundle;
    this.#lessons.push({ athlete, bodySha256, task: this.task, label, t, rows });
  }

  /**
   * Fit a head to what was shown now and in earlier calibrations; nothing is used yet. Throws
   * `DataError` where too little was shown.
   */
  async judge(): Promise<Verdict> {
    const { athlete, student } = this.model;
    const earlier = await this.store.lessons(athlete, student.bundle.bodySha256);
    const { channels } = student.predictor.spec;
    const lessons = [...earlier, ...this.#lessons];
    const recordings = lessons.map((lesson, at) => {
      return recordingOf(lesson, `${at}`, channels);
    });
    const started = performance.now();
    const own = await student.personalize(recordings);
    const milliseconds = performance.now() - started;
    const scores = own.scores.get(this.task)!;
    const shots = [...own.shots.get(this.task)!.values()];
    return {
      own,
      dataSha256: await fingerprint(lessons),
      isLive: own.heads.has(this.task),
      before: scores.get("shared_score")!,
      after: scores.get("personal_score")!,
      windows: shots.reduce((sum, one) => sum + one, 0),
      reason: own.reasons.get(this.task)!,
      milliseconds,
    };
  }

  /** The athlete wants it: the head is used from now on, and what was shown is kept for the next. */
  async accept({ own, dataSha256 }: Verdict): Promise<Model> {
    await this.store.keepLessons(this.#lessons);
    return this.model.accept(own, dataSha256);
  }
}

/** SHA-256 of labels and samples, which tells calibrations apart. */
async function fingerprint(lessons: readonly Lesson[]): Promise<string> {
  const parts = lessons.map(
    ({ label, t, rows }) => new Blob([label, "\n", t.slice(), rows.slice()]),
  );
  return sha256(new Uint8Array(await new Blob(parts).arrayBuffer()));
}

function recordingOf(lesson: Lesson, name: string, channels: readonly string[]): Recording {
  const { athlete, task, label, t, rows } = lesson;
  const width = channels.length;
  const columns = channels.map((channel, column) => {
    return [channel, Float32Array.from(t, (_, row) => rows[row * width + column]!)] as const;
  });
  const labels = new Map([[task, Array.from(t, () => label)]]);
  return new Recording(athlete, name, t, new Map(columns), labels);
}

/** The stretches of a labelled recording that show one movement, one after the other. */
export function stretchOf(recording: Recording, task: string, label: string): Recording | null {
  const labels = recording.labels.get(task) ?? [];
  const rows = [...labels.keys()].filter((row) => labels[row] === label);
  if (rows.length === 0) return null;
  const channels = [...recording.channels].map(([name, values]) => {
    return [name, Float32Array.from(rows, (row) => values[row]!)] as const;
  });
  const t = Float64Array.from(rows, (row) => recording.t[row]!);
  return new Recording(recording.athlete, label, t, new Map(channels));
}
