/** Calibration: choose movements, show them, see what it brings, decide; and the versions so far. */

import { html, nothing, type TemplateResult } from "lit-html";

import { dateOf } from "../../pages/clock.ts";
import { button, card, check, field, heading, notice, type Part } from "../../pages/components.ts";
import { named } from "../../pages/names.ts";
import type { Verdict } from "../calibration.ts";
import type { Guided } from "../guided.ts";
import type { Phone } from "../phone.ts";
import type { KeptHead, KeptTemplate } from "../records.ts";
import { notices } from "./parts.ts";
import { motionCard } from "./train.ts";

export function calibrateView(phone: Phone): TemplateResult {
  const { say, guided } = phone;
  if (!phone.model?.task) {
    return html`${heading(say("calibrate"))} ${notices(phone)}
      <p>${say("no_model_why")}</p>
      ${button({ label: say("no_model"), act: () => phone.go("train"), looks: "main" })}`;
  }
  return html`${heading(say("calibrate"))} ${notices(phone)}
    ${guided ? guidedPart(phone, guided) : choosingPart(phone)}`;
}

function choosingPart(phone: Phone): TemplateResult {
  const { say, model } = phone;
  const own = phone.plan.own.trim();
  const isKnown = model!.movements.includes(own);
  const labels = [...phone.plan.labels, ...(own && !isKnown ? [own] : [])];
  const begin = () => {
    const isNew = (label: string) => !model!.task!.labels.includes(label);
    phone.beginGuided(labels, isNew);
  };
  return html`<p>${say("calibrate_why")}</p>
    ${motionCard(phone)}
    <section class="card">
      <h2>${say("which")}</h2>
      <p class="small quiet">${say("which_hint")}</p>
      <div class="movements">${model!.movements.map((label, at) => movementCheck(phone, label, at))}</div>
      ${field({
        id: "own-movement",
        label: say("new_movement"),
        value: phone.plan.own,
        hint: say("new_hint"),
        change: (value) => {
          phone.plan.own = value;
          phone.redraw();
        },
      })}
      ${isKnown ? notice(say("name_known", { name: own })) : nothing}
      ${button({
        label: say("begin"),
        act: begin,
        looks: "main wide",
        disabled: labels.length === 0 || (phone.choices.motion === "replay" && !phone.recording),
      })}
    </section>
    ${versionsCard(phone)} ${learntCard(phone)}`;
}

function movementCheck(phone: Phone, label: string, at: number): TemplateResult {
  return check({
    id: `movement-${at}`,
    label: named(label),
    checked: phone.plan.labels.has(label),
    change: (checked) => {
      if (checked) phone.plan.labels.add(label);
      else phone.plan.labels.delete(label);
      phone.redraw();
    },
  });
}

function guidedPart(phone: Phone, guided: Guided): TemplateResult {
  const { say } = phone;
  if (guided.phase === "fitting") return html`<p class="large">${say("fitting")}</p>`;
  if (guided.phase === "judged") return verdictPart(phone, guided, guided.verdict!);
  const movement = named(guided.label);
  const asked = guided.isNew(guided.label) ? "do_three" : "do_five";
  return html`<section class="guided">
    <p class="quiet">${say("step", { at: guided.at + 1, of: guided.labels.length })}</p>
    <p class="ask">${say(asked, { movement })}</p>
    ${
      guided.phase === "ready" || guided.phase === "starting"
        ? button({
            label: say("ready"),
            act: () => guided.ready(),
            looks: "main wide huge",
            disabled: guided.phase === "starting",
          })
        : nothing
    }
    ${
      guided.phase === "countdown"
        ? html`<p class="quiet">${say("get_ready")}</p>
          <p class="count" aria-hidden="true">${guided.countdown}</p>`
        : nothing
    }
    ${guided.phase === "moving" ? movingPart(phone, guided) : nothing}
    ${button({ label: say("cancel"), act: () => guided.cancel(), looks: "plain" })}
  </section>`;
}

