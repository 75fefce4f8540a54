/** An athlete's recordings: what there is, and bringing more. */

import { html, nothing, type TemplateResult } from "lit-html";

import { clock, dateOf } from "../../pages/clock.ts";
import { card, notice } from "../../pages/components.ts";
import type { Person } from "../person.ts";
import { hashOf } from "../place.ts";
import type { Recording } from "../types.ts";
import { textField, uploadView } from "./parts.ts";

const PLACEMENTS = ["wrist", "left_wrist", "right_wrist", "chest", "thigh", "ankle", "waist"];

export function recordingsCard(person: Person): TemplateResult {
  const { coach, recordings, warnings, choices } = person;
  const { say } = coach;
  return card(
    say("recordings"),
    recordings.length
      ? html`<ul class="entries">
          ${recordings.map((one) => recordingView(person, one))}
        </ul>`
      : html`<p class="quiet">${say("no_recordings")}</p>`,
    html`<p class="small quiet">${say("placement_told")}</p>
      <div class="row asking">
      ${textField({
        id: "placement",
        label: say("placement"),
        value: choices.placement,
        list: PLACEMENTS,
        change: (placement) => person.choose({ placement }),
      })}
      ${uploadView(coach, say("upload"), (files) => person.upload(files))}
    </div>`,
    warnings.length
      ? html`<div class="notices" lang="en">${warnings.map((one) => notice(one))}</div>`
      : nothing,
  );
}

function recordingView(person: Person, recording: Recording): TemplateResult {
  const { say, language } = person.coach;
  const { name } = recording;
  return html`<li class="row between">
    <span>
      <a href=${hashOf("recording", person.id, recording.id)}>${name}</a>
      <span class="small quiet block"
        >${clock(recording.duration_s)} · ${recording.source} ·
        ${dateOf(recording.created_at, language)}</span
      >
    </span>
    <button
      type="button"
      class="button small-button harm"
      aria-label=${say("delete_named", { name })}
      @click=${() => (confirm(say("delete_sure", { name })) ? person.remove(recording) : null)}
    >
      ${say("delete")}
    </button>
  </li>`;
}
