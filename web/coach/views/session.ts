/** One session on a timeline. */

import { html, nothing, type TemplateResult } from "lit-html";

import { clock, dateOf } from "../../pages/clock.ts";
import { card, heading, notice, type Part, select } from "../../pages/components.ts";
import { named } from "../../pages/names.ts";
import type { SetEnded } from "../../src/runtime/events.ts";
import type { Coach } from "../coach.ts";
import { hashOf } from "../place.ts";
import { figure } from "../plot/frame.ts";
import { type Lane, lanesView } from "../plot/lanes.ts";
import type { Timeline } from "../plot/timeline.ts";
import type { Opened, SessionScreen } from "../session.ts";
import { HEART_RATE } from "../signals.ts";
import { heldAt, latest, type Story } from "../story.ts";
import type { Widths } from "../widths.ts";
import { sensorTitle, signalLanes } from "./lanes.ts";
import { marksOf, rowsOf, storyLanes } from "./story.ts";
import { showOn, zoomView } from "./zoom.ts";

export function sessionView(screen: SessionScreen, widths: Widths): TemplateResult {
  const { coach } = screen;
  const { say, language } = coach;
  const opened = screen.opened!;
  const { session, story } = opened;
  return html`<p>
      <a href=${hashOf("athlete", screen.athleteId)}>← ${screen.athlete!.name}</a>
    </p>
    ${heading(say("session_of", { when: dateOf(session.started_at, language) }))}
    <p class="quiet">${clock(session.duration_s)} · ${session.bundle}</p>
    ${screen.isUnfinished ? notice(say("unfinished_told")) : nothing}
    ${timelineView(coach, opened, widths.of("timeline"))}
    ${opened.signals ? nothing : html`<p class="small quiet">${say("no_signals")}</p>`}
    ${effortView(screen)} ${saidCard(coach, opened)} ${setsCard(coach, opened)} ${movementsCard(coach, story)}`;
}

/** Borg's words for the numbers that have some. */
const EFFORTS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;
const WORDS = ["0", "1", "2", "3", "5", "7", "10"] as const;

function effortView(screen: SessionScreen): TemplateResult {
  const { say } = screen.coach;
  const { rpe } = screen;
  const named = (effort: number) => {
    const word = WORDS.find((one) => one === String(effort));
    return word ? say(`effort_${word}`) : String(effort);
  };
  const between = rpe !== null && !EFFORTS.some((one) => one === rpe) ? [rpe] : [];
  const efforts = [...EFFORTS, ...between].sort((one, other) => one - other);
  return html`<div class="effort">
    ${select({
      id: "effort",
      label: say("effort"),
      value: rpe === null ? "" : String(rpe),
      options: [
        ["", say("effort_unasked")],
        ...efforts.map((one) => [String(one), named(one)] as const),
      ],
      change: (effort: string) => screen.tellEffort(effort ? Number(effort) : null),
    })}
  </div>`;
}

function timelineView(coach: Coach, opened: Opened, width: number): TemplateResult {
  const { say } = coach;
  const { timeline, session } = opened;
  return figure({
    title: html`<h2>${say("timeline")}</h2>`,
    name: `session-${session.started_at.slice(0, 10)}`,
    rows: () => rowsOf(coach, opened.story),
    saveAs: (format) => say("save_as", { what: say("timeline"), format }),
    tools: zoomView(coach, timeline),
    plot: html`<div data-width="timeline">
        ${lanesView(timeline, {
          lanes: lanesOf(coach, opened),
          width,
          label: say("timeline"),
          timeLabel: say("time_axis"),
          described: "keys",
        })}
      </div>
      <output class="readout">${readout(coach, opened)}</output>
      <p class="small quiet" id="keys">${say("keys_move")}</p>`,
  });
}

function lanesOf(coach: Coach, { signals, story }: Opened): Lane[] {
  return [
    ...(signals ? signalLanes(signals, (sensor) => sensorTitle(coach, sensor)) : []),
    ...storyLanes(coach, story),
  ];
}

/** What is so at the place that is pointed at. */
function readout({ say }: Coach, { timeline, story, signals }: Opened): string {
  const t = timeline.cursor;
  const bpm = latest(story.heart, t)?.bpm;
  const set = story.sets.find(({ set }) => set.began_s <= t && t <= set.ended_s)?.set;
  return [
    clock(t, 1),
    ...[...story.held.values()].map((held) => named(heldAt(held, t))),
    set ? say("set_number", { number: set.number }) : "",
    bpm && !signals?.channels.has(HEART_RATE) ? `${Math.round(bpm)} bpm` : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

function saidCard(coach: Coach, { story, timeline }: Opened): Part {
  const { say } = coach;
  const marks = marksOf(coach, story);
  if (marks.length === 0) return nothing;
  return card(
    say("said"),
    html`<ol class="entries said">
      ${marks.map(
        ({ t, looks, text, advice }) => html`<li class=${looks}>
          <button type="button" class="tool" @click=${() => showOn(timeline, { from: t, to: t + 20 })}>
            ${clock(t)}
          </button>
          <div>
            <p>${text}</p>
            ${advice?.reason ? html`<p class="small quiet">${say("because", { reason: advice.reason })}</p>` : nothing}
            ${advice?.what_would_change ? html`<p class="small quiet">${say("would_change", { what: advice.what_would_change })}</p>` : nothing}
          </div>
        </li>`,
      )}
    </ol>`,
  );
}

const SET_COLUMNS = ["set", "movement", "repetitions", "each", "range", "regularity"] as const;

/** The roles are told because narrow screens lay the table out otherwise. */
function setsCard(coach: Coach, { story, timeline }: Opened): Part {
  const { say } = coach;
  if (story.sets.length === 0) return nothing;
  return card(
    say("sets"),
    html`<table class="sets" role="table">
      <thead role="rowgroup">
        <tr role="row">
          ${SET_COLUMNS.map((one, at) => html`<th scope="col" role="columnheader" class=${at > 1 ? "number" : ""}>${say(one)}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${story.sets.map(({ set }) => setView(coach, set, timeline))}
      </tbody>
    </table>`,
  );
}

function setView({ say }: Coach, set: SetEnded, timeline: Timeline): TemplateResult {
  const numbers = [
    ["repetitions", String(set.repetitions)],
    ["each", `${set.seconds_a_rep.toFixed(1)} s`],
    ["range", `${set.range_deg.toFixed(0)}°`],
    ["regularity", set.regularity.toFixed(2)],
  ] as const;
  return html`<tr role="row">
    <th scope="row" role="rowheader">
      <button
        type="button"
        class="tool"
        title=${say("show_set", { number: set.number })}
        @click=${() => showOn(timeline, { from: set.began_s, to: set.ended_s })}
      >
        ${set.number} · ${clock(set.began_s)}
      </button>
    </th>
    <td role="cell">${named(set.movement) || say("unnamed")}</td>
    ${numbers.map(([name, number]) => html`<td role="cell" class="number" data-name=${say(name)}>${number}</td>`)}
  </tr>`;
}

function movementsCard({ say }: Coach, { held }: Story): Part {
  const [first] = held.values();
  if (!first?.length) return nothing;
  const seconds = new Map<string, number>();
  for (const { from, to, movement } of first) {
    seconds.set(movement, (seconds.get(movement) ?? 0) + to - from);
  }
  return card(
    say("movements"),
    html`<dl class="minutes">
      ${[...seconds].map(
        ([movement, time]) => html`<div>
          <dt>${named(movement)}</dt>
          <dd>${clock(time)}</dd>
        </div>`,
      )}
    </dl>`,
  );
}
