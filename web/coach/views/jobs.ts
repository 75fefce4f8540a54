/** Trainings and calibrations: asking for them, how far they are, and what came of them. */

import { html, nothing, type TemplateResult } from "lit-html";

import { dateOf } from "../../pages/clock.ts";
import { button, card, check, heading, type Part, select } from "../../pages/components.ts";
import type { Jobs } from "../jobs.ts";
import type { Job } from "../types.ts";
import { bundleName, uploadView } from "./parts.ts";

export function jobsView(jobs: Jobs): TemplateResult {
  const { say } = jobs.coach;
  return html`${heading(say("jobs"))}
    <div class="columns">
      <div class="stack">
        ${
          jobs.jobs.length
            ? jobs.jobs.map((one) => jobCard(jobs, one))
            : html`<p class="quiet">${say("no_jobs")}</p>`
        }
      </div>
      <div class="stack">${trainCard(jobs)} ${bundlesCard(jobs)}</div>
    </div>`;
}

function jobCard(jobs: Jobs, job: Job): TemplateResult {
  const { coach } = jobs;
  const { say, language } = coach;
  const [first = ""] = job.athletes;
  const title =
    job.kind === "train"
      ? say("training_of", { count: job.athletes.length })
      : say("calibration_of", { name: coach.nameOf(first) });
  return card(
    title,
    html`<div class="row between small">
      <span class="state ${job.state}">${say(`state_${job.state}`)}</span>
      <span class="quiet">${dateOf(job.created_at, language)}</span>
    </div>`,
    job.state === "running" ? progressView(jobs, job) : nothing,
    job.message ? html`<p class="said-by" lang="en">${job.message}</p>` : nothing,
    html`<div class="row">${actionsView(jobs, job, title)}</div>`,
  );
}

/** What a training does, by how its stages' names begin. */
const STAGES = [
  ["windows", "stage_windows"],
  ["fit", "stage_teacher"],
  ["teacher", "stage_teacher"],
  ["trial", "stage_trials"],
  ["student", "stage_students"],
  ["baselines", "stage_peers"],
  ["personal heads", "stage_heads"],
  ["heads", "stage_heads"],
] as const;

function progressView({ coach }: Jobs, { stage, done, total }: Job): TemplateResult {
  const { say } = coach;
  const known = STAGES.find(([begins]) => stage.startsWith(begins));
  const told = known ? say(known[1]) : stage || say("starting");
  const isBetween = done >= total; // a stage is over, or none began: how far the next is, nobody knows
  return html`<label class="small progress">
    ${total ? `${told} ${done} / ${total}` : told}
    ${isBetween ? html`<progress></progress>` : html`<progress max=${total} .value=${done}></progress>`}
  </label>`;
}

function actionsView(jobs: Jobs, job: Job, title: string): Part {
  const { coach } = jobs;
  const { say, server, isBusy } = coach;
  const isOpen = job.state === "queued" || job.state === "running";
  const hasReport = job.kind === "train" && job.state === "done";
  const remove = () => (!isOpen || confirm(say("cancel_sure")) ? jobs.remove(job) : null);
  return html`${
    hasReport
      ? html`<a
          class="button link-button"
          href=${server.address(`jobs/${job.id}/report`)}
          target="_blank"
          rel="noopener"
          >${say("report")}</a
        >`
      : nothing
  }
  ${job.bundle ? button({ label: say("give"), act: () => jobs.give(job), disabled: isBusy }) : nothing}
    <button
      type="button"
      class="button harm"
      aria-label=${`${say(isOpen ? "cancel" : "remove")}: ${title}`}
      ?disabled=${isBusy}
      @click=${remove}
    >
      ${say(isOpen ? "cancel" : "remove")}
    </button>`;
}

function trainCard(jobs: Jobs): TemplateResult {
  const { coach, plan } = jobs;
  const { say, athletes, isBusy } = coach;
  if (athletes.length === 0) {
    return card(say("train"), html`<p class="quiet">${say("no_athletes")}</p>`);
  }
  const isAll = plan.athletes.size === athletes.length;
  return card(
    say("train"),
    html`<p>${say("train_told")}</p>
      <fieldset>
        <legend class="legend">${say("athletes")} (${plan.athletes.size})</legend>
        ${check({ id: "all", label: say("all"), checked: isAll, change: (one) => jobs.pickAll(one) })}
        <div class="picks">
          ${athletes.map(({ id, name }) =>
            check({
              id: `pick-${id}`,
              label: name,
              checked: plan.athletes.has(id),
              change: (one) => jobs.pick(id, one),
            }),
          )}
        </div>
      </fieldset>`,
    select({
      id: "folds",
      label: say("folds"),
      value: plan.folds,
      options: [
        ["", say("folds_all")],
        ["1", say("folds_one")],
      ],
      change: (folds) => jobs.choose({ folds }),
    }),
    recipeView(jobs),
    html`<div class="row">
      ${button({
        label: say("start_training"),
        act: () => jobs.train(),
        looks: "main",
        disabled: plan.athletes.size === 0 || isBusy,
      })}
    </div>`,
  );
}

function bundlesCard(jobs: Jobs): TemplateResult {
  const { coach, bundles } = jobs;
  const { say } = coach;
  return card(
    say("bundles"),
    bundles.length
      ? html`<ul class="entries">
          ${bundles.map((one) => html`<li>${bundleName(coach, one)}</li>`)}
        </ul>`
      : html`<p class="quiet">${say("no_bundles")}</p>`,
    html`<div class="row">
      ${uploadView(coach, say("upload_bundle"), (files) => jobs.upload(files))}
    </div>`,
  );
}

function recipeView(jobs: Jobs): TemplateResult {
  const { say } = jobs.coach;
  return html`<details>
    <summary>${say("recipe")}</summary>
    <div class="field">
      <label for="recipe">${say("recipe_label")}</label>
      <textarea
        id="recipe"
        rows="6"
        spellcheck="false"
        .value=${jobs.plan.recipe}
        @input=${(event: Event) =>
          jobs.choose({ recipe: (event.target as HTMLTextAreaElement).value })}
      ></textarea>
    </div>
  </details>`;
}
