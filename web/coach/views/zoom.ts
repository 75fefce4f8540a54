/** Buttons that do what keys and the mouse do to a timeline. */

import { html, type TemplateResult } from "lit-html";

import type { Coach } from "../coach.ts";
import type { Span } from "../plot/span.ts";
import type { Timeline } from "../plot/timeline.ts";

/** Show a stretch on the plot, and go there: it may be far up the page. */
export function showOn(timeline: Timeline, stretch: Span): void {
  timeline.show(stretch);
  document.querySelector<SVGElement>(".timeline")?.focus();
}

export function zoomView({ say }: Coach, timeline: Timeline): TemplateResult {
  const tools = [
    ["−", say("farther"), timeline.farther],
    ["+", say("closer"), timeline.closer],
    [say("whole"), say("whole"), timeline.all],
  ] as const;
  return html`${tools.map(
    ([sign, label, act]) =>
      html`<button type="button" class="tool" aria-label=${label} @click=${act}>${sign}</button>`,
  )}`;
}
