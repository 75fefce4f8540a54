/** What is known of an athlete at one moment of a session; the twin of `guidance/situation.py`. */

import type { Event, Heart, State } from "../runtime/events.ts";
import { type Abstained, type Answer, abstains, measured } from "./measure.ts";
import type { Day } from "./profile.ts";
import { type HeartLimits, heartLimits, reserveShare, spanOf } from "./zones.ts";

const SENSOR_ERROR = 0.03; // of a heart rate
const HEART_HOLDS_S = 2; // it is told once a second
const STATE_HOLDS_S = 10; // a stream that is silent for longer tells nothing of now
const SHARE_RANGE = [0, 200] as const;
const NUMBER_RANGE = [-1e9, 1e9] as const;

/** Follows the events of one session. */
export class Situation {
  readonly #limits: HeartLimits | Abstained;
  #heart: Heart | null = null;
  readonly #states = new Map<string, State>();

  constructor(day: Day) {
    this.#limits = heartLimits(day);
  }

  push(event: Event): void {
    if (event.event === "heart") this.#heart = event;
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
    const heart = this.#heart;
    if (!heart || nowS - heart.t_s > HEART_HOLDS_S || heart.bpm === null) {
      return { reason: "no_data", what: "heart_rate" };
    }
    if (abstains(this.#limits)) return this.#limits;
    if (measure === "heart_share") return heartShare(heart.bpm, this.#limits);
    if (measure === "heart_rate_reserve") return reserve(heart.bpm, this.#limits);
    return { reason: "no_data", what: measure }; // not measured in a page
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
