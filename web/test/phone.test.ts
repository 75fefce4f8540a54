/** What the phone's page makes of its sensors and of events. */

import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, test } from "node:test";
import { TEXTS as COACH } from "../coach/texts.ts";
import { TEXTS as LOGIN } from "../login/texts.ts";
import { speaker, type Texts } from "../pages/language.ts";
import { named } from "../pages/names.ts";
import { Correction } from "../phone/correction.ts";
import { GoodReps, ownBefore } from "../phone/good.ts";
import { Guided } from "../phone/guided.ts";
import type { Phone } from "../phone/phone.ts";
import type { KeptSession } from "../phone/records.ts";
import { Replay } from "../phone/replay.ts";
import { Collector, feelsGravity, joinedSamples, placementsOf } from "../phone/samples.ts";
import { sayingsOf } from "../phone/saying.ts";
import type { Sensors } from "../phone/sensors.ts";
import { beatOf } from "../phone/strap.ts";
import { TEXTS as PHONE } from "../phone/texts.ts";
import { NOTHING_SEEN, seenAfter, seenAt, withSecondsOf, withSetsOf } from "../phone/training.ts";
import type { Own } from "../src/guidance/own.ts";
import { filled } from "../src/guidance/wording.ts";
import {
  type Event,
  type Manifest,
  type Quality,
  Recording,
  type Rep,
  type SetEnded,
  type State,
} from "../src/index.ts";

const CHANNELS = ["wrist_acc_x", "wrist_acc_y", "wrist_acc_z", "wrist_gyr_x", "heart_rate"];

describe("a strap's measurement", () => {
  const beats = (...bytes: number[]) => beatOf(new DataView(Uint8Array.from(bytes).buffer));

  test("one byte, no contact told", () => deepEqual(beats(0x00, 72), { bpm: 72, rrS: [] }));
  test("two bytes", () => deepEqual(beats(0x01, 0x2c, 0x01), { bpm: 300, rrS: [] }));
  test("skin is not touched", () => equal(beats(0x04, 72).bpm, Number.NaN));
  test("skin is touched", () => equal(beats(0x06, 72).bpm, 72));
  test("no heart", () => equal(beats(0x00, 0).bpm, Number.NaN));
  test("energy before two beats", () => {
    deepEqual(beats(0x18, 60, 9, 9, 0x00, 0x04, 0x00, 0x02), { bpm: 60, rrS: [1, 0.5] });
  });
});

describe("samples", () => {
  test("readings of two sensors become rows in the bundle's order, in the order of time", () => {
    const collector = new Collector(CHANNELS, "wrist");
    collector.push({ tS: 2, acc: [1, 2, 3], gyr: [4, 5, 6] });
    collector.push({ tS: 1, bpm: 90 });
    const { t, rows, bpm } = collector.take();
    deepEqual([...t], [1, 2]);
    deepEqual([...rows.slice(5)], [1, 2, 3, 4, Number.NaN]);
    deepEqual([...rows.slice(0, 5)], [Number.NaN, Number.NaN, Number.NaN, Number.NaN, 90]);
    deepEqual([...bpm], [90, Number.NaN]);
    equal(collector.take().t.length, 0);
  });

  test("a phone worn elsewhere gives the bundle nothing", () => {
    const collector = new Collector(CHANNELS, "thigh");
    collector.push({ tS: 0, acc: [1, 2, 3], gyr: [4, 5, 6] });
    ok(collector.take().rows.every(Number.isNaN));
  });

  test("gravity is given where training's accelerometer felt it", () => {
    const signals = { channels: CHANNELS };
    const felt = (acc: number, placement: string) => {
      const scaler = { mean: [acc, 0, 0, 50, 90], scale: [2, 2, 2, 50, 20] };
      return feelsGravity({ signals, scaler } as unknown as Manifest, placement);
    };
    deepEqual([felt(9, "wrist"), felt(1, "wrist"), felt(9, "thigh")], [true, false, false]);
  });

  test("places are told once", () => deepEqual(placementsOf(CHANNELS), ["wrist"]));

  test("a replay gives everything once, however often it is asked", () => {
    const t = Float64Array.from({ length: 50 }, (_, at) => 7 + at / 10);
    const channels = new Map([["wrist_acc_x", Float32Array.from(t)]]);
    const replay = new Replay(new Recording("ann", "one", t, channels), CHANNELS, 4);
    const pieces = [0, 1, 1, 400, 900, 5000].map((nowMs) => replay.take(1000 + nowMs));
    const { t: clock, rows } = joinedSamples(pieces);
    deepEqual(
      [...clock],
      [...t].map((time) => time - 7),
    );
    equal(rows.length, t.length * CHANNELS.length);
    ok(replay.isOver);
  });
});