function movingPart({ say }: Phone, guided: Guided): TemplateResult {
  const { shownS, neededS, isEnough } = guided;
  const seconds = Math.ceil(neededS - shownS);
  return html`<progress max=${neededS} .value=${Math.min(shownS, neededS)} aria-label=${say("time")}></progress>
    <p class="large" role="status">${isEnough ? say("enough") : nothing}</p>
    ${isEnough ? nothing : html`<p class="large">${say("keep_going", { seconds })}</p>`}
    ${button({
      label: say("done_moving"),
      act: () => guided.done(),
      looks: "main wide huge",
      disabled: !isEnough,
    })}`;
}

function verdictPart(phone: Phone, guided: Guided, verdict: Verdict): TemplateResult {
  const { say } = phone;
  const { before, after, isLive, windows } = verdict;
  return html`<section class="verdict">
    <div class="pair">
      ${scorePart(say("before"), say("before_hint"), before)}
      ${scorePart(say("after"), say("after_hint"), after)}
    </div>
    <p class="small quiet">${say("read_right", { windows })}</p>
    <div role="status">${notice(say(isLive ? "guard_yes" : "guard_no"), isLive ? "good" : "caution")}</div>
    <p class="small quiet">${say("guard_said")} <span lang="en">${verdict.reason}</span></p>
    <p class="small quiet">${say("fitted_in", { milliseconds: Math.ceil(verdict.milliseconds) })}</p>
    ${
      isLive
        ? button({
            label: say("accept"),
            act: () => guided.accept(),
            looks: "main wide",
            disabled: phone.isBusy,
          })
        : nothing
    }
    ${isLive && phone.choices.isLinked ? html`<p class="small quiet">${say("accept_told")}</p>` : nothing}
    ${button({ label: say("decline"), act: () => guided.decline(), looks: "wide" })}
  </section>`;
}

function scorePart(title: string, hint: string, share: number): TemplateResult {
  return html`<div>
    <p>${title}</p>
    <p class="score">${Math.round(100 * share)} %</p>
    <p class="small quiet">${hint}</p>
  </div>`;
}

function versionsCard(phone: Phone): Part {
  const { say } = phone;
  const { heads, current } = phone.model!;
  if (heads.length === 0) return nothing;
  return card(
    say("versions"),
    html`<ul class="stack">
      ${heads.map((head) => versionRow(phone, head, head.id === current?.id))}
    </ul>`,
    current
      ? button({ label: say("back_to_shared"), act: () => phone.useHead(null) })
      : html`<p class="quiet">${say("head_used", { head: say("head_shared") })}</p>`,
  );
}

function versionRow(phone: Phone, head: KeptHead, isUsed: boolean): TemplateResult {
  const { say } = phone;
  return html`<li class="row between">
    <span>${dateOf(head.created, phone.language)}</span>
    ${
      isUsed
        ? html`<b>${say("in_use")}</b>`
        : button({ label: say("use_this"), act: () => phone.useHead(head.id!) })
    }
  </li>`;
}

/** What corrections taught, to be forgotten. */
function learntCard(phone: Phone): Part {
  const { say } = phone;
  const { learnt } = phone.kept;
  if (learnt.length === 0) return nothing;
  return card(
    say("corrections"),
    html`<p class="small quiet">${say("corrections_hint")}</p>`,
    html`<ul class="stack">
      ${learnt.map((one) => learntRow(phone, one))}
    </ul>`,
  );
}

function learntRow(phone: Phone, one: KeptTemplate): TemplateResult {
  const { say } = phone;
  const movement = named(one.template.movement);
  return html`<li class="row between">
    <span>${movement} · ${say("tempo", { seconds: one.template.seconds.toFixed(1) })}</span>
    <button
      type="button"
      class="button"
      aria-label=${say("forget_named", { movement })}
      @click=${() => phone.kept.forgetCorrection(one)}
    >
      ${say("forget")}
    </button>
  </li>`;
}
