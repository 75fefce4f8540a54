/** Advice in words; the twin of `guidance/phrasing.py`. */

import type { Advice } from "../runtime/events.ts";
import type { Abstained, Measured } from "./measure.ts";
import { overAt, type Rule, TASK, thresholdOf } from "./rules.ts";
import { type GuidanceTexts, hasText, textOf, type Value } from "./wording.ts";

const STOPS = ["stop_sign", "clearance"]; // a doctor is asked; other reasons only silence

/** What a rule saw when it spoke. */
export interface Seen {
  readonly tS: number;
  readonly answer: Measured;
  readonly lastedS: number;
  readonly confidence: number | null;
}

/** Says what guidance has to say, in one language. */
export class Phrasing {
  constructor(
    private readonly texts: GuidanceTexts,
    private readonly language: "en" | "zh",
  ) {}

  rule(name: string, rule: Rule, { tS, answer, lastedS, confidence }: Seen): Advice {
    const noun = this.#noun(rule.measure);
    const side = rule.above === undefined ? "below" : "above";
    const shown = { value: answer.value, threshold: thresholdOf(rule), seconds: lastedS };
    const error = answer.error === null ? {} : { error: answer.error };
    const { value, ...others } = shown;
    const [text, spoken] = this.#words(name, rule);
    return {
      ...this.#advice(tS, name, text, spoken),
      severity: rule.severity,
      reason: this.#say("reason", lastedS < 1 ? side : `${side}_for`, { noun, ...shown }),
      numbers: { [rule.measure]: value, ...others, ...error },
      confidence,
      what_would_change: this.#wayBack(rule, side, noun),
    };
  }

  model(tS: number, key: string, confidence: number): Advice {
    const label = key.slice(key.indexOf(".") + 1);
    return {
      ...this.#advice(tS, key, this.#say("model", "says", { label }), label),
      reason: this.#say("model", "reason", { label, confidence: 100 * confidence }),
      numbers: { confidence },
      confidence,
      what_would_change: this.#say("model", "change"),
      spoke: "model",
    };
  }

  /** Why nothing will be advised. */
  silence(tS: number, why: Abstained): Advice {
    const { reason, what, have, need } = why;
    const text = this.#say("silence", reason);
    const spoken = textOf(this.texts, "silence", reason, `${this.language}_spoken`);
    return {
      ...this.#advice(tS, reason, text, spoken),
      severity: STOPS.includes(reason) ? "stop" : "silence",
      reason: reason === "stop_sign" ? this.#say("symptom", what) : text,
      numbers: {
        ...(have === undefined ? {} : { have }),
        ...(need === undefined ? {} : { need }),
      },
      what_would_change: this.#say("silence_over", reason),
    };
  }

  #advice(t_s: number, key: string, text: string, spoken: string): Advice {
    return {
      ...{ event: "advice", t_s, key, text, spoken, severity: "hint", reason: "", numbers: {} },
      ...{ confidence: null, what_would_change: "", spoke: "rules" },
      ...{ other_voice: "", is_contradicted: false },
    } as const;
  }

  #wayBack(rule: Rule, side: string, noun: string): string {
    const over = this.#say("change", `not_${side}`, { noun, over_at: overAt(rule) });
    if (!hasText(this.texts, "surer", rule.measure)) return over;
    return this.#say("change", "and", { one: over }) + this.#say("surer", rule.measure);
  }

  /** For the screen, and for the ear-piece. */
  #words(name: string, { words }: Rule): [string, string] {
    if (words) return [words[this.language], words[this.language]];
    const spoken = textOf(this.texts, "rule", name, `${this.language}_spoken`);
    return [this.#say("rule", name), spoken];
  }

  #noun(measure: string): string {
    if (!measure.startsWith(TASK)) return this.#say("measure", measure);
    return this.#say("model", "number", { task: measure.slice(TASK.length) });
  }

  #say(kind: string, key: string, values: Readonly<Record<string, Value>> = {}): string {
    return textOf(this.texts, kind, key, this.language, values);
  }
}
