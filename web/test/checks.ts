/** Each stage against Python's answers; the same checks run in Node and in a browser. */

import { joined } from "../src/arrays.ts";
import { scalerOf } from "../src/bundle/manifest.ts";
import { windowsIn } from "../src/data/cutting.ts";
import { blocksOf } from "../src/data/split.ts";
import { Guide } from "../src/guidance/guide.ts";
import { HeartWatch } from "../src/guidance/live_heart.ts";
import { ownOf } from "../src/guidance/own.ts";
import { rulesFrom } from "../src/guidance/rules.ts";
import { SetCounter } from "../src/guidance/sets.ts";
import type { Template } from "../src/guidance/template.ts";
import { exercises } from "../src/guidance/watched.ts";
import { type GuardVerdict, guarded } from "../src/heads/guard.ts";
import { type Head, scoresOf } from "../src/heads/linear.ts";
import {
  Bundle,
  BundleError,
  DataError,
  type DistrideError,
  type Event,
  type PersonalHead,
  Recording,
  readRecordings,
  Smoothing,
  Student,
  TrainingError,
  writeHead,
} from "../src/index.ts";
import { Matrix } from "../src/matrix.ts";
import { Smoother } from "../src/runtime/smoothing.ts";
import { Resampler } from "../src/signals/resample.ts";
import { close, equal, type Numbers, sameSentence } from "./expect.ts";
import {
  type Damage,
  damaged,
  float32,
  float64,
  type Load,
  type OwnHead,
  pushesOf,
  type Vectors,
  vectorsFrom,
} from "./vectors.ts";

const SAME_ANSWERS = 0.99; // of the quantised body: processors differ in how they add eight bits

type Table = Readonly<Record<string, number>>;

/** What every check reads. */
export interface Ground {
  readonly load: Load;
  readonly vectors: Vectors;
  readonly student: Student;
  readonly file: Uint8Array<ArrayBuffer>;
}

/** Throws where something differs; may tell what it measured. */
export type Check = (ground: Ground) => Promise<string | undefined> | Promise<void> | void;

export async function groundOf(load: Load): Promise<Ground> {
  const file = await load("student.distride");
  return { load, vectors: await vectorsFrom(load), student: await Student.open(file), file };
}