describe("what is seen", () => {
  const quality = (kind: Quality["kind"], t_s: number): Quality => {
    return { event: "quality", t_s, kind, channels: ["heart_rate"], text: "", seconds: 1 };
  };

  test("a lost sensor stands until it is back; a gap passes", () => {
    const lost = [quality("gap", 1), quality("missing", 2)].reduce(seenAfter, NOTHING_SEEN);
    deepEqual(
      seenAt(lost, 30).quality.map(({ kind }) => kind),
      ["missing"],
    );
    equal(seenAfter(lost, quality("back", 31)).quality.length, 1);
  });

  test("the last repetition is shown, also once its set is over", () => {
    const rep: Rep = {
      ...{ event: "rep", t_s: 4, began_s: 2, set: 1, number: 2, movement: "squat" },
      ...{ duration_s: 2, out_s: 1.2, back_s: 0.8, range_deg: 80 },
    } as const;
    equal(seenAfter(NOTHING_SEEN, rep).rep, rep);
  });

  const set: SetEnded = {
    ...{ event: "set_ended", t_s: 30, began_s: 2, ended_s: 28, number: 1, movement: "squat" },
    ...{ repetitions: 8, seconds_a_rep: 3, range_deg: 60, regularity: 0.9, confidence: 0.9 },
  } as const;

  test("a set that is over is shown, and what the athlete says of it", () => {
    const corrected = { ...set, t_s: 40, repetitions: 9 };
    const seen = [set, corrected].reduce(seenAfter, NOTHING_SEEN);
    equal(seen.set?.repetitions, 9);
    const other = { ...set, t_s: 60, number: 2, repetitions: 5 };
    deepEqual(withSetsOf([], [set, other, corrected]), [
      { number: 1, movement: "squat", repetitions: 9 },
      { number: 2, movement: "squat", repetitions: 5 },
    ]);
  });

  test("the count that holds is the one where the athlete stopped tapping", async () => {
    const told: number[] = [];
    const correction = new Correction(async (repetitions) => told.push(repetitions));
    for (const by of [1, 1, -1] as const) correction.tap(set, by);
    equal(correction.given, 9);
    await correction.settle();
    await correction.settle();
    deepEqual([told, correction.given], [[9], null]);
    for (let tap = 0; tap < 12; tap++) correction.tap(set, -1);
    equal(correction.given, 0, "a set may have been none");
    await correction.settle();
  });

  test("good repetitions are summed up by movement, and kept sessions tell what is usual", () => {
    const good = new GoodReps();
    for (let number = 1; number <= 5; number++) {
      const rep = { event: "rep", set: 1, number, movement: "squat", range_deg: 60 + number };
      const technique = { event: "technique", set: 1, number, is_good: number < 5 };
      good.push([{ ...rep, duration_s: 3 }, technique] as unknown as Event[]);
    }
    const [[movement, own]] = good.own as [readonly [string, Own]];
    deepEqual([movement, own.repetitions, own.range_deg], ["squat", 4, 62.5]);
    good.push([{ event: "set_ended", number: 1, movement: "lunge" }] as unknown as Event[]);
    deepEqual(
      good.own.map(([name]) => name),
      ["lunge"],
    );
    const session = (startedAt: string, athlete: string, range_deg: number) =>
      ({ startedAt, athlete, own: [["squat", { ...own, range_deg }]] }) as unknown as KeptSession;
    const sessions = [session("2026-05-02", "ann", 2), session("2026-05-01", "ann", 1)];
    const usual = ownBefore([...sessions, session("2026-05-03", "ben", 3)], "ann");
    deepEqual(
      usual.get("squat")!.map(({ range_deg }) => range_deg),
      [1, 2],
    );
  });

  test("advice is said at once, sets after it, and a repetition over nothing", () => {
    const say = speaker(PHONE, () => "en");
    const advice = { event: "advice", spoken: "Ease off.", text: "Ease off, please." };
    const rep = { event: "rep", number: 4 };
    const told = sayingsOf([rep, advice, set] as unknown as Event[], "squat", "squat", say);
    deepEqual(
      told.map(({ aloud, read, turn }) => [aloud, read, turn]),
      [
        ["Ease off.", "Ease off, please.", "now"],
        ["Set over: 8", "Set over: 8", "next"],
      ],
    );
    const later = sayingsOf([rep] as unknown as Event[], "", "jumping_jack", say);
    deepEqual(
      later.map(({ aloud, read, turn }) => [aloud, read, turn]),
      [
        ["jumping jack", "jumping jack", "next"],
        ["4", "", "if_quiet"],
      ],
    );
  });

  test("seconds of movements are counted, unknown ones left out", () => {
    const events = ["squat", "", "curl", "squat"].map((movement, at): State => {
      const told = { event: "state", t_s: at, task: "label", movement, confidence: 1 } as const;
      return { ...told, abstained: !movement, cause: "", reason: "", value: null, unit: "" };
    });
    deepEqual(withSecondsOf([["squat", 4]], events, "label", 1.5), [
      ["squat", 7],
      ["curl", 1.5],
    ]);
  });
});

