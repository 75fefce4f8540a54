/** Why an athlete may need attention, as sentences. */

import { html, type TemplateResult } from "lit-html";

import { dayOf } from "../../pages/clock.ts";
import type { Part } from "../../pages/components.ts";
import type { Coach } from "../coach.ts";
import type { Concern } from "../types.ts";

export function concernsView(coach: Coach, concerns: readonly Concern[]): TemplateResult {
  return html`<ul class="concerns">
    ${concerns.map((one) => html`<li class="concern ${one.kind}">${told(coach, one)}</li>`)}
  </ul>`;
}

function told(coach: Coach, { kind, at, numbers, told }: Concern): Part {
  const { say, language } = coach;
  const since = at ? dayOf(at, language) : "";
  switch (kind) {
    case "damaged":
      return say("needs_reset");
    case "drift":
      return say("needs_drift", { causes: causes(coach, told), since });
    case "score_fell":
      return say("needs_score", { now: percent(numbers.now!), before: percent(numbers.before!) });
    case "no_session":
      return at ? say("needs_session", { days: numbers.days! }) : say("needs_first_session");
    case "load_up":
      return say("needs_rest", { percent: Math.round(numbers.percent!) });
    case "job_failed":
      return html`${say("needs_job")} <span lang="en">${told.join(" ")}</span>`;
  }
}

export function causes({ say }: Coach, told: readonly string[]): string {
  const known = ["inputs", "confidence", "gravity"] as const;
  return known
    .filter((cause) => told.includes(cause))
    .map((cause) => say(`drift_${cause}`))
    .join(say("and"));
}

/** A share as whole percent. */
export function percent(share: number): number {
  return Math.round(100 * share);
}

/** `+12 %`. */
export function signed(value: number): string {
  const whole = Math.round(value);
  return `${whole > 0 ? "+" : whole < 0 ? "−" : "±"}${Math.abs(whole)} %`;
}
