/** Bars by week, and dots by day. */

import { html, svg, type TemplateResult } from "lit-html";

import { type Drawn, upright } from "./frame.ts";
import { around, type Range, Scale, ticks } from "./scale.ts";

const LEFT = 46;
const RIGHT = 22; // half of the last date
const TOP = 24; // of what the upright axis measures
const BOTTOM = 44;
const HEIGHT = 220;
const LABEL_PX = 58; // a date
const FALLBACK_MS = 86_400_000;

export interface Chart {
  readonly width: number;
  /** What a screen reader is told in place of the drawing. */
  readonly label: string;
  /** What is measured, with its unit. */
  readonly measured: string;
  /** What lies along. */
  readonly along: string;
}

export interface Bar {
  readonly name: string;
  readonly value: number;
}

export function barsView(bars: readonly Bar[], chart: Chart): TemplateResult {
  const wide = chart.width - LEFT - RIGHT;
  const highest = Math.max(1, ...bars.map(({ value }) => value));
  const y = new Scale([0, 1.05 * highest], [HEIGHT, 0]);
  const step = wide / bars.length;
  const every = Math.ceil(LABEL_PX / step);
  const drawn = bars.map(({ name, value }, at) => {
    const isNamed = (bars.length - 1 - at) % every === 0;
    return svg`<rect class="bar" x=${(at + 0.15) * step} width=${0.7 * step}
        y=${y.at(value)} height=${HEIGHT - y.at(value)}><title>${name}: ${Math.round(value)}</title></rect>
      ${isNamed ? below(name, (at + 0.5) * step) : ""}`;
  });
  return chartView(chart, y, drawn);
}

export interface Dot {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly value: number;
  readonly name: string;
}

export function dotsView(
  dots: readonly Dot[],
  chart: Chart,
  written: (ms: number) => string,
): TemplateResult {
  const wide = chart.width - LEFT - RIGHT;
  const ends: Range = [dots[0]!.at, dots.at(-1)!.at];
  const x = new Scale(ends[0] < ends[1] ? ends : [ends[0] - FALLBACK_MS, ends[1]], [12, wide - 12]);
  const y = new Scale(around(dots.map(({ value }) => value)), [HEIGHT, 0]);
  const count = Math.max(2, Math.min(6, Math.floor(wide / (1.6 * LABEL_PX))));
  const days = Array.from(
    { length: count },
    (_, at) => x.domain[0] + (at * (x.domain[1] - x.domain[0])) / (count - 1),
  );
  const path = dots.map(({ at, value }, row) => `${row ? "L" : "M"}${x.at(at)} ${y.at(value)}`);
  return chartView(chart, y, [
    svg`<path class="course" d=${path.join("")} />`,
    ...dots.map(
      ({ at, value, name }) =>
        svg`<circle class="dot" cx=${x.at(at)} cy=${y.at(value)} r="4"><title>${name}</title></circle>`,
    ),
    ...days.map((ms) => below(written(ms), x.at(ms))),
  ]);
}

function chartView(
  { width, label, measured, along }: Chart,
  y: Scale,
  drawn: Drawn,
): TemplateResult {
  const wide = width - LEFT - RIGHT;
  const height = TOP + HEIGHT + BOTTOM;
  return html`<svg
    class="plot"
    role="img"
    aria-label=${label}
    width=${width}
    height=${height}
    viewBox="0 0 ${width} ${height}"
  >
    ${svg`<g transform="translate(${LEFT} ${TOP})">
      <text class="lane" x=${-LEFT + 2} y="-10">${measured}</text>
      ${upright(y, ticks(y.domain, 5), wide)}
      ${drawn}
      <text class="name" x=${wide} y=${HEIGHT + 38} text-anchor="end">${along}</text>
    </g>`}
  </svg>`;
}

function below(text: string, x: number) {
  return svg`<text x=${x} y=${HEIGHT + 18} text-anchor="middle">${text}</text>`;
}