export const checks: Readonly<Record<string, Check>> = {
  "resampled frames are Python's, however samples are cut": ({ vectors, student }) => {
    const { channels } = student.predictor.spec;
    for (const { rate_hz, frames, ...one } of vectors.resample) {
      const resampler = new Resampler(channels, one.source_hz, rate_hz);
      const parts = pushesOf(one).map(([t, samples]) => resampler.push(t, samples));
      const found = [...parts, resampler.flush()].reduce(joined);
      close(found, frames, `${one.source_hz} Hz to ${rate_hz} Hz`);
    }
  },

  "windows of a CSV, scaled, are Python's": async ({ load, vectors, student }) => {
    const [recording] = await recordingsOf(load);
    const { start_s, samples, scaled } = vectors.windows;
    const windows = windowsIn(recording!, student.predictor.spec);
    close(
      windows.map((window) => window.startS),
      start_s,
      "starts",
    );
    close(windows.map((window) => window.samples).reduce(joined), samples, "samples");
    const scaler = scalerOf(student.bundle.manifest);
    const some = windows.slice(0, scaled.shape[0]).map((window) => scaler.scaled(window.samples));
    close(some.reduce(joined), scaled, "scaled");
  },

  "features and scores of the float32 body are Python's": async ({ vectors, student }) => {
    const { features, scores } = vectors.windows;
    const found = await student.predictor.features(windowsOf(vectors));
    close(found.data, features, "features");
    for (const [task, expected] of Object.entries(scores)) {
      close(scoresOf(student.bundle.heads.get(task)!, found).data, expected, task);
    }
  },

  "the quantised body answers as it does in Python": async ({ vectors, file }) => {
    const student = await Student.open(file, "int8");
    const head = student.bundle.heads.get("label")!;
    const expected = matrix(vectors.windows.features_int8);
    const found = await student.predictor.features(windowsOf(vectors));
    const [ours, theirs] = [found, expected].map((features) => answersOf(scoresOf(head, features)));
    const share = ours!.filter((answer, at) => answer === theirs![at]).length / ours!.length;
    if (share < SAME_ANSWERS) throw new Error(`only ${100 * share} % of the answers are Python's`);
    const errors = found.minus(expected).data.map(Math.abs);
    return `int8: ${100 * share} % the same answers, features within ${Math.max(...errors).toFixed(4)}`;
  },

  "probabilities, familiarity and values are Python's": async ({ vectors, student }) => {
    const { probabilities, familiarity, values } = vectors.windows;
    const found = await student.predictor.predict(windowsOf(vectors));
    for (const task of Object.keys(probabilities)) {
      close(found.probabilities.get(task)!.data, probabilities[task]!, `probabilities of ${task}`);
      close(found.familiarity.get(task)!, familiarity[task]!, `familiarity of ${task}`);
    }
    for (const task of Object.keys(values)) close(found.values.get(task)!, values[task]!, task);
  },

  "answers are steadied as in Python": ({ vectors, student }) => {
    for (const { memory_s, hold_s, opinions, held, averages } of vectors.smoothing) {
      const smoother = new Smoother(new Smoothing(memory_s, hold_s), student.predictor.spec.hopS);
      const rows = matrix(opinions);
      const told = held.map((_, window) => smoother.push(rows.row(window)));
      equal(
        told.map((one) => one.held),
        held,
        `held, memory ${memory_s} s, hold ${hold_s} s`,
      );
      close(
        told.flatMap((one) => [...one.average]),
        averages,
        "averages",
      );
    }
  },

  "streams side by side tell Python's events, however samples are cut": async (ground) => {
    const { bundle } = ground.student;
    const own = await bundle.personalHead(await ground.load("dora.head.safetensors"));
    const told = ground.vectors.streams.map(async ({ name, events, ...one }) => {
      const stream = ground.student.stream({
        sourceHz: one.source_hz,
        ...(one.own ? { head: own } : {}),
      });
      const pushes = pushesOf(one).map(([t, samples]) => stream.push(t, samples));
      sameEvents((await Promise.all([...pushes, stream.flush()])).flat(), events, name);
    });
    await Promise.all(told);
  },

  "hearts and rules tell what they tell in Python": ({ vectors }) => {
    const { texts, cases } = vectors.guidance;
    const rules = rulesFrom(vectors.guidance.rules);
    for (const { name, day, language, events, told, usual, ...one } of cases) {
      const [t, bpm] = [float64(one.t), float32(one.bpm)];
      const guide = new Guide(
        day,
        { rules, texts, language, isCalibrated: true },
        new Map(Object.entries(usual)),
      );
      sameEvents(guide.push(events, t, bpm), told, name);
      if (name === "measured") sameHowever(new HeartWatch(day), t, bpm, told);
    }
  },

  "sets and repetitions are counted as in Python, however samples are cut": ({ vectors }) => {
    for (const { name, channels, movements, states, told, ...pushes } of vectors.counting) {
      const own = new Map(pushes.own.map((one) => [one.movement, one]));
      for (const cuts of [[], pushes.cuts]) {
        const counter = new SetCounter(channels, pushes.source_hz, movements, own);
        let after = Number.NEGATIVE_INFINITY;
        const heard = pushesOf({ ...pushes, cuts }).flatMap(([t, samples], at) => {
          const until = at === cuts.length ? Number.POSITIVE_INFINITY : t.at(-1)!;
          const news = states.filter(({ t_s }) => t_s > after && t_s <= until);
          after = until;
          return counter.push(t, samples, news);
        });
        sameEvents([...heard, ...counter.close()], told, name);
        if (cuts.length > 0) continue; // what is learnt rests on the same postures
        for (const { repetitions, template } of pushes.corrections) {
          sameTemplate(counter.corrected(repetitions), template, `${name}: ${repetitions}`);
          const own = [...counter.templates.values()];
          equal(own.length, template ? 1 : pushes.own.length, "the last count holds");
        }
      }
    }
  },

  "movements are exercises by their names as in Python": ({ vectors }) => {
    equal(exercises(vectors.exercises.names), vectors.exercises.exercises, "exercises");
  },

  "a session's good repetitions are summed up as in Python": ({ vectors }) => {
    for (const { reps, own } of vectors.guidance.own) {
      const found = ownOf(reps);
      if (own && found) sameNumbers({ ...found }, { ...own }, `${reps.length} repetitions`);
      else equal(found, own, `${reps.length} repetitions`);
    }
  },

  "guard and personal head judge and solve as in Python": ({ vectors, student }) => {
    for (const one of vectors.guard) {
      const { task, live, reason, scores, head } = one;
      const verdict = guardedAs(student, one);
      equal([verdict.live, verdict.step], [live, one.step], reason);
      sameSentence(verdict.reason, reason, "reason");
      close([verdict.sharedScore, verdict.personalScore], scores, "scores");
      sameHead(verdict.head, head, `${task}: ${reason}`);
    }
  },

  "an athlete's recordings give Python's own heads": async ({ load, vectors, student }) => {
    const recordings = await recordingsOf(load);
    const created = new Date(vectors.personal.created);
    const started = performance.now();
    const own = await student.personalize(recordings, undefined, created);
    const milliseconds = performance.now() - started;
    sameOwn(own, vectors);
    return `personal heads from ${recordings[0]!.t.length} samples: ${milliseconds.toFixed(0)} ms`;
  },

  "a head's file is read, and written so that it is read again": async (ground) => {
    const { bundle } = ground.student;
    const own = await bundle.personalHead(await ground.load("dora.head.safetensors"));
    sameOwn(own, ground.vectors);
    sameOwn(await bundle.personalHead(await writeHead(own)), ground.vectors);
  },

  "damaged bundles are refused as in Python": async ({ vectors, file }) => {
    for (const damage of vectors.bundles) await sameVerdict(file, damage, Bundle.open);
  },

  "damaged heads are refused as in Python": async ({ load, vectors, student }) => {
    const file = await load("dora.head.safetensors");
    const open = (data: Uint8Array) => student.bundle.personalHead(data);
    for (const damage of vectors.heads) await sameVerdict(file, damage, open);
  },

  "what cannot be used is refused with one sentence": async ({ load, student }) => {
    const [recording] = await recordingsOf(load);
    const { t, channels } = recording!;
    const own = await student.bundle.personalHead(await load("dora.head.safetensors"));
    const head = student.bundle.heads.get("label")!;
    const again = (name: string, clock = t) => new Recording(name, "again", clock, channels);
    const inMilliseconds = t.map((time) => 1000 * time);
    const renamed = new Map([...channels].map(([name, values]) => [`chest_${name}`, values]));
    const elsewhere = new Recording("eve", "elsewhere", t, renamed);
    const cases: [typeof DistrideError, string, () => unknown][] = [
      [DataError, "21 are needed", () => student.stream().push(t.slice(0, 3), new Float32Array(9))],
      [DataError, "a rate above 0", () => student.stream({ sourceHz: 1e9 })],
      [DataError, "exactly one athlete", () => student.personalize([])],
      [DataError, "exactly one athlete", () => student.personalize([again("eve"), recording!])],
      [DataError, "with other labels", () => student.personalize([again("dora"), recording!])],
      [DataError, "is t in seconds?", () => student.personalize([again("eve", inMilliseconds)])],
      [DataError, "none is in both", () => student.personalize([elsewhere])],
      [DataError, "they must be equal", () => again("eve", t.slice(1))],
      [DataError, "runs backwards", () => again("eve", t.slice().reverse())],
      [DataError, "neither may be negative", () => new Smoothing(-1)],
      [DataError, "'t' in seconds", () => readRecordings("time,x\n0,1\n", "eve")],
      [DataError, "2 cells and its header 3", () => readRecordings("t,x,y\n0,1\n", "eve")],
      [DataError, "stray quote", () => readRecordings('t,x\n0,"1\n', "eve")],
      [DataError, "in every row", () => readRecordings("t,x\n0,1\n,2\n", "eve")],
      [DataError, "Row 3 of the CSV", () => readRecordings("t,acc_z\n0,1\n1,1.x\n", "eve")],
      [BundleError, "other body", () => student.predictor.withHeads({ ...own, bodySha256: "0" })],
      [TrainingError, "at least one window", () => guarded(head, new Matrix(0, 3), [], [])],
    ];
    for (const [kind, words, work] of cases) {
      const error = await Promise.resolve()
        .then(work)
        .catch((reason: Error) => reason);
      const told = error instanceof kind && error.message.includes(words);
      if (!told) throw new Error(`'${words}' is expected of a ${kind.name}: ${error}`);
    }
  },

  "unknown cells take no channel away, and blanks make no label": () => {
    const [one] = readRecordings("t,acc_z,label\n0,1,run\n1,n/a, run \n2, NA,\n", "eve");
    equal([...one!.channels.get("acc_z")!], [1, Number.NaN, Number.NaN], "acc_z");
    equal(one!.labels.get("label"), ["run", "run", ""], "labels");
  },

  "a recording that is there twice counts once": async ({ load, student }) => {
    const recordings = await recordingsOf(load);
    const once = await student.personalize(recordings);
    const again = await student.personalize([...recordings, recordings[0]!]);
    equal([...again.reasons], [...once.reasons], "reasons");
  },

  "a recording without labels teaches no movement, and may teach a number": async (ground) => {
    const [recording] = await recordingsOf(ground.load);
    const { t, channels } = recording!;
    const own = await ground.student.personalize([new Recording("dora", "bare", t, channels)]);
    equal([...own.shots.keys()], ["intensity"], "tasks with windows");
    const bare = new Map([...channels].filter(([name]) => name !== "intensity"));
    const nothing = ground.student.personalize([new Recording("dora", "bare", t, bare)]);
    const error = await nothing.catch((reason: Error) => reason);
    equal(error instanceof DataError, true, "nothing to learn from is an error");
  },

  "the time of a window, of a push and of an own head": async ({ vectors, file }) => {
    const [windows, [clean], [calibration]] = [windowsOf(vectors), vectors.streams, vectors.guard];
    const [fp32, int8] = [await Student.open(file), await Student.open(file, "int8")];
    const window = await microseconds(windows, (one) => fp32.predictor.predict([one]));
    const quantised = await microseconds(windows, (one) => int8.predictor.predict([one]));
    const { t, samples } = clean!;
    const pushes = pushesOf({ ...clean!, cuts: Array.from(t.data.keys()) });
    const streams = [fp32.stream({ sourceHz: 50 }), fp32.stream({ sourceHz: 50 })];
    const push = await microseconds(streams, async (stream) => {
      for (const [time, sample] of pushes) await stream.push(time, sample);
    });
    const guard = await microseconds(Array.from({ length: 5 }), () => {
      guardedAs(fp32, calibration!);
    });
    return (
      `a window ${window.toFixed(0)} µs (int8 ${quantised.toFixed(0)}), ` +
      `a sample of ${samples.shape[1]} channels with all decisions ` +
      `${(push / pushes.length).toFixed(0)} µs, ` +
      `a head and its guard from ${calibration!.labels.length} windows ${(guard / 1000).toFixed(1)} ms`
    );
  },
};

