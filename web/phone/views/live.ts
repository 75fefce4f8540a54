/** During a session: to be read from two metres. */

import { html, nothing, type TemplateResult } from "lit-html";

import { clock } from "../../pages/clock.ts";
import { button, notice, type Part } from "../../pages/components.ts";
import { named } from "../../pages/names.ts";
import { qualityText } from "../../pages/troubles.ts";
import type { Advice, Heart, Quality, Rep, SetEnded, State } from "../../src/index.ts";
import type { Phone } from "../phone.ts";
import { notices } from "./parts.ts";

const ZONES = { threshold: 5, reserve: 4, max: 5 };
const DIGITS = 2;
const [SHORT, MIDDLING] = [6, 9]; // letters
const LATIN = "\u024f"; // the last letter of it

export function liveView(phone: Phone): TemplateResult {
  const { say } = phone;
  const { seen } = phone.runner;
  const task = phone.model?.task?.name ?? "";
  const others = [...seen.states.values()].filter((state) => state.task !== task);
  return html`<section class="live" aria-label=${say("live")}>
    <header class="row between">
      <h1 class="unseen" tabindex="-1">${say("live")}</h1>
      <p class="elapsed" role="timer"><span class="unseen">${say("time")} </span>${clock(seen.elapsedS)}</p>
      <div class="row">
        ${button({
          label: `${say("speak_on")} ${phone.choices.isSpoken ? "●" : "○"}`,
          act: () => phone.choose({ isSpoken: !phone.choices.isSpoken }),
        })}
        ${button({
          label: say("stop"),
          act: () => phone.runner.stop(),
          looks: "harm",
          disabled: phone.isBusy,
        })}
      </div>
    </header>
    ${movementPart(phone, seen.states.get(task))} ${repsPart(phone)}
    ${heartPart(phone, seen.heart)}
    ${others.map((state) => otherPart(state))}
    <div class="cue">${seen.advice ? advicePart(phone, seen.advice) : nothing}</div>
    ${signalPart(phone, seen.quality, seen.isDrifting)} ${notices(phone)}
  </section>`;
}

function movementPart({ say }: Phone, state: State | undefined): TemplateResult {
  const cause = state?.cause || "unsure";
  const words = !state ? say("waiting") : state.movement ? named(state.movement) : say(cause);
  const sure =
    state?.movement && state.confidence !== null
      ? say("sure", { percent: Math.round(100 * state.confidence) })
      : "";
  return html`<div class="movement ${state?.movement ? "" : "idle"}">
    <p class="label">${say("movement")}</p>
    <p class="word ${sizeOf(words)}">${words}</p>
    <p class="quiet">${sure || " "}</p>
  </div>`;
}

/** Short words are set larger; a Chinese character is as wide as two letters. */
function sizeOf(words: string): string {
  const letters = [...words].reduce((sum, one) => sum + (one > LATIN ? 2 : 1), 0);
  return letters <= SHORT ? "short" : letters <= MIDDLING ? "" : "long";
}

/** The set that is under way, or the last one, which may be corrected. */
function repsPart(phone: Phone): Part {
  const { rep, set } = phone.runner.seen;
  if (rep && rep.set > (set?.number ?? 0)) return repPart(phone, rep);
  return set ? setPart(phone, set) : nothing;
}

/** How many, and how fast: out and back. */
function repPart({ say }: Phone, rep: Rep): TemplateResult {
  const [whole, out, back] = [rep.duration_s, rep.out_s, rep.back_s].map((one) => one.toFixed(1));
  return html`<div class="reps">
    <p class="label">${say("set_under_way", { number: rep.set, movement: named(rep.movement) })}</p>
    <div class="row between">
      <p class="number">${rep.number} <span>${say("reps")}</span></p>
      <p class="tempo">
        ${say("tempo", { seconds: whole! })}<br /><span class="small quiet"
          >${say("phases", { out: out!, back: back! })}</span
        >
      </p>
    </div>
  </div>`;
}

function setPart(phone: Phone, set: SetEnded): TemplateResult {
  const { say } = phone;
  const { correction, seen } = phone.runner;
  const tap = (by: 1 | -1) => () => {
    correction.tap(set, by);
    phone.redraw();
  };
  const taught =
    seen.hasLearnt === null ? "correct_hint" : seen.hasLearnt ? "learnt" : "not_learnt";
  return html`<div class="reps over">
    <p class="label">${say("set_over", { number: set.number, movement: named(set.movement) })}</p>
    <div class="row between">
      <button type="button" class="button step" aria-label=${say("one_fewer")} @click=${tap(-1)}>−</button>
      <p class="number" role="status">
        ${correction.given ?? set.repetitions} <span>${say("reps")}</span>
      </p>
      <button type="button" class="button step" aria-label=${say("one_more")} @click=${tap(1)}>+</button>
    </div>
    <p class="small quiet">
      ${say("tempo", { seconds: set.seconds_a_rep.toFixed(1) })} · ${say(taught)}
    </p>
  </div>`;
}

function heartPart({ say }: Phone, heart: Heart | null): TemplateResult {
  const bpm = heart?.bpm ?? null;
  const zones = ZONES[heart?.zones as keyof typeof ZONES] ?? 0;
  const zone = heart?.zone ?? null;
  return html`<div class="heart zone-${zone ?? "none"}">
    <p class="bpm">
      ${bpm === null ? "–" : Math.round(bpm)} <span>${bpm === null ? say("heart_none") : say("bpm")}</span>
    </p>
    ${
      zone === null
        ? html`<p class="small">${bpm === null ? nothing : whyNoZone(say, heart!.reason)}</p>`
        : html`<p class="zone">${zone === 0 ? say("zone_below") : say("zone", { zone, zones })}</p>
          <div class="bar" aria-hidden="true">
            ${Array.from({ length: zones }, (_, at) => html`<i class=${at < zone ? "on" : ""}></i>`)}
          </div>`
    }
  </div>`;
}

function whyNoZone(say: Phone["say"], reason: string): string {
  return reason === "not_in_profile" ? say("zone_unread") : say("zone_silent");
}

function otherPart(state: State): Part {
  const value = state.value === null ? "–" : state.value.toFixed(DIGITS);
  const shown = state.confidence === null ? `${value} ${state.unit}` : named(state.movement || "–");
  return html`<p class="other"><span class="quiet">${named(state.task)}</span> <b>${shown}</b></p>`;
}

function advicePart({ say }: Phone, advice: Advice): TemplateResult {
  return html`<div class="advice ${advice.severity}">
    <p class="said">${advice.text}</p>
    <p class="small">${say("why", { reason: advice.reason })}</p>
  </div>`;
}

function signalPart(
  { say }: Phone,
  quality: readonly Quality[],
  isDrifting: boolean,
): TemplateResult {
  return html`<div class="notices" role="status">
    ${quality.map((one) => notice(qualityText(say, one)))}
    ${isDrifting ? notice(say("drift")) : nothing}
  </div>`;
}
