/** One athlete. */

import { html, nothing, type TemplateResult } from "lit-html";

import { clock, dateOf } from "../../pages/clock.ts";
import { button, card, heading } from "../../pages/components.ts";
import { named } from "../../pages/names.ts";
import type { Person } from "../person.ts";
import { hashOf } from "../place.ts";
import type { SessionEntry } from "../types.ts";
import type { Widths } from "../widths.ts";
import { concernsView } from "./concerns.ts";
import { modelCard } from "./model.ts";
import { invitationView, textField } from "./parts.ts";
import { loadCard, progressCard } from "./progress.ts";
import { recordingsCard } from "./recordings.ts";

const FEW = 12; // sessions that are shown at first
const MOST_NAMED = 3; // movements of a session

export function personView(person: Person, widths: Widths): TemplateResult {
  const { coach, standing, invitation } = person;
  const { say } = coach;
  const again = { label: say("invite_again"), act: () => person.inviteAgain() };
  return html`<p><a href=${hashOf("athletes")}>← ${say("athletes")}</a></p>
    <div class="row between">${heading(person.athlete!.name)} ${button(again)}</div>
    ${invitation ? invitationView(coach, invitation) : nothing}
    ${standing?.concerns.length ? concernsView(coach, standing.concerns) : nothing}
    <div class="columns">
      <div class="stack">
        ${modelCard(person)} ${recordingsCard(person)} ${dataCard(person)}
      </div>
      <div class="stack">
        ${loadCard(person, widths.of("load"))} ${progressCard(person, widths.of("progress"))}
        ${sessionsCard(person)}
      </div>
    </div>`;
}

function sessionsCard(person: Person): TemplateResult {
  const { say } = person.coach;
  const { sessions } = person;
  if (sessions.length === 0) {
    return card(say("sessions"), html`<p class="quiet">${say("no_sessions")}</p>`);
  }
  const older = sessions.slice(FEW);
  return card(
    say("sessions"),
    html`<ul class="entries">
      ${sessions.slice(0, FEW).map((one) => sessionView(person, one))}
    </ul>`,
    older.length
      ? html`<details>
          <summary>${say("older", { count: older.length })}</summary>
          <ul class="entries">
            ${older.map((one) => sessionView(person, one))}
          </ul>
        </details>`
      : nothing,
  );
}

function sessionView({ coach, id }: Person, session: SessionEntry): TemplateResult {
  const { say, language } = coach;
  const { movements = [], load, quality } = session.summary ?? {};
  const names = movements.toSorted((one, other) => other.seconds - one.seconds);
  const told = names.slice(0, MOST_NAMED).map(({ name }) => named(name) || say("unnamed"));
  const bpm = load?.mean_bpm.value;
  return html`<li>
    <a href=${hashOf("session", id, session.id)}>${dateOf(session.started_at, language)}</a>
    <span class="small quiet"
      >${clock(session.duration_s)}${bpm ? ` · ${Math.round(bpm)} bpm` : nothing}${
        told.length ? ` · ${told.join(say("and"))}` : nothing
      }</span
    >
    ${session.unfinished ? html`<span class="small harm">${say("unfinished")}</span>` : nothing}
    ${quality?.drifts.length ? html`<span class="small harm">${say("asked_calibration")}</span>` : nothing}
  </li>`;
}

function dataCard(person: Person): TemplateResult {
  const { coach, choices } = person;
  const { say, server } = coach;
  const { name } = person.athlete!;
  return card(
    say("all_data"),
    html`<p>${say("export_told")}</p>
      <p>
        <a class="button link-button" href=${server.address(`${person.path}/export`)} download
          >${say("export")}</a
        >
      </p>
      <p>${say("delete_told")}</p>
      <div class="row asking">
        ${textField({
          id: "typed",
          label: say("type_name", { name }),
          value: choices.typed,
          change: (typed) => person.choose({ typed }),
        })}
        ${button({
          label: say("delete_all"),
          act: () => person.forget(),
          looks: "harm",
          disabled: choices.typed !== name || coach.isBusy,
        })}
      </div>`,
  );
}
