/** Live advice: safety first, few words, each with its reason; the twin of `guidance/coach.py`. */

import type { Advice, Event } from "../runtime/events.ts";
import { type Abstained, type Answer, abstains } from "./measure.ts";
import { Phrasing } from "./phrasing.ts";
import type { Day } from "./profile.ts";
import {
  confidenceOf,
  type Direction,
  isMet,
  type Rule,
  type Rules,
  restsOnModel,
  TASK,
} from "./rules.ts";
import { whySilent } from "./safety.ts";
import { Situation } from "./situation.ts";
import type { GuidanceTexts } from "./wording.ts";

const GRAVITY = ["hint", "warning"];

/** What could be said now; of several the highest rank is, and less before more. */
interface Cue {
  readonly rank: readonly [number, number];
  readonly coolDownS: number;
  readonly advice: Advice;
  readonly asks: Direction;
  readonly isAloud: boolean;
}

/** What a coach speaks from. */
export interface Voice {
  readonly rules: Rules;
  readonly texts: GuidanceTexts;
  readonly language: "en" | "zh";
  /** Whether the model was calibrated for this athlete; else nothing is said of what it holds. */
  readonly isCalibrated: boolean;
}

/** Advice in one session; silent where `whySilent` says so, whatever the rules hold. */
export class Coach {
  readonly #phrasing: Phrasing;
  readonly #since = new Map<string, number>(); // of what is met
  #held: readonly [string, number] = ["", Number.NEGATIVE_INFINITY]; // the model's label, since when
  readonly #spokeS = new Map<string, number>();
  #lastS = Number.NEGATIVE_INFINITY;
  #isSilenceTold = false;
  readonly #silence: Abstained | null;
  readonly #situation: Situation;

  constructor(
    private readonly voice: Voice,
    day: Day,
  ) {
    this.#phrasing = new Phrasing(voice.texts, voice.language);
    this.#silence = whySilent(day);
    this.#situation = new Situation(day);
  }

  /** What is advised after these events, in the order of time. */
  push(events: readonly Event[]): Advice[] {
    return events.flatMap((event) => {
      this.#situation.push(event);
      return Number.isFinite(event.t_s) ? this.#advise(event.t_s) : [];
    });
  }

  #advise(nowS: number): Advice[] {
    if (this.#silence) return this.#tellSilence(nowS, this.#silence);
    const cues = [...this.#ruleCues(nowS), ...this.#modelCues(nowS)];
    const less = cues.some((cue) => cue.asks === "less");
    const ready = cues.filter((cue) => {
      return this.#maySpeak(cue, nowS) && !(less && cue.asks === "more");
    });
    if (ready.length === 0) return [];
    const first = ready.reduce((best, cue) => (isGraver(cue, best) ? cue : best));
    this.#lastS = nowS;
    this.#spokeS.set(first.advice.key, nowS);
    const others = cues.filter((cue) => cue.advice.spoke !== first.advice.spoke);
    return [
      {
        ...first.advice,
        other_voice: others.map((cue) => cue.advice.key).join(", "),
        is_contradicted: others.some((cue) => areOpposed(cue.asks, first.asks)),
      },
    ];
  }

  #maySpeak(cue: Cue, nowS: number): boolean {
    const ownS = this.#spokeS.get(cue.advice.key) ?? Number.NEGATIVE_INFINITY;
    const isRested = nowS - ownS >= cue.coolDownS;
    return cue.isAloud && isRested && nowS - this.#lastS >= this.voice.rules.every_s;
  }

  /** Once: why nothing will be advised. */
  #tellSilence(nowS: number, why: Abstained): Advice[] {
    if (this.#isSilenceTold) return [];
    this.#isSilenceTold = true;
    return [this.#phrasing.silence(nowS, why)];
  }

  *#ruleCues(nowS: number): Iterable<Cue> {
    for (const [name, rule] of this.voice.rules.rules) {
      const answer = this.#answer(rule, nowS);
      const sinceS = this.#metSince(name, isMet(rule, answer, this.#since.has(name)), nowS);
      if (sinceS === null || abstains(answer)) continue;
      const confidence = confidenceOf(rule, answer);
      const isSure = rule.sure === 0 || (confidence ?? 0) >= rule.sure;
      const lastedS = nowS - sinceS;
      if (!isSure || lastedS < rule.for_s) continue;
      yield {
        rank: [GRAVITY.indexOf(rule.severity), rule.priority],
        coolDownS: rule.cool_down_s,
        advice: this.#phrasing.rule(name, rule, { tS: nowS, answer, lastedS, confidence }),
        asks: rule.asks,
        isAloud: true,
      };
    }
  }

  #answer(rule: Rule, nowS: number): Answer {
    if (rule.movements.length > 0 && !this.#situation.isIn(rule.movements, nowS)) {
      return { reason: "no_data", what: "movement" };
    }
    if (restsOnModel(rule.measure) && !this.voice.isCalibrated) {
      return { reason: "not_calibrated", what: rule.measure };
    }
    if (!rule.measure.startsWith(TASK)) return this.#situation.live(rule.measure, nowS);
    return this.#situation.number(rule.measure.slice(TASK.length), nowS);
  }

  /** What the model holds, aloud only where the coach named it. */
  *#modelCues(nowS: number): Iterable<Cue> {
    const { model } = this.voice.rules;
    const state = this.voice.isCalibrated ? this.#situation.state(model.task, nowS) : null;
    const sure = state?.confidence ?? 0;
    const label = state && sure > 0 ? state.movement : "";
    if (label !== this.#held[0]) this.#held = [label, nowS];
    if (!label || nowS - this.#held[1] < model.for_s || sure < model.sure) return;
    yield {
      rank: [0, model.priority],
      coolDownS: model.cool_down_s,
      advice: this.#phrasing.model(nowS, `${model.task}.${label}`, sure),
      asks: directionOf(label, model.asks_for_more, model.asks_for_less),
      isAloud: model.says.includes(label),
    };
  }

  #metSince(key: string, met: boolean, nowS: number): number | null {
    if (!met) {
      this.#since.delete(key);
      return null;
    }
    if (!this.#since.has(key)) this.#since.set(key, nowS);
    return this.#since.get(key)!;
  }
}

function directionOf(label: string, more: readonly string[], less: readonly string[]): Direction {
  if (more.includes(label)) return "more";
  return less.includes(label) ? "less" : "same";
}

function isGraver(one: Cue, other: Cue): boolean {
  const [[gravity, priority], [otherGravity, otherPriority]] = [one.rank, other.rank];
  return gravity > otherGravity || (gravity === otherGravity && priority > otherPriority);
}

function areOpposed(one: Direction, other: Direction): boolean {
  return one !== other && one !== "same" && other !== "same";
}