/** What the guard says of a case of the vectors, whose blocks are found anew. */
function guardedAs(student: Student, one: Vectors["guard"][number]): GuardVerdict {
  const head = student.bundle.heads.get(one.task)!;
  const kinds = one.labels.map((label) => (head.labels.length ? label : ""));
  const { windowS } = student.predictor.spec;
  const { groups, near } = blocksOf(kinds, one.recording, one.start_s, windowS);
  equal(groups, one.groups, "groups");
  const weights = Float64Array.from(one.weights);
  return guarded(head, matrix(one.features), one.labels, groups, weights, near);
}

async function recordingsOf(load: Load) {
  return readRecordings(new TextDecoder().decode(await load("dora.csv")), "dora");
}

function windowsOf({ windows }: Vectors): Float32Array[] {
  const [count, channels, samples] = windows.samples.shape as [number, number, number];
  const [all, size] = [float32(windows.samples), channels * samples];
  return Array.from({ length: count }, (_, at) => all.slice(at * size, (at + 1) * size));
}

function matrix({ shape, data }: Numbers): Matrix {
  return Matrix.of(shape[0]!, shape[1]!, data as number[]);
}

function answersOf(probabilities: Matrix): number[] {
  return Array.from({ length: probabilities.rows }, (_, row) => {
    const values = [...probabilities.row(row)];
    return values.indexOf(Math.max(...values));
  });
}

