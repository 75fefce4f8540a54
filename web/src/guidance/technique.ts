/** Each repetition beside the athlete's own good ones; the twin of `guidance/technique.py`. */

import type { Comparison, Event, Heart, Rep, State, Technique } from "../runtime/events.ts";
import { median } from "./cycles.ts";
import {
  besideSessions,
  deviation,
  FEWEST,
  few,
  LATEST,
  LEAST_SPREAD,
  MEDIAN_ERROR,
  mean,
  type Own,
  spread,
  sum,
} from "./own.ts";
import type { TechniqueTask } from "./rules.ts";

const RECENT = 4; // repetitions: what is told of now
const FIRST = 4; // of a set, which count as good where no model says otherwise
const KEPT_REPS = 30;
const KEPT_SETS = 10;
const KEPT_S = 60; // of states
const SEES_S = 3; // a state is told of so long a time before it
const HEART_HOLDS_S = 2;
const SENSOR_ERROR = 0.03; // of a heart rate
const SAME_WORK = 0.2; // share by which range and duration may differ
const FEWEST_SETS = 2;

interface Judged {
  readonly rep: Rep;
  readonly verdict: string;
  readonly confidence: number | null;
}

/** Follows one session. Memory is bounded, and the work a repetition is constant. */
export class TechniqueWatch {
  #states: State[] = [];
  #heart: Heart | null = null;
  readonly #good = new Map<string, Rep[]>();
  readonly #beats = new Map<string, (readonly [Rep, number])[]>();
  #set: Judged[] = [];
  #since = 0;

  /**
   * @param judge Which task of the model judges, and which of its answers are good.
   * @param usual By movement, this athlete's good ones of sessions before, in the order of time.
   */
  constructor(
    private readonly judge: TechniqueTask,
    private readonly usual: ReadonlyMap<string, readonly Own[]> = new Map(),
  ) {}

  /** What is told of each repetition among the events, which are in the order of time. */
  push(events: readonly Event[]): Technique[] {
    const told: Technique[] = [];
    for (const event of events) {
      if (event.event === "state" && event.task === this.judge.task) this.#hear(event);
      if (event.event === "heart") this.#heart = event;
      if (event.event === "rep") told.push(this.#told(event));
    }
    return told;
  }

  #hear(state: State): void {
    this.#states.push(state);
    const first = this.#states.findIndex((one) => !(state.t_s - one.t_s > KEPT_S));
    this.#states = this.#states.slice(first);
  }

  #told(rep: Rep): Technique {
    const [verdict, confidence] = this.#verdict(rep);
    const last = this.#set.at(-1);
    const isNewSet = last?.rep.set !== rep.set;
    if (isNewSet || last?.verdict !== verdict) this.#since = rep.number;
    if (isNewSet) this.#good.delete(""); // the set before may have been another movement
    const before = isNewSet ? [] : this.#set;
    this.#set = [...before, { rep, verdict, confidence }].slice(-RECENT);
    const recent = this.#set.map((one) => one.rep);
    const own = (this.#good.get(rep.movement) ?? []).filter((one) => !recent.includes(one));
    const bpm = this.#bpmBeside(rep);
    const isGood = this.#keepGood(rep, verdict);
    const seconds = [recent, own].map((some) => some.map((one) => one.duration_s));
    const degrees = [recent, own].map((some) => some.map((one) => one.range_deg));
    return {
      event: "technique",
      t_s: rep.t_s,
      set: rep.set,
      number: rep.number,
      movement: rep.movement,
      verdict,
      confidence,
      since: verdict ? this.#since : 0,
      is_good: isGood,
      faulty: this.#faulty(),
      range: level(degrees[0]!, degrees[1]!),
      tempo: level(seconds[0]!, seconds[1]!),
      spread: spreadOf(seconds[0]!, seconds[1]!),
      bpm,
      ...this.#besideSessions(rep.movement, degrees[0]!, seconds[0]!),
    };
  }

