/** What the coach's page works out by itself. */

import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, test } from "node:test";

import type { Coach } from "../coach/coach.ts";
import { placeOf } from "../coach/place.ts";
import { csvFile } from "../coach/plot/files.ts";
import { Line } from "../coach/plot/line.ts";
import { around, Scale, ticks, timeTicks } from "../coach/plot/scale.ts";
import { moved, showing, zoomed } from "../coach/plot/span.ts";
import { courseOf, loadOf, rpeOf, weeksOf } from "../coach/progress.ts";
import { sensorsOf } from "../coach/signals.ts";
import { storyOf } from "../coach/story.ts";
import { laid } from "../coach/stretches.ts";
import { TEXTS } from "../coach/texts.ts";
import type { Movement, SessionEntry } from "../coach/types.ts";
import { marksOf } from "../coach/views/story.ts";
import { type AllWatched, heard, nowOf, type Told } from "../coach/watched.ts";
import { type Language, speaker } from "../pages/language.ts";
import type { Event, State } from "../src/runtime/events.ts";

const WHOLE = { from: 0, to: 100 };

describe("Plots", () => {
  test("axes have round numbers within their range", () => {
    deepEqual(ticks([0, 1], 4), [0, 0.5, 1]);
    deepEqual(ticks([-7.3, 12], 4), [-5, 0, 5, 10]);
    deepEqual(timeTicks([10, 200], 4), [60, 120, 180]);
    deepEqual(around([]), [0, 1]);
    deepEqual(around([5, null, Number.NaN]), [4.7, 5.3]);
  });

  test("zooming keeps its place and never leaves what there is", () => {
    deepEqual(zoomed(WHOLE, 0.5, 20, WHOLE), { from: 10, to: 60 });
    deepEqual(zoomed({ from: 10, to: 60 }, 4, 20, WHOLE), WHOLE);
    const closest = zoomed({ from: 10, to: 11 }, 1e-6, 10.5, WHOLE);
    ok(closest.to - closest.from >= 0.5 - 1e-9);
    deepEqual(moved({ from: 10, to: 60 }, -50, WHOLE), { from: 0, to: 50 });
    deepEqual(showing({ from: 10, to: 20 }, 25, WHOLE), { from: 15, to: 25 });
  });

  test("a line keeps what stands out, crosses slow samples, and breaks where nothing is known", () => {
    const t = Array.from({ length: 10_000 }, (_, at) => at / 100);
    const values = t.map((time, at) => (at === 5050 ? 9 : Math.sin(time)));
    const [x, y] = [new Scale([0, 100], [0, 50]), new Scale([0, 10], [10, 0])];
    ok(new Line(t, values).path(x, y).includes(" 1L"), "one sample of 10,000 is seen");
    const slow = t.map((_, at) => (at % 100 ? null : 5));
    equal(new Line(t, slow).path(x, y).split("M").length, 2);
    const lost = t.map((time) => (time > 40 && time < 60 ? null : 5));
    equal(new Line(t, lost).path(x, y).split("M").length, 3);
    equal(
      new Line(
        t,
        t.map(() => null),
      ).path(x, y),
      "",
    );
  });

  test("a table is quoted, and no text of it is a formula", async () => {
    const table = await csvFile([["a,b", '="1"', null, -1.5]]).text();
    equal(table, `"a,b","'=""1""",,-1.5\r\n`);
  });
});