function sameHead(actual: Head, expected: OwnHead, what: string): void {
  equal(actual.labels, expected.labels, `${what}: labels`);
  close(actual.weight.data, expected.weight, `${what}: weight`);
  close(actual.bias, expected.bias, `${what}: bias`);
  close([actual.temperature], [expected.temperature], `${what}: temperature`);
  close(actual.sums.data, expected.sums, `${what}: sums`);
}

function sameOwn(actual: PersonalHead, { personal }: Vectors): void {
  equal([actual.athlete, actual.created], [personal.athlete, personal.created], "athlete");
  equal([...actual.heads.keys()].sort(), Object.keys(personal.heads).sort(), "tasks");
  for (const [task, head] of actual.heads) sameHead(head, personal.heads[task]!, task);
  for (const [task, reason] of Object.entries(personal.reasons)) {
    sameSentence(actual.reasons.get(task)!, reason, `reason of ${task}`);
    equal(Object.fromEntries(actual.shots.get(task)!), personal.shots[task], `shots of ${task}`);
    const scores = Object.entries(personal.scores[task]!);
    close(
      scores.map(([name]) => actual.scores.get(task)!.get(name)!),
      scores.map(([, score]) => score),
      `scores of ${task}`,
    );
  }
}

/** Each push tells its own events in the order of time; what is cut otherwise is told in another. */
function inTime(events: readonly Event[]): Event[] {
  const kind = (event: Event) => `${event.event} ${event.event === "quality" ? event.kind : ""}`;
  return [...events].sort((one, other) => {
    return one.t_s - other.t_s || kind(one).localeCompare(kind(other));
  });
}

