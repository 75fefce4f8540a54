/** A coach's rules as their file has them, checked and filled with what is left out. */

import { DataError } from "../errors.ts";
import { type Answer, abstains } from "./measure.ts";

export const TASK = "task."; // and the name of a task that is a number
const FAULTY = "faulty_reps";

export type Direction = "less" | "same" | "more";
type Both = Readonly<Record<"en" | "zh", string>>;

/** Speaks while a measure is beyond its threshold; `guidance/rule.py` has the fields. */
export interface Rule {
  readonly measure: string;
  readonly above?: number;
  readonly below?: number;
  readonly margin: number;
  readonly for_s: number;
  readonly cool_down_s: number;
  readonly priority: number;
  readonly severity: "hint" | "warning";
  readonly sure: number;
  readonly movements: readonly string[];
  readonly asks: Direction;
  readonly words?: Both;
}

/** What the model may say of a task from which it learnt a coach's advice. */
export interface ModelVoice {
  readonly task: string;
  readonly says: readonly string[];
  readonly asks_for_more: readonly string[];
  readonly asks_for_less: readonly string[];
  readonly for_s: number;
  readonly cool_down_s: number;
  readonly priority: number;
  readonly sure: number;
}

/** Where the model judges how a repetition is done. */
export interface TechniqueTask {
  readonly task: string;
  /** Its answers that are good; none named: nothing is called a fault. */
  readonly good: readonly string[];
}

export interface Rules {
  readonly rules: ReadonlyMap<string, Rule>;
  readonly every_s: number;
  readonly model: ModelVoice;
  readonly technique: TechniqueTask;
}

const RULE = {
  margin: 0,
  for_s: 0,
  cool_down_s: 120,
  priority: 50,
  severity: "hint",
  sure: 0.6,
  movements: [],
  asks: "less",
} as const;
const MODEL: ModelVoice = {
  task: "advice",
  says: [],
  asks_for_more: [],
  asks_for_less: [],
  for_s: 3,
  cool_down_s: 120,
  priority: 30,
  sure: 0.7,
};
const TECHNIQUE: TechniqueTask = { task: "execution", good: [] };
const EVERY_S = 20;

type Table = Readonly<Record<string, unknown>>;

/** Of a parsed `rules.toml`; Python's `distride rules check` explains mistakes. */
export function rulesFrom(table: unknown): Rules {
  const { rules = {}, every_s = EVERY_S, model = {}, technique = {} } = table as Table;
  const entries = Object.entries(rules as Record<string, Table>);
  return {
    rules: new Map(entries.map(([name, rule]) => [name, ruleFrom(name, rule)])),
    every_s: every_s as number,
    model: { ...MODEL, ...(model as Partial<ModelVoice>) },
    technique: { ...TECHNIQUE, ...(technique as Partial<TechniqueTask>) },
  };
}

function ruleFrom(name: string, table: Table): Rule {
  const rule = { ...RULE, ...table } as unknown as Rule;
  if (
    typeof rule.measure !== "string" ||
    (rule.above === undefined) === (rule.below === undefined)
  ) {
    throw new DataError(
      `The rule '${name}' needs a measure and either 'above' or 'below': check it with ` +
        "'distride rules check'.",
    );
  }
  return rule;
}

/** Whether a measure is what the model holds, so that it waits for a calibration. */
export function restsOnModel(measure: string): boolean {
  return measure.startsWith(TASK) || measure === FAULTY;
}

/** The number that is crossed. */
export function thresholdOf(rule: Rule): number {
  return rule.above ?? rule.below!;
}

/** Where it ends, once met. */
export function overAt(rule: Rule): number {
  return thresholdOf(rule) + (rule.above === undefined ? rule.margin : -rule.margin);
}

/** Whether it is met; never on a measure that abstains. */
export function isMet(rule: Rule, answer: Answer, wasMet: boolean): boolean {
  if (abstains(answer)) return false;
  const edge = wasMet ? overAt(rule) : thresholdOf(rule);
  return rule.above === undefined ? answer.value < edge : answer.value > edge;
}

/** Chance that the threshold is crossed, of a normal error; null where none is known. */
export function confidenceOf(rule: Rule, answer: Answer): number | null {
  if (abstains(answer) || answer.error === null) return null;
  const above = answer.value - thresholdOf(rule);
  const beyond = rule.above === undefined ? -above : above;
  if (answer.error === 0) return beyond > 0 ? 1 : 0;
  return 0.5 * (1 + erf(beyond / answer.error / Math.SQRT2));
}

/** The error function within 1.5·10⁻⁷ (Abramowitz & Stegun 7.1.26). */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - series * Math.exp(-x * x));
}
