/** All athletes at a glance. */

import { html, nothing, type TemplateResult } from "lit-html";

import { dayOf } from "../../pages/clock.ts";
import { card, choice, heading } from "../../pages/components.ts";
import { hashOf } from "../place.ts";
import type { Row, Shown, Squad } from "../squad.ts";
import { concernsView, percent, signed } from "./concerns.ts";
import { invitationView, textField } from "./parts.ts";

const COLUMNS = ["athlete", "attention", "model", "load_change", "last_session"] as const;

export function squadView(squad: Squad): TemplateResult {
  const { say, athletes } = squad.coach;
  const list = athletes.length
    ? html`${filtersView(squad)} ${tableView(squad)}`
    : html`<p class="quiet">${say("no_athletes")}</p>`;
  return html`${heading(say("athletes"))} ${list} ${inviteCard(squad)}`;
}

function filtersView(squad: Squad): TemplateResult {
  const { say, athletes } = squad.coach;
  const options: readonly (readonly [Shown, string])[] = [
    ["all", say("all_athletes", { count: athletes.length })],
    ["attention", say("need_attention", { count: squad.needing })],
  ];
  return html`<div class="row between filters">
    ${choice(say("shown"), squad.shown, options, (shown) => squad.look({ shown }))}
    <div class="field search">
      <label class="unseen" for="search">${say("search")}</label>
      <input
        id="search"
        type="search"
        placeholder=${say("search")}
        .value=${squad.search}
        @input=${(event: Event) => squad.look({ search: (event.target as HTMLInputElement).value })}
      />
    </div>
  </div>`;
}

/** The roles are told because narrow screens lay the table out as cards. */
function tableView(squad: Squad): TemplateResult {
  const { say } = squad.coach;
  const { rows } = squad;
  if (rows.length === 0) return html`<p class="quiet">${say("nobody_found")}</p>`;
  return html`<table class="squad" role="table">
    <caption class="unseen">
      ${say("athletes")}
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${COLUMNS.map((one) => html`<th scope="col" role="columnheader">${say(one)}</th>`)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map((row) => rowView(squad, row))}
    </tbody>
  </table>`;
}

function rowView(squad: Squad, { athlete, standing }: Row): TemplateResult {
  const { coach } = squad;
  const { say, language } = coach;
  const change = standing?.load_change ?? null;
  const cell = (name: (typeof COLUMNS)[number], content: unknown) =>
    html`<td role="cell" data-name=${say(name)}><div>${content}</div></td>`;
  const last = athlete.last_session_at;
  return html`<tr role="row">
    <th scope="row" role="rowheader">
      <a href=${hashOf("athlete", athlete.id)}>${athlete.name}</a>
    </th>
    ${cell(
      "attention",
      standing?.concerns.length
        ? concernsView(coach, standing.concerns)
        : html`<span class="quiet">${say("no_concern")}</span>`,
    )}
    ${cell("model", modelView(squad, { athlete, standing }))}
    ${cell("load_change", change === null ? unknown(say("too_early")) : signed(change))}
    ${cell("last_session", last ? dayOf(last, language) : unknown(say("none_yet")))}
  </tr>`;
}

function modelView({ coach }: Squad, { athlete, standing }: Row): TemplateResult {
  const { say, language } = coach;
  if (!athlete.bundle) return unknown(say("no_bundle"));
  const model = standing?.model;
  if (!model?.versions) return unknown(say("shared_head"));
  const { live, own_score, shared_score, calibrated_at } = model;
  const scores = { shared: percent(shared_score ?? 0), own: percent(own_score ?? 0) };
  const made = calibrated_at ? dayOf(calibrated_at, language) : "";
  return html`${live ? say("version", { number: live }) : say("shared_head")}
    ${shared_score === null ? nothing : html`<span class="small">${say(own_score === null ? "score_shared" : "scores", scores)}</span>`}
    <span class="small quiet">${say("calibrated", { date: made })}</span>`;
}

function unknown(text: string): TemplateResult {
  return html`<span class="quiet">${text}</span>`;
}

function inviteCard(squad: Squad): TemplateResult {
  const { coach, invitation } = squad;
  const { say } = coach;
  return card(
    say("invite"),
    html`<form
      class="row asking"
      @submit=${(event: Event) => {
        event.preventDefault();
        void squad.invite();
      }}
    >
      ${textField({
        id: "new-name",
        label: say("name"),
        value: squad.newName,
        change: (newName) => squad.look({ newName }),
      })}
      <button class="button main" ?disabled=${coach.isBusy || !squad.newName.trim()}>
        ${say("make_link")}
      </button>
    </form>`,
    invitation ? invitationView(coach, invitation) : nothing,
  );
}