  /** Range and duration of the last repetitions beside the good ones of sessions before. */
  #besideSessions(movement: string, ranges: readonly number[], durations: readonly number[]) {
    const own = ranges.length < RECENT ? [] : (this.usual.get(movement) ?? []).slice(-LATEST);
    return {
      usual_range: besideSessions(
        ranges,
        own.map(({ range_deg }) => range_deg),
        own.map(({ range_spread }) => range_spread),
      ),
      usual_tempo: besideSessions(
        durations,
        own.map(({ duration_s }) => duration_s),
        own.map(({ duration_spread }) => duration_spread),
      ),
    };
  }

  #keepGood(rep: Rep, verdict: string): boolean {
    const { good } = this.judge;
    const isJudged = verdict !== "" && good.length > 0;
    if (!(isJudged ? good.includes(verdict) : rep.number <= FIRST)) return false;
    const kept = [...(this.#good.get(rep.movement) ?? []), rep].slice(-KEPT_REPS);
    this.#good.set(rep.movement, kept);
    return true;
  }

  /** The answer with most of the model's confidence; none where it rather abstained. */
  #verdict(rep: Rep): readonly [string, number | null] {
    const begin = rep.began_s + SEES_S / 2;
    const end = rep.began_s + rep.duration_s + SEES_S / 2;
    const seen = this.#states.filter(({ t_s }) => begin <= t_s && t_s <= end);
    const sure = new Map<string, number>();
    for (const state of seen) {
      const answer = state.abstained ? "" : state.movement;
      sure.set(answer, (sure.get(answer) ?? 0) + (answer ? (state.confidence ?? 0) : 1));
    }
    let best: readonly [string, number] = ["", Number.NEGATIVE_INFINITY];
    for (const one of sure) if (one[1] > best[1]) best = one;
    return best[0] ? [best[0], best[1] / seen.length] : ["", null];
  }

  /** Percent of the last repetitions that are not good, of the model's confidence alone. */
  #faulty(): Comparison | null {
    const { good } = this.judge;
    const judged = this.#set.filter(({ verdict }) => verdict);
    if (good.length === 0 || judged.length < RECENT) return null;
    const chances = judged.map(({ verdict, confidence }) =>
      good.includes(verdict) ? 1 - confidence! : confidence!,
    );
    const doubt = sum(chances.map((one) => one * (1 - one)));
    const error = (100 * Math.sqrt(doubt)) / chances.length;
    return { value: 100 * mean(chances), error, own: chances.length };
  }

  /** Beats above those at the same repetition of this athlete's like sets before. */
  #bpmBeside(rep: Rep): Comparison | null {
    const heart = this.#heart;
    if (heart?.bpm == null || Math.abs(rep.t_s - heart.t_s) > HEART_HOLDS_S) return null;
    if (!rep.movement) return null;
    const key = JSON.stringify([rep.movement, rep.number]);
    const before = this.#beats.get(key) ?? [];
    this.#beats.set(key, [...before, [rep, heart.bpm] as const].slice(-KEPT_SETS));
    const like = before.filter(([other]) => isSameWork(rep, other)).map(([, bpm]) => bpm);
    if (like.length < FEWEST_SETS) return null;
    const spread = Math.max(deviation(like), SENSOR_ERROR * heart.bpm);
    const error = spread * Math.sqrt(1 + 1 / like.length);
    return { value: heart.bpm - mean(like), error, own: like.length };
  }
}

function isSameWork(one: Rep, other: Rep): boolean {
  const isNear = (a: number, b: number) => Math.abs(a - b) <= SAME_WORK * Math.max(a, b);
  return isNear(one.range_deg, other.range_deg) && isNear(one.duration_s, other.duration_s);
}

/** Median in percent of the own; the error is of chance alone, as Student's t spreads it. */
function level(recent: readonly number[], own: readonly number[]): Comparison | null {
  if (recent.length < RECENT || own.length < FEWEST || !median(own)) return null;
  const chance = Math.sqrt(1 / recent.length + 1 / own.length);
  const error = 100 * MEDIAN_ERROR * spread(own) * few(own.length) * chance;
  return { value: (100 * median(recent)) / median(own), error, own: own.length };
}

/** Variation of durations in percent of the own. */
function spreadOf(recent: readonly number[], own: readonly number[]): Comparison | null {
  if (recent.length < RECENT || own.length < FEWEST) return null;
  const share = variation(recent) / Math.max(variation(own), LEAST_SPREAD);
  const error = share * Math.sqrt(0.5 / (recent.length - 1) + 0.5 / (own.length - 1));
  return { value: 100 * share, error: 100 * error, own: own.length };
}

function variation(values: readonly number[]): number {
  return mean(values) ? deviation(values) / mean(values) : 0;
}
