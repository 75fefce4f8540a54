/** What an athlete's phone reads with: bundle, versions of their own head, and the way back. */

import { html, nothing, type TemplateResult } from "lit-html";

import { dateOf } from "../../pages/clock.ts";
import { button, card, type Part, select } from "../../pages/components.ts";
import { named } from "../../pages/names.ts";
import type { Person } from "../person.ts";
import type { Version } from "../types.ts";
import { causes, percent } from "./concerns.ts";
import { bundleName } from "./parts.ts";

export function modelCard(person: Person): TemplateResult {
  const { coach, athlete, standing, bundles } = person;
  const { say } = coach;
  const drifts = standing?.drifts ?? [];
  const isDamaged = person.heads.live === null;
  const options: readonly (readonly [string, string])[] = [
    ["", say("no_bundle")],
    ...bundles.map((one) => [one.id, bundleName(coach, one)] as const),
  ];
  return card(
    say("model"),
    select({
      id: "bundle",
      label: say("bundle"),
      value: athlete!.bundle ?? "",
      options,
      change: (bundle) => person.give(bundle),
    }),
    isDamaged
      ? nothing
      : html`<p>${drifts.length ? say("drifted", { causes: causes(coach, drifts) }) : say("no_drift")}</p>`,
    isDamaged ? resetView(person) : versionsView(person),
    html`<p class="small quiet">${say("personalize_told")}</p>
      <div class="row">
        ${button({
          label: say("personalize"),
          act: () => person.personalize(),
          looks: "main",
          disabled: !athlete!.bundle || isDamaged || coach.isBusy,
        })}
      </div>`,
  );
}

/** The way on where the file of versions cannot be read. */
function resetView(person: Person): TemplateResult {
  const { say } = person.coach;
  const asked = say("remove_versions_sure", { name: person.athlete!.name });
  const remove = () => (confirm(asked) ? person.removeVersions() : null);
  return html`<div class="row">
    ${button({ label: say("remove_versions"), act: remove, looks: "harm" })}
  </div>`;
}

function versionsView(person: Person): Part {
  const { heads, coach } = person;
  const { say } = coach;
  if (heads.versions.length === 0) {
    return html`<p class="quiet">${say("never_calibrated")}</p>`;
  }
  return html`<ul class="entries">
    ${heads.versions.toReversed().map((one) => versionView(person, one))}
    <li class="row between">
      <span>${say("shared_head")}</span> ${useView(person, 0)}
    </li>
  </ul>`;
}

function versionView(person: Person, version: Version): TemplateResult {
  const { say, language } = person.coach;
  const shots = Object.values(version.shots)[0] ?? {};
  const learnt = Object.entries(shots).map(([label, count]) => `${named(label)} ${count}`);
  return html`<li>
    <div class="row between">
      <strong>${say("version", { number: version.number })}</strong>
      ${version.tasks.length ? useView(person, version.number) : html`<span class="quiet">${say("guard_refused")}</span>`}
    </div>
    <p class="small quiet">${dateOf(version.created, language)} · ${madeView(person, version)}</p>
    ${person.fits(version) ? nothing : html`<p class="small harm">${say("other_body")}</p>`}
    ${Object.keys(version.scores).map((task) => scoreView(person, version, task))}
    <details class="small">
      <summary>${say("why")}</summary>
      <p>${say("learnt_from", { windows: learnt.join(say("and")) })}</p>
      ${Object.entries(version.verdicts).map(
        ([task, told]) => html`<p lang="en">${named(task)}: ${told}</p>`,
      )}
    </details>
  </li>`;
}

function madeView({ coach }: Person, { reason }: Version): string {
  const known = (["calibration", "phone", "server"] as const).find((one) => one === reason);
  return known ? coach.say(`made_${known}`) : reason;
}

/** Of a number the score is an error's negative, which no percent says. */
function scoreView({ coach }: Person, { scores }: Version, task: string): Part {
  const { shared_score: shared = -1, personal_score: own = -1 } = scores[task] ?? {};
  if (shared < 0) return nothing;
  const told = { task: named(task), shared: percent(shared), own: percent(own) };
  return html`<p class="small">${coach.say("task_scores", told)}</p>`;
}

function useView(person: Person, number: number): TemplateResult {
  const { say } = person.coach;
  if (person.heads.live === number) return html`<span class="in-use">${say("in_use")}</span>`;
  const asked = number ? say("use_sure", { number }) : say("use_shared_sure");
  return html`<button
    type="button"
    class="button small-button"
    aria-label=${number ? say("use_version", { number }) : say("use_shared")}
    @click=${() => (confirm(asked) ? person.use(number) : null)}
  >
    ${say("use")}
  </button>`;
}
