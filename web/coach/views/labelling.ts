/** Labelling on the plot of a recording. */

import { html, nothing, type TemplateResult } from "lit-html";

import { clock } from "../../pages/clock.ts";
import { button, card, heading } from "../../pages/components.ts";
import { named } from "../../pages/names.ts";
import type { Labelling } from "../labelling.ts";
import { hashOf } from "../place.ts";
import type { Cells } from "../plot/files.ts";
import { figure } from "../plot/frame.ts";
import { lanesView } from "../plot/lanes.ts";
import type { Stretch } from "../types.ts";
import type { Widths } from "../widths.ts";
import { heldLane, sensorTitle, signalLanes } from "./lanes.ts";
import { textField } from "./parts.ts";
import { showOn, zoomView } from "./zoom.ts";

const WRITTEN = 2; // digits of a second

export function labellingView(labelling: Labelling, widths: Widths): TemplateResult {
  const { server } = labelling.coach;
  const recording = labelling.recording!;
  return html`<p>
      <a href=${hashOf("athlete", labelling.athleteId)}>← ${labelling.athlete!.name}</a>
    </p>
    ${heading(recording.name)}
    <p class="quiet">
      ${clock(recording.duration_s)} · ${recording.source} ·
      <a href=${server.address(labelling.path)} download>Parquet</a>
    </p>
    ${plotView(labelling, widths.of("timeline"))} ${formCard(labelling)} ${listCard(labelling)}`;
}

function plotView(labelling: Labelling, width: number): TemplateResult {
  const { coach, stretches, recording, known } = labelling;
  const { say } = coach;
  const timeline = labelling.timeline!;
  const held = stretches.map(({ from_s, to_s, label }) => ({
    from: from_s,
    to: to_s,
    movement: label,
  }));
  const names = [...new Set([...known, ...stretches.map(({ label }) => label)])];
  const at = stretches.find((one) => one.from_s <= timeline.cursor && timeline.cursor <= one.to_s);
  return figure({
    title: html`<h2>${say("label_title")}</h2>`,
    name: `labels-${recording!.name.replaceAll(/[^\p{L}\p{N}]+/gu, "-")}`,
    rows: () => rowsOf(stretches),
    saveAs: (format) => say("save_as", { what: say("label_title"), format }),
    tools: zoomView(coach, timeline),
    plot: html`<div data-width="timeline">
        ${lanesView(timeline, {
          lanes: [
            heldLane(say("labels"), held, names),
            ...signalLanes(labelling.signals, (sensor) => sensorTitle(coach, sensor)),
          ],
          width,
          label: say("label_title"),
          timeLabel: say("time_axis"),
          described: "keys",
        })}
      </div>
      <output class="readout"
        >${clock(timeline.cursor, 1)}${at ? ` · ${named(at.label)}` : nothing}</output
      >
      <p class="small quiet" id="keys">${say("keys_mark")}</p>`,
  });
}

function rowsOf(stretches: readonly Stretch[]): Cells[] {
  return [
    ["from_s", "to_s", "label"],
    ...stretches.map(({ from_s, to_s, label }) => [from_s, to_s, label]),
  ];
}

function formCard(labelling: Labelling): TemplateResult {
  const { coach, known, label } = labelling;
  const { say, isBusy } = coach;
  const { from, to } = labelling.ends;
  const submit = (event: Event) => {
    event.preventDefault();
    void labelling.add();
  };
  return card(
    say("new_label"),
    html`<form class="row asking" @submit=${submit}>
      ${secondsField("from", say("from_s"), from, (one) => labelling.mark({ from: one }))}
      ${secondsField("to", say("to_s"), to, (one) => labelling.mark({ to: one }))}
      ${textField({
        id: "label",
        label: say("movement"),
        value: label,
        list: known,
        change: (one) => labelling.name(one),
      })}
      <button class="button main" ?disabled=${!labelling.isReady || isBusy}>${say("add")}</button>
    </form>
    <div class="row">
      ${button({ label: say("undo"), act: () => labelling.undo(), disabled: !labelling.canUndo || isBusy })}
      ${button({ label: say("redo"), act: () => labelling.redo(), disabled: !labelling.canRedo || isBusy })}
    </div>`,
  );
}

function secondsField(
  id: string,
  label: string,
  value: number | undefined,
  change: (seconds: number) => unknown,
): TemplateResult {
  return html`<div class="field seconds">
    <label for=${id}>${label}</label>
    <input
      id=${id}
      type="number"
      step="any"
      min="0"
      .value=${value === undefined ? "" : value.toFixed(WRITTEN)}
      @change=${(event: Event) => change((event.target as HTMLInputElement).valueAsNumber)}
    />
  </div>`;
}

function listCard(labelling: Labelling): TemplateResult {
  const { coach, stretches } = labelling;
  const { say } = coach;
  if (stretches.length === 0) {
    return card(say("labels"), html`<p class="quiet">${say("no_labels")}</p>`);
  }
  return card(
    say("labels"),
    html`<ul class="entries">
      ${stretches.map((one) => stretchView(labelling, one))}
    </ul>`,
  );
}

function stretchView(labelling: Labelling, one: Stretch): TemplateResult {
  const { say, isBusy } = labelling.coach;
  const name = named(one.label);
  const times = `${clock(one.from_s, 1)} – ${clock(one.to_s, 1)}`;
  return html`<li class="row between">
    <span class="row">
      <button
        type="button"
        class="tool"
        title=${say("show_label")}
        @click=${() => showOn(labelling.timeline!, { from: one.from_s, to: one.to_s })}
      >
        ${times}
      </button>
      <span>${name}</span>
    </span>
    <button
      type="button"
      class="button small-button"
      aria-label=${say("remove_label", { name, times })}
      ?disabled=${isBusy}
      @click=${() => labelling.remove(one)}
    >
      ${say("remove")}
    </button>
  </li>`;
}
