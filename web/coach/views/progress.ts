/** Load across weeks, and the course of a movement. */

import { html, type TemplateResult } from "lit-html";

import { card, select } from "../../pages/components.ts";
import { tagOf } from "../../pages/language.ts";
import { named } from "../../pages/names.ts";
import type { Person } from "../person.ts";
import { barsView, dotsView } from "../plot/charts.ts";
import { figure } from "../plot/frame.ts";
import { courseOf, loadOf, movementsOf, QUANTITIES, type Quantity, weeksOf } from "../progress.ts";
import { signed } from "./concerns.ts";

const WEEKS = 12;
const FEW_WEEKS = 8; // on a narrow screen
const NARROW_PX = 420;

export function loadCard(person: Person, width: number): TemplateResult {
  const { coach, sessions, standing } = person;
  const { say } = coach;
  if (sessions.length === 0) {
    return card(say("load"), html`<p class="quiet">${say("no_load")}</p>`);
  }
  const weeks = weeksOf(sessions, width < NARROW_PX ? FEW_WEEKS : WEEKS, Date.now());
  const load = loadOf(weeks);
  const bars = weeks.map(({ from, minutes, effort }) => {
    return { name: short(person, from), value: load === "minutes" ? minutes : effort! };
  });
  const now = Math.round(bars.at(-1)!.value);
  const title = say(`by_week_${load}`);
  const change = standing?.load_change ?? null;
  const head = ["week_from", "minutes", "effort_au", "sessions", "repetitions"];
  return card(
    say("load"),
    html`<p>
      ${change === null ? say("load_too_early") : say(`load_told_${standing!.load}`, { change: signed(change) })}
    </p>`,
    figure({
      title: html`<h3>${title}</h3>`,
      name: "load",
      rows: () => [
        head,
        ...weeks.map((one) => [one.from, one.minutes, one.effort, one.sessions, one.repetitions]),
      ],
      saveAs: (format) => say("save_as", { what: title, format }),
      plot: html`<div data-width="load">
        ${barsView(bars, {
          width,
          label: say("load_spoken", { what: title, weeks: weeks.length, now }),
          measured: say(`${load}_a_week`),
          along: say("week_begins"),
        })}
      </div>`,
    }),
  );
}

export function progressCard(person: Person, width: number): TemplateResult {
  const { coach, sessions, choices } = person;
  const { say } = coach;
  const movements = movementsOf(sessions);
  if (movements.length === 0) {
    return card(say("progress"), html`<p class="quiet">${say("no_progress")}</p>`);
  }
  const movement = movements.includes(choices.movement) ? choices.movement : movements[0]!;
  return card(
    say("progress"),
    html`<div class="row asking">
      ${select({
        id: "movement",
        label: say("movement"),
        value: movement,
        options: movements.map((one) => [one, named(one)] as const),
        change: (one) => person.choose({ movement: one }),
      })}
      ${select({
        id: "quantity",
        label: say("quantity"),
        value: choices.quantity,
        options: QUANTITIES.map((one) => [one, say(`quantity_${one}`)] as const),
        change: (quantity: Quantity) => person.choose({ quantity }),
      })}
    </div>`,
    courseView(person, movement, width),
  );
}

function courseView(person: Person, movement: string, width: number): TemplateResult {
  const { coach, choices, sessions } = person;
  const { say } = coach;
  const points = courseOf(sessions, movement, choices.quantity);
  if (points.length === 0) return html`<p class="quiet">${say("nothing_measured")}</p>`;
  const day = (ms: number) => short(person, new Date(ms).toISOString());
  const measured = say(`quantity_${choices.quantity}`);
  const title = `${named(movement)}: ${measured}`;
  const dots = points.map(({ at, value }) => ({ at, value, name: `${day(at)}: ${brief(value)}` }));
  const spoken = { what: title, count: points.length, last: brief(points.at(-1)!.value) };
  return figure({
    title: html`<h3>${title}</h3>`,
    name: `${movement}-${choices.quantity}`,
    rows: () => [
      ["started_at", "session", choices.quantity],
      ...points.map(({ at, session, value }) => [new Date(at).toISOString(), session, value]),
    ],
    saveAs: (format) => say("save_as", { what: title, format }),
    plot: html`<div data-width="progress">
      ${dotsView(
        dots,
        { width, label: say("course_spoken", spoken), measured, along: say("day") },
        day,
      )}
    </div>`,
  });
}

/** A number to three digits. */
function brief(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function short({ coach }: Person, iso: string): string {
  const style = { day: "numeric", month: "short" } as const;
  return new Date(iso).toLocaleDateString(tagOf(coach.language), { ...style, timeZone: "UTC" });
}