function sameEvents(ours: readonly Event[], theirs: readonly Event[], name: string): void {
  const [actual, expected] = [inTime(ours), inTime(theirs)];
  const told = (event: Event) => `${event.event} ${event.t_s.toFixed(2)}`;
  equal(actual.map(told), expected.map(told), `${name}: events`);
  for (const [at, event] of actual.entries()) {
    const where = `${name}: ${told(event)}`;
    for (const [key, wanted] of Object.entries(expected[at]!)) {
      const found = event[key as keyof Event] as unknown;
      if (typeof wanted === "number") close([found as number], [wanted], `${where}: ${key}`);
      else if (key === "reason") sameSentence(found as string, wanted as string, where);
      else if (isTable(wanted) && isTable(found)) sameNumbers(found, wanted, where);
      else equal(found, wanted, `${where}: ${key}`);
    }
    equal(Object.keys(event).sort(), Object.keys(expected[at]!).sort(), `${where}: keys`);
  }
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sameNumbers(actual: Table, expected: Table, what: string): void {
  const names = Object.keys(expected).sort();
  equal(Object.keys(actual).sort(), names, `${what}: names of numbers`);
  close(
    names.map((name) => actual[name]!),
    names.map((name) => expected[name]!),
    `${what}: numbers`,
  );
}

function sameTemplate(actual: Template | null, expected: Template | null, what: string): void {
  equal(actual?.movement, expected?.movement, `${what}: movement`);
  for (const key of ["axis", "seconds", "reversal"] as const) {
    close([actual?.[key] ?? []].flat(), [expected?.[key] ?? []].flat(), `${what}: ${key}`);
  }
}

/** Whether the hearts of a push are told when it is cut. */
function sameHowever(
  watch: HeartWatch,
  t: Float64Array,
  bpm: Float32Array,
  told: readonly Event[],
): void {
  const hearts = [0, 100, 101, 400].flatMap((start, at, starts) => {
    const cut = [start, starts[at + 1] ?? t.length] as const;
    return watch.push(t.slice(...cut), bpm.slice(...cut));
  });
  const expected = told.filter((event) => event.event === "heart");
  sameEvents(hearts, expected, "cut");
}

async function sameVerdict(
  whole: Uint8Array,
  damage: Damage,
  open: (data: Uint8Array) => Promise<unknown>,
): Promise<void> {
  const error = await open(damaged(whole, damage)).then(
    () => null,
    (reason: Error) => reason,
  );
  if (error && !(error instanceof BundleError)) throw error;
  const why = `${damage.name}: ${error?.message ?? "taken"}`;
  if (!error && !damage.taken) throw new Error(`Python refuses what is taken here, ${why}`);
  // a flipped byte that Python's zip reader overlooks may be refused here
  if (error && damage.taken && damage.flip === undefined) throw new Error(`Python takes ${why}`);
}

/** Mean time of what is done with each of these, after doing it once with all; clocks are coarse. */
async function microseconds<T>(items: readonly T[], work: (item: T) => unknown): Promise<number> {
  for (const item of items) await work(item);
  const started = performance.now();
  for (const item of items) await work(item);
  return (1000 * (performance.now() - started)) / items.length;
}