describe("What a coach is shown", () => {
  test("each week has its sessions, and rest is a week too", () => {
    const now = Date.parse("2026-05-20T12:00:00Z"); // a Wednesday
    const sessions = [session("2026-05-18T00:00:00Z"), session("2026-05-10T23:59:59Z")];
    const weeks = weeksOf(sessions, 3, now);
    deepEqual(
      weeks.map(({ from, minutes, repetitions }) => [from, minutes, repetitions]),
      [
        ["2026-05-04", 30, 8],
        ["2026-05-11", 0, 0],
        ["2026-05-18", 30, 8],
      ],
    );
    const course = courseOf(sessions, "squat", "range_deg");
    deepEqual(
      course.map(({ value }) => value),
      [60, 60],
    );
    ok(course[0]!.at < course[1]!.at, "in the order of time");
    deepEqual(courseOf(sessions, "squat", "mean_bpm"), []);
  });

  test("effort counts once every session has one", () => {
    const now = Date.parse("2026-05-20T12:00:00Z");
    const asked = [session("2026-05-18T00:00:00Z", 6), session("2026-05-19T00:00:00Z", 4.5)];
    const weeks = weeksOf(asked, 2, now);
    deepEqual([loadOf(weeks), weeks[1]!.effort], ["session_rpe", 315]);
    equal(rpeOf(asked[1]!), 4.5);
    const unasked = [...asked, session("2026-05-20T00:00:00Z")];
    equal(loadOf(weeksOf(unasked, 2, now)), "minutes");
    equal(rpeOf(unasked[2]!), null);
    equal(loadOf(weeksOf([], 2, now)), "minutes");
  });

  test("answers become stretches, and silence none", () => {
    const states = ["squat", "squat", "", "squat", "row"].map((movement, at) =>
      state(at + 1, movement),
    );
    const { held, sets } = storyOf(states as Event[]);
    deepEqual(held.get("label"), [
      { from: 0, to: 2, movement: "squat" },
      { from: 3, to: 4, movement: "squat" },
      { from: 4, to: 5, movement: "row" },
    ]);
    deepEqual(sets, []);
  });

  test("troubles are said in the coach's language, and only advice has reasons", () => {
    const advice = { event: "advice", t_s: 5, severity: "hint", text: "slower", reason: "fast" };
    const drift = { event: "drift", t_s: 5, cause: "inputs", share: 0.58, seconds: 30, text: "En" };
    const channels = ["wrist_acc_x", "wrist_acc_y", "heart_rate", "odd"];
    const gap = { event: "quality", t_s: 5, kind: "gap", channels, seconds: 2.25, text: "En" };
    const lost = { ...gap, t_s: 4, kind: "missing" };
    const back = { ...gap, t_s: 9, kind: "back", channels: ["wrist_gyr_z"] };
    const story = storyOf([advice, drift, gap, back, lost] as unknown as Event[]);
    const told = (language: Language) => {
      const coach = { say: speaker(TEXTS, () => language) } as Coach;
      return marksOf(coach, story).map(({ text, advice }) => [text, advice?.reason ?? ""]);
    };
    deepEqual(told("en"), [
      [
        "A sensor gives nothing (wrist acceleration, heart rate, odd): answers are less certain.",
        "",
      ],
      ["slower", "fast"],
      ["Calibrate again: movement unlike what the model knows (58 % of the last 30 s).", ""],
      ["A gap: no samples for 2.2 s.", ""],
      ["A sensor gives samples again (wrist turning rate).", ""],
    ]);
    deepEqual(told("zh"), [
      ["传感器没有数据（wrist 加速度、心率、odd）：结果不太可靠。", ""],
      ["slower", "fast"],
      ["需重新校准：动作与模型所学不符（最近 30 秒中的 58%）。", ""],
      ["数据中断：2.2 秒没有样本。", ""],
      ["传感器恢复数据（wrist 角速度）。", ""],
    ]);
  });

  test("a new label takes what it covers from the others", () => {
    const stretches = [
      { from_s: 0, to_s: 10, label: "a" },
      { from_s: 12, to_s: 14, label: "b" },
    ];
    deepEqual(laid(stretches, { from_s: 4, to_s: 6, label: "c" }), [
      { from_s: 0, to_s: 4, label: "a" },
      { from_s: 4, to_s: 6, label: "c" },
      { from_s: 6, to_s: 10, label: "a" },
      { from_s: 12, to_s: 14, label: "b" },
    ]);
    deepEqual(laid(stretches, { from_s: 0, to_s: 20, label: "c" }).length, 1);
  });

  test("a label of a single sample stays beside a new one, and goes under it", () => {
    const alone = { from_s: 4, to_s: 4, label: "a" };
    const [before, over] = [
      { from_s: 1, to_s: 3, label: "b" },
      { from_s: 3.99, to_s: 6, label: "b" },
    ];
    deepEqual(laid([alone], before), [before, alone]);
    deepEqual(laid([alone], over), [over]);
  });

  test("three axes are one sensor with its unit", () => {
    const names = ["wrist_acc_x", "wrist_acc_y", "wrist_acc_z", "heart_rate", "speed_ms", "odd"];
    const channels = new Map(names.map((name) => [name, [1]]));
    deepEqual(
      sensorsOf({ t: [0], channels }).map(({ name, unit, lines }) => [name, unit, lines.length]),
      [
        ["wrist_acc", "m/s²", 3],
        ["heart_rate", "bpm", 1],
        ["speed_ms", "m/s", 1],
        ["odd", "", 1],
      ],
    );
  });

  test("an address that leads nowhere leads to the athletes", () => {
    deepEqual(placeOf("#session/a1/b2"), { screen: "session", athlete: "a1", id: "b2" });
    equal(placeOf("#nowhere").screen, "athletes");
  });
});

