/** Lanes above one another on one axis of time. */

import { html, nothing, svg, type TemplateResult } from "lit-html";

import { clock } from "../../pages/clock.ts";
import { type Drawn, upright } from "./frame.ts";
import { type Range, Scale, ticks, timeTicks } from "./scale.ts";
import type { Span } from "./span.ts";
import type { Timeline } from "./timeline.ts";

const LEFT = 46; // of numbers on the upright axes
const RIGHT = 10;
const TITLE = 20; // above each lane
const GAP = 8;
const BOTTOM = 40; // of the axis of time
const TICK_EVERY_PX = 80;

export interface Lane {
  readonly title: string;
  readonly height: number;
  /** What its lines are called, by colour. */
  readonly key?: readonly string[];
  /** Of the upright axis. */
  readonly values?: Range;
  draw(x: Scale, y: Scale): Drawn;
}

export interface Lanes {
  readonly lanes: readonly Lane[];
  readonly width: number;
  readonly label: string;
  readonly timeLabel: string;
  /** The place that explains its keys. */
  readonly described: string;
}

export function lanesView(timeline: Timeline, all: Lanes): TemplateResult {
  const { lanes, width, label, timeLabel, described } = all;
  const wide = Math.max(60, width - LEFT - RIGHT);
  const inner = new Scale([timeline.span.from, timeline.span.to], [0, wide]);
  timeline.x = new Scale(inner.domain, [LEFT, LEFT + wide]);
  const tops = topsOf(lanes);
  const bottom = tops.at(-1)!;
  return html`<svg
    class="plot timeline ${timeline.dragging}"
    role="application"
    tabindex="0"
    aria-label=${label}
    aria-describedby=${described}
    width=${width}
    height=${bottom + BOTTOM}
    viewBox="0 0 ${width} ${bottom + BOTTOM}"
    @keydown=${timeline.key}
    @wheel=${{ handleEvent: timeline.wheel, passive: false }}
    @pointerdown=${timeline.down}
    @pointermove=${timeline.move}
    @pointerup=${timeline.up}
    @dblclick=${timeline.double}
  >
    ${lanes.map((lane, at) => laneView(lane, inner, tops[at]!))}
    ${timeAxis(inner, bottom, timeLabel)}
    ${timeline.marked ? markedView(timeline.marked, timeline.x, bottom) : nothing}
    ${pointerView(timeline, bottom)}
  </svg>`;
}

/** Where each lane begins, and where the last one ends. */
function topsOf(lanes: readonly Lane[]): number[] {
  const tops = [TITLE];
  for (const { height } of lanes) tops.push(tops.at(-1)! + height + TITLE + GAP);
  tops[lanes.length] = tops[lanes.length]! - TITLE;
  return tops;
}

function laneView(lane: Lane, x: Scale, top: number): Drawn {
  const width = x.pixels[1];
  const y = new Scale(lane.values ?? [0, 1], [lane.height, 0]);
  const numbers = lane.values ? ticks(lane.values, lane.height / 24) : [];
  return svg`<g transform="translate(${LEFT} ${top})">
    <text class="lane" y="-6">${lane.title}</text>
    ${keyView(lane.key ?? [], width)}
    <rect class="ground" width=${width} height=${lane.height} />
    ${upright(y, numbers, width)}
    <svg width=${width} height=${lane.height} overflow="hidden">${lane.draw(x, y)}</svg>
  </g>`;
}

function keyView(names: readonly string[], width: number): Drawn {
  return names.map((name, at) => {
    const right = width - (names.length - 1 - at) * 26;
    return svg`<text class="key ink-${at}" x=${right} y="-6" text-anchor="end">${name}</text>`;
  });
}

function timeAxis(x: Scale, top: number, label: string): Drawn {
  const at = timeTicks(x.domain, x.pixels[1] / TICK_EVERY_PX);
  const digits = at.length > 1 && at[1]! - at[0]! < 1 ? 1 : 0;
  return svg`<g class="axis" transform="translate(${LEFT} ${top})">
    ${at.map(
      (time) => svg`<line x1=${x.at(time)} x2=${x.at(time)} y1="0" y2="4" />
        <text x=${x.at(time)} y="16" text-anchor="middle">${clock(time, digits)}</text>`,
    )}
    <text class="name" x=${x.pixels[1]} y="34" text-anchor="end">${label}</text>
  </g>`;
}

function markedView({ from, to }: Span, x: Scale, bottom: number): Drawn {
  const width = Math.max(1, x.at(to) - x.at(from));
  return svg`<rect class="marked" x=${x.at(from)} width=${width} y="0" height=${bottom} />`;
}

function pointerView({ cursor, span, x }: Timeline, bottom: number): Drawn {
  if (cursor < span.from || cursor > span.to) return nothing;
  return svg`<line class="pointer" x1=${x.at(cursor)} x2=${x.at(cursor)} y1="0" y2=${bottom} />`;
}
