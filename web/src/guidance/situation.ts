/** What is known of an athlete at one moment of a session; the twin of `guidance/situation.py`. */

import type { Comparison, Event, Heart, State, Technique } from "../runtime/events.ts";
import { type Abstained, type Answer, abstains, measured } from "./measure.ts";
import type { Day } from "./profile.ts";
import { type HeartLimits, heartLimits, reserveShare, spanOf } from "./zones.ts";

const SENSOR_ERROR = 0.03; // of a heart rate
const HEART_HOLDS_S = 2; // it is told once a second
const STATE_HOLDS_S = 10; // a stream that is silent for longer tells nothing of now
const REP_HOLDS_S = 10; // a set that pauses for longer tells nothing of now
/** What is told of repetitions: the field of a technique event, and what can be right. */
const REPETITIONS: Readonly<
  Record<string, readonly [(one: Technique) => Comparison | null, readonly [number, number]]>
> = {
  rep_range: [(one) => one.range, [0, 500]],
  rep_tempo: [(one) => one.tempo, [0, 1000]],
  rep_spread: [(one) => one.spread, [0, 5000]],
  rep_heart: [(one) => one.bpm, [-100, 100]],
  faulty_reps: [(one) => one.faulty, [0, 100]],
  rep_range_usual: [(one) => one.usual_range, [0, 500]],
  rep_tempo_usual: [(one) => one.usual_tempo, [0, 1000]],
};
const SHARE_RANGE = [0, 200] as const;
const NUMBER_RANGE = [-1e9, 1e9] as const;

/** Follows the events of one session. */
export class Situation {
  readonly #limits: HeartLimits | Abstained;
  #heart: Heart | null = null;
  #technique: Technique | null = null;
  readonly #states = new Map<string, State>();

  constructor(day: Day) {
    this.#limits = heartLimits(day);
  }

  push(event: Event): void {
    if (event.event === "heart") this.#heart = event;
    if (event.event === "technique") this.#technique = event;
    if (event.event === "set_ended") this.#technique = null;
    if (event.event === "state") this.#states.set(event.task, event);
  }

  /** What the model holds of a task now; null where it abstains or is silent. */
  state(task: string, nowS: number): State | null {
    const state = this.#states.get(task);
    return !state || nowS - state.t_s > STATE_HOLDS_S || state.abstained ? null : state;
  }

  /** Whether any task's answer is one of these movements now. */
  isIn(movements: readonly string[], nowS: number): boolean {
    return [...this.#states.keys()].some((task) => {
      const state = this.state(task, nowS);
      return state !== null && movements.includes(state.movement);
    });
  }

  /** The model's number of a task. */
  number(task: string, nowS: number): Answer {
    const value = this.state(task, nowS)?.value ?? null;
    if (value === null) return { reason: "no_data", what: task };
    return measured("model_number", NUMBER_RANGE, value);
  }

  /** One of the measures that rules look at, by its key. */
  live(measure: string, nowS: number): Answer {
    if (measure in REPETITIONS) return this.#repetitions(measure, nowS);
    const heart = this.#heart;
    if (!heart || nowS - heart.t_s > HEART_HOLDS_S || heart.bpm === null) {
      return { reason: "no_data", what: "heart_rate" };
    }
    if (abstains(this.#limits)) return this.#limits;
    if (measure === "heart_share") return heartShare(heart.bpm, this.#limits);
    if (measure === "heart_rate_reserve") return reserve(heart.bpm, this.#limits);
    return { reason: "no_data", what: measure }; // not measured in a page
  }

  /** How the last repetitions of the set that is under way compare with the athlete's own. */
  #repetitions(measure: string, nowS: number): Answer {
    const technique = this.#technique;
    if (!technique || nowS - technique.t_s > REP_HOLDS_S) {
      return { reason: "no_data", what: "repetitions" };
    }
    const [read, range] = REPETITIONS[measure]!;
    const found = read(technique);
    if (found === null) return { reason: "too_little_data", what: "repetitions" };
    return measured(measure, range, found.value, found.error);
  }
}

/** Percent of the maximum. */
function heartShare(bpm: number, { maxBpm, maxErrorBpm }: HeartLimits): Answer {
  const share = (100 * bpm) / maxBpm;
  const error = share * Math.hypot(SENSOR_ERROR, maxErrorBpm / maxBpm);
  return measured("heart_share", SHARE_RANGE, share, error);
}

/** Percent of the reserve. */
function reserve(bpm: number, limits: HeartLimits): Answer {
  const share = reserveShare(bpm, limits);
  const span = spanOf(limits);
  if (abstains(share) || typeof span !== "number") return share;
  const top = (share.value / 100) * limits.maxErrorBpm;
  return { value: share.value, error: (100 * Math.hypot(SENSOR_ERROR * bpm, top)) / span };
}
