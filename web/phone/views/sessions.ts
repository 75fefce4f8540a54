/** What was trained, and whether it was sent. */

import { html, nothing, type TemplateResult } from "lit-html";

import { clock, dateOf } from "../../pages/clock.ts";
import { button, heading, type Part } from "../../pages/components.ts";
import { named } from "../../pages/names.ts";
import { saveFile } from "../../pages/saving.ts";
import type { Phone } from "../phone.ts";
import type { KeptSession } from "../records.ts";
import { notices } from "./parts.ts";

export function sessionsView(phone: Phone): TemplateResult {
  const { say } = phone;
  const { sessions } = phone.kept;
  return html`${heading(say("sessions"))} ${notices(phone)}
    ${
      phone.kept.isWaiting
        ? button({ label: say("send_now"), act: () => phone.kept.send(true), looks: "main wide" })
        : nothing
    }
    ${sessions.length === 0 ? html`<p class="quiet">${say("no_sessions")}</p>` : nothing}
    <ul class="stack">
      ${sessions.map((session) => html`<li class="card">${sessionPart(phone, session)}</li>`)}
    </ul>`;
}

function sessionPart(phone: Phone, session: KeptSession): TemplateResult {
  const { say } = phone;
  const date = dateOf(session.startedAt, phone.language);
  const movements = session.movements.toSorted(([, one], [, other]) => other - one);
  const raw = session.withRaw ? ` · ${say("with_raw")}` : "";
  const other = session.athlete === phone.choices.athlete ? "" : ` · ${session.athlete}`;
  return html`<div class="row between">
      <h2>${date}</h2>
      <span class="state ${session.state}">${say(`state_${session.state}`)}</span>
    </div>
    <p>${clock(session.durationS)} <span class="quiet">· ${session.bundle}${raw}${other}</span></p>
    ${
      movements.length > 0
        ? html`<dl class="minutes">
          ${movements.map(
            ([movement, seconds]) => html`<div>
              <dt>${named(movement)}</dt>
              <dd>${setsOf(session, movement)} ${clock(seconds)}</dd>
            </div>`,
          )}
        </dl>`
        : nothing
    }
    <div class="row">
      <button
        type="button"
        class="button"
        aria-label=${say("save_named", { date })}
        @click=${() => save(phone, session)}
      >
        ${say("save_file")}
      </button>
      <button
        type="button"
        class="button harm"
        aria-label=${say("delete_named", { date })}
        @click=${() => (confirm(say("delete_sure")) ? phone.kept.deleteSession(session.id) : null)}
      >
        ${say("delete")}
      </button>
    </div>`;
}

/** Repetitions, set by set. */
function setsOf({ sets }: KeptSession, movement: string): Part {
  const counts = sets.filter((set) => set.movement === movement).map((set) => set.repetitions);
  return counts.length > 0 ? html`<b>${counts.join(" + ")}</b> · ` : nothing;
}

async function save(phone: Phone, session: KeptSession): Promise<void> {
  const name = `${session.startedAt.slice(0, 16).replace(":", "")}.json`;
  saveFile(await phone.kept.fileOf(session), name);
}
