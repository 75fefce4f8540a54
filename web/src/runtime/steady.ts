/** One classification's steady answer, or why there is none. */

import type { TaskCard } from "../bundle/manifest.ts";
import { fixed, general } from "../numbers.ts";
import type { Cause, State } from "./events.ts";
import { Average, Smoother, type Smoothing } from "./smoothing.ts";

/** Opinions of single windows in, states out; an answer that stands does not come and go. */
export class Steady {
  readonly #slack: number;
  readonly #answer: Smoother;
  readonly #familiarity: Average;
  #stands = ""; // the movement that was told last

  /**
   * @param card What the task is, and when not to trust an answer.
   * @param smoothing How steady.
   * @param hopS From one window to the next.
   */
  constructor(
    private readonly card: TaskCard,
    smoothing: Smoothing,
    hopS: number,
  ) {
    this.#slack = smoothing.slack;
    this.#answer = new Smoother(smoothing, hopS);
    this.#familiarity = new Average(smoothing.kept(hopS));
  }

  /** Forget, as after a gap: what comes next has nothing to do with what was. */
  reset(): void {
    this.#answer.reset();
    this.#familiarity.reset();
    this.#stands = "";
  }

  /** What is told where no signal can be read. */
  silence(endS: number, reason: string): State {
    this.#stands = "";
    return { ...silent(endS, this.card.name, reason), confidence: 0 };
  }

  /**
   * What is told as of one window.
   *
   * @param t_s Its end.
   * @param labels Names of the classes.
   * @param probabilities One a class.
   * @param familiarity null where a sensor is lost: training's windows had all of them, and without
   *   one all would be strange.
   */
  push(
    t_s: number,
    labels: readonly string[],
    probabilities: Float64Array,
    familiarity: number | null,
  ): State {
    const { held, average } = this.#answer.push(probabilities);
    const [confidence, movement] = [average[held]!, labels[held]!];
    const known =
      familiarity === null ? 1 : this.#familiarity.push(Float64Array.of(familiarity))[0]!;
    const { cause, reason } = this.#doubt(movement, confidence, known);
    this.#stands = cause ? "" : movement;
    const told = { confidence, abstained: cause !== "", cause, reason, value: null, unit: "" };
    return { event: "state", t_s, task: this.card.name, movement: this.#stands, ...told };
  }

  /** Why a device says nothing, and the same with numbers; both empty where it answers. */
  #doubt(movement: string, confidence: number, familiarity: number) {
    const told = (cause: Cause, reason: string) => ({ cause, reason });
    const share = movement === this.#stands ? 1 - this.#slack : 1;
    const [known, sure] = [share * this.card.unknown_below, share * this.card.abstain_below];
    if (familiarity < known) {
      const numbers = `familiarity ${general(familiarity, 2)} is below ${general(known, 2)}`;
      return told("unknown", `none of the movements: ${numbers}`);
    }
    if (confidence < sure) {
      const numbers = `${fixed(confidence, 2)} is below ${fixed(sure, 2)}`;
      return told("unsure", `confidence ${numbers}`);
    }
    return told("", "");
  }
}

/** What is told of a task where no signal can be read. */
export function silent(t_s: number, task: string, reason: string): State {
  return {
    event: "state",
    t_s,
    task,
    movement: "",
    confidence: null,
    abstained: true,
    cause: "no_signal",
    reason,
    value: null,
    unit: "",
  };
}
