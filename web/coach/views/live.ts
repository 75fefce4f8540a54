/** Those who train now, side by side. */

import { html, nothing, type TemplateResult } from "lit-html";

import { clock } from "../../pages/clock.ts";
import { button, heading, notice } from "../../pages/components.ts";
import { named } from "../../pages/names.ts";
import type { Live } from "../live.ts";
import { hashOf } from "../place.ts";
import { figure } from "../plot/frame.ts";
import { lanesView } from "../plot/lanes.ts";
import { storyOf } from "../story.ts";
import { type Now, nowOf, type Watched } from "../watched.ts";
import type { Widths } from "../widths.ts";
import { markOf, rowsOf, storyLanes } from "./story.ts";

export function liveView(live: Live, widths: Widths): TemplateResult {
  const { coach, watched, isConnected } = live;
  const { say } = coach;
  return html`${heading(say("live"))}
    <div class="notices" role="status">${isConnected ? nothing : notice(say("live_lost"))}</div>
    ${
      watched.length
        ? html`<ul class="people">
          ${watched.map((one) => html`<li class="card person">${personView(live, one, widths)}</li>`)}
        </ul>`
        : html`<p class="quiet">${say("nobody_live")}</p>`
    }
    <p class="unseen" aria-live="polite">${live.spoken}</p>`;
}

function personView(live: Live, one: Watched, widths: Widths): TemplateResult {
  const { say } = live.coach;
  const now = nowOf(one);
  return html`<div class="row between">
      <h2><a href=${hashOf("athlete", one.athlete)}>${one.name}</a></h2>
      ${standingView(live, one)}
    </div>
    <p class="doing ${now.movement ? "" : "quiet"}">${named(now.movement) || say("no_movement")}</p>
    <div class="row between figures">${setView(live, now)} ${heartView(live, now)}</div>
    ${now.said ? saidView(live, now.said) : nothing}
    ${one.isOver ? overView(live, one) : nothing} ${pastView(live, one, widths)}`;
}

function standingView({ coach }: Live, { isOver, isPresent, durationS }: Watched): TemplateResult {
  const { say } = coach;
  const state = isOver ? "over" : isPresent ? "present" : "away";
  return html`<span class="small standing ${state}"
    >${say(`live_${state}`)} · ${clock(durationS)}</span
  >`;
}

function saidView({ coach }: Live, said: NonNullable<Now["said"]>): TemplateResult {
  const { looks, text } = markOf(coach, said);
  return html`<p class="said-now ${looks}">${text}</p>`;
}

function setView({ coach }: Live, { set }: Now): TemplateResult {
  const { say } = coach;
  return html`<p>
    <span class="large">${set ? set.reps : "–"}</span>
    <span class="quiet">${set ? say("reps_of_set", { number: set.number }) : say("no_set")}</span>
  </p>`;
}

function heartView({ coach }: Live, { bpm, zone }: Now): TemplateResult {
  const { say } = coach;
  return html`<p class="beats ${zone ? `edge-${zone}` : ""}">
    <span class="large">${bpm === null ? "–" : Math.round(bpm)}</span>
    <span class="quiet">${say("bpm")}${zone ? ` · ${say("zone", { zone })}` : nothing}</span>
  </p>`;
}

function overView(live: Live, { session, athlete, kept }: Watched): TemplateResult {
  const { say } = live.coach;
  return html`<div class="row">
    ${
      kept
        ? html`<a href=${hashOf("session", athlete, kept)}>${say("open_session")}</a>`
        : html`<span class="quiet">${say("withdrawn")}</span>`
    }
    ${button({ label: say("dismiss"), act: () => live.dismiss(session), looks: "plain" })}
  </div>`;
}

function pastView(live: Live, one: Watched, widths: Widths): TemplateResult {
  const { coach, timelines } = live;
  const { say } = coach;
  const timeline = timelines.get(one.session);
  const toggled = (event: Event) => {
    live.open(one.session, (event.target as HTMLDetailsElement).open);
  };
  if (!timeline) {
    return html`<details @toggle=${toggled}>
      <summary>${say("last_minutes")}</summary>
    </details>`;
  }
  const story = storyOf(one.events);
  const place = `live-${one.session}`;
  return html`<details open @toggle=${toggled}>
    <summary>${say("last_minutes")}</summary>
    ${figure({
      title: html`<h3>${say("timeline")}</h3>`,
      name: `live-${one.session}`,
      rows: () => rowsOf(coach, story),
      saveAs: (format) => say("save_as", { what: one.name, format }),
      plot: html`<div data-width=${place}>
        ${lanesView(timeline, {
          lanes: storyLanes(coach, story),
          width: widths.of(place),
          label: `${one.name}: ${say("timeline")}`,
          timeLabel: say("time_axis"),
          described: `keys-${one.session}`,
        })}
        <p class="small quiet" id="keys-${one.session}">${say("keys_move")}</p>
      </div>`,
    })}
  </details>`;
}