describe("a guided calibration", () => {
  const told: string[] = [];
  const sensors = { take: () => {}, stop: () => told.push("stopped") } as unknown as Sensors;

  /** Begun on a phone whose sensors are there when the returned function is called. */
  function begun(): [Guided, (found: Sensors | null) => Promise<void>] {
    told.length = 0;
    let give: (found: Sensors | null) => void = () => {};
    const phone = {
      model: { task: { name: "label" } },
      choices: { motion: "phone", isSpoken: false },
      notices: new Map(),
      gear: {
        sensors: () => {
          told.push("asked");
          return new Promise<Sensors | null>((given) => {
            give = given;
          });
        },
        stayAwake: async () => told.push("awake"),
        mayLeave: () => told.push("asleep"),
      },
      attempt: (work: () => Promise<unknown>) => work(),
      clearNotices: () => {},
      redraw: () => {},
    } as unknown as Phone;
    phone.guided = new Guided(phone, ["squat"], () => false);
    const given = async (found: Sensors | null) => {
      give(found);
      await new Promise((settled) => setTimeout(settled));
    };
    return [phone.guided, given];
  }

  test("a second tap begins nothing twice", async () => {
    const [guided, given] = begun();
    void guided.ready();
    void guided.ready();
    equal(guided.phase, "starting");
    await given(sensors);
    void guided.ready();
    deepEqual([guided.phase, told], ["countdown", ["asked", "awake"]]);
    guided.cancel();
  });

  test("without sensors it waits for another tap", async () => {
    const [guided, given] = begun();
    void guided.ready();
    await given(null);
    equal(guided.phase, "ready");
    void guided.ready();
    await given(sensors);
    equal(guided.phase, "countdown");
    guided.cancel();
  });

  test("sensors that come once the athlete has left are stopped", async () => {
    const [guided, given] = begun();
    void guided.ready();
    guided.cancel();
    await given(sensors);
    deepEqual([guided.phase, told], ["ready", ["asked", "asleep", "stopped", "asleep"]]);
  });
});

test("sentences have the same holes in both languages", () => {
  const texts = [PHONE, COACH, LOGIN].flatMap((page: Texts) => Object.entries(page));
  for (const [key, { en, zh }] of texts) {
    const holes = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
    deepEqual(holes(en), holes(zh), key);
  }
});

test("numbers in sentences are written as in Python", () => {
  const values = { one: 2.5, two: 0.125, three: 30, name: "x" };
  const sentence = "{one:.0f} {two:.2f} {three:g} {two:g} {two:.0%} {name} {none}";
  equal(filled(sentence, values), "2 0.12 30 0.125 12% x {none}");
});

test("labels are read as words", () => equal(named("jumping_jack"), "jumping jack"));