describe("What is watched live", () => {
  const begun: Told = {
    type: "live",
    session: "s1",
    athlete: "a1",
    name: "Ann",
    seq: 7,
    duration_s: 35,
    present: true,
    latest: [state(34, "squat")],
  };
  const batch = (seq: number, at: number, movement: string): Told => {
    return { type: "batch", session: "s1", seq, duration_s: at, events: [state(at, movement)] };
  };
  const after = (...told: Told[]) => told.reduce<AllWatched>(heard, new Map()).get("s1")!;

  test("what goes on is shown at once, and then what comes next, without gaps or repeats", () => {
    equal(nowOf(after(begun)).movement, "squat");
    const went = after(begun, batch(8, 40, "row"), batch(8, 40, "row"), batch(10, 50, "press"));
    deepEqual([went.seq, went.durationS, went.events.length], [8, 40, 1]);
    equal(nowOf(went).movement, "row");
    const missed = after(begun, { type: "missed", session: "s1", to: 9 }, batch(10, 50, "press"));
    equal(nowOf(missed).movement, "press");
  });

  test("only the last minutes are kept, and an end is told", () => {
    const long = after(begun, batch(8, 40, "row"), batch(9, 2000, "press"));
    deepEqual(
      long.events.map(({ t_s }) => t_s),
      [2000],
    );
    const over = after(begun, { type: "ended", session: "s1", kept: "k1" });
    deepEqual([over.isOver, over.isPresent, over.kept], [true, false, "k1"]);
    deepEqual(heard(new Map(), batch(1, 5, "row")).size, 0, "of nobody who began");
  });

  test("the set under way comes before the last one, and advice grows old", () => {
    const rep = { event: "rep", t_s: 41, set: 2, number: 3, movement: "row" };
    const ended = { event: "set_ended", t_s: 30, number: 1, movement: "squat", repetitions: 8 };
    const advice = { event: "advice", t_s: 39, text: "slower", severity: "warning" };
    const events = [ended, rep, advice] as unknown as Event[];
    const one = { ...after(begun, batch(8, 42, "row")), events };
    deepEqual(nowOf(one).set, { number: 2, movement: "row", reps: 3 });
    equal(nowOf(one).said, advice);
    equal(nowOf({ ...one, durationS: 100 }).said, null);
  });
});

function session(started_at: string, rpe?: number): SessionEntry {
  const squat: Movement = {
    name: "squat",
    seconds: 60,
    sets: 1,
    repetitions: 8,
    seconds_a_rep: 3,
    range_deg: 60,
    regularity: 0.9,
    mean_bpm: null,
  };
  const load = { mean_bpm: {}, session_rpe: rpe === undefined ? {} : { value: 30 * rpe } };
  const summary = { seconds: 1800, movements: [squat], quality: { drifts: [] }, load };
  return { id: started_at, started_at, duration_s: 1800, summary, unfinished: false };
}

function state(t_s: number, movement: string): State {
  const common = { reason: "", value: null, unit: "", cause: "" } as const;
  const abstained = movement === "";
  return { event: "state", t_s, task: "label", movement, confidence: 0.9, abstained, ...common };
}
