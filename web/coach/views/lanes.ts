/** Lanes of signals, of what was named, of sets, heart and advice. */

import { svg } from "lit-html";

import { named } from "../../pages/names.ts";
import { SENSORS } from "../../pages/troubles.ts";
import type { Advice, Heart, State } from "../../src/runtime/events.ts";
import type { Coach } from "../coach.ts";
import type { Lane } from "../plot/lanes.ts";
import { Line, type Values } from "../plot/line.ts";
import { around, type Range, type Scale } from "../plot/scale.ts";
import { type Sensor, type Signals, sensorsOf } from "../signals.ts";
import type { Held, SetDone } from "../story.ts";

const SIGNAL_PX = 96;
const BLOCK_PX = 34;
const HEART_PX = 110;
const ZONE_PX = 6;
const LETTER_PX = 7;
const REP_PX = 4; // closer repetitions cannot be told apart
const COLOURS = 8;
const LONGEST_HOLD_S = 5; // of a heart rate: later ones are another time

/** Such as "acceleration, wrist (m/s²)". */
export function sensorTitle({ say }: Coach, { name, unit }: Sensor): string {
  const kind = SENSORS.find((one) => name.endsWith(one));
  const placement = kind ? named(name.slice(0, -kind.length)).trim() : "";
  const told = [kind ? say(`sensor_${kind}`) : named(name), placement].filter(Boolean);
  return `${told.join(say("and"))}${unit ? ` (${unit})` : ""}`;
}

export function signalLanes(signals: Signals, titled: (sensor: Sensor) => string): Lane[] {
  return shapesOf(signals).map(({ sensor, lines, values }) => ({
    title: titled(sensor),
    height: SIGNAL_PX,
    key: sensor.lines.map(([axis]) => axis).filter(Boolean),
    values,
    draw: (x, y) =>
      lines.map((line, at) => svg`<path class="line line-${at}" d=${line.path(x, y)} />`),
  }));
}

/** What a sensor looks like, whatever part of it is shown. */
interface Shape {
  readonly sensor: Sensor;
  readonly lines: readonly Line[];
  readonly values: Range;
}

const SHAPES = new WeakMap<Signals, readonly Shape[]>(); // hours of samples are read once

function shapesOf(signals: Signals): readonly Shape[] {
  const known = SHAPES.get(signals);
  if (known) return known;
  const shapes = sensorsOf(signals).map((sensor) => ({
    sensor,
    lines: sensor.lines.map(([, values]) => new Line(signals.t, values)),
    values: around(all(sensor.lines.map(([, values]) => values))),
  }));
  SHAPES.set(signals, shapes);
  return shapes;
}

function* all(lines: readonly Values[]): Iterable<number | null> {
  for (const line of lines) for (let row = 0; row < line.length; row += 1) yield line[row]!;
}

/** Stretches with their names; the same name has the same colour. */
export function heldLane(title: string, held: readonly Held[], names: readonly string[]): Lane {
  return {
    title,
    height: BLOCK_PX,
    draw: (x) =>
      held
        .filter(({ from, to }) => to >= x.domain[0] && from <= x.domain[1])
        .map((one) => blockView(x, one, named(one.movement), colourOf(names, one.movement))),
  };
}

function colourOf(names: readonly string[], name: string): number {
  return Math.max(0, names.indexOf(name)) % COLOURS;
}

function blockView(x: Scale, { from, to }: Held, name: string, colour: number) {
  const [left, right] = [Math.max(x.at(from), x.pixels[0]), Math.min(x.at(to), x.pixels[1])];
  const fits = right - left > LETTER_PX * widthOf(name) + 8;
  return svg`<g class="block fill-${colour}">
    <rect x=${x.at(from)} width=${Math.max(1, x.at(to) - x.at(from))} height=${BLOCK_PX}><title>${name}</title></rect>
    ${fits ? svg`<text x=${left + 5} y=${BLOCK_PX / 2} dy="0.32em">${name}</text>` : ""}
  </g>`;
}

/** In letters; a Chinese one is twice as wide. */
function widthOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 0x2e7f ? 2 : 1), 0);
}

export function setsLane(title: string, sets: readonly SetDone[]): Lane {
  return {
    title,
    height: BLOCK_PX,
    draw: (x) => sets.map((one) => setView(x, one)),
  };
}

function setView(x: Scale, { set, reps }: SetDone) {
  const { began_s, ended_s, repetitions, movement } = set;
  const width = Math.max(1, x.at(ended_s) - x.at(began_s));
  const left = Math.max(x.at(began_s), x.pixels[0]);
  const room = Math.min(x.at(ended_s), x.pixels[1]) - left;
  const name = `${repetitions} × ${named(movement)}`;
  const texts = [name, String(repetitions)].filter((text) => room > LETTER_PX * widthOf(text) + 8);
  return svg`<g class="set">
    <rect x=${x.at(began_s)} width=${width} height=${BLOCK_PX}><title>${name}</title></rect>
    ${(width > REP_PX * reps.length ? reps : []).map(
      (at) => svg`<line x1=${x.at(at)} x2=${x.at(at)} y1=${BLOCK_PX - 8} y2=${BLOCK_PX} />`,
    )}
    ${texts[0] ? svg`<text x=${left + 5} y=${BLOCK_PX / 2 - 3} dy="0.32em">${texts[0]}</text>` : ""}
  </g>`;
}

/** The heart rate, and below it the zone as the athlete saw it. */
export function heartLane(title: string, heart: readonly Heart[]): Lane {
  const bpm = heart.map((one) => one.bpm);
  const line = new Line(
    heart.map(({ t_s }) => t_s),
    bpm,
  );
  return {
    title,
    height: HEART_PX,
    values: around(bpm),
    draw: (x, y) => [svg`<path class="line heart" d=${line.path(x, y)} />`, ...zonesView(heart, x)],
  };
}

function zonesView(heart: readonly Heart[], x: Scale) {
  return zoneRuns(heart).map(({ zone, from, to }) => {
    const width = x.at(to) - x.at(from) + 0.5;
    return svg`<rect class="zone-${zone}" x=${x.at(from)} width=${width} y=${HEART_PX - ZONE_PX} height=${ZONE_PX} />`;
  });
}

/** Stretches of one zone each. */
function zoneRuns(heart: readonly Heart[]) {
  const runs: { zone: number; from: number; to: number }[] = [];
  for (const [at, { t_s, zone }] of heart.entries()) {
    if (!zone) continue;
    const to = Math.min(heart[at + 1]?.t_s ?? t_s + 1, t_s + LONGEST_HOLD_S);
    const last = runs.at(-1);
    if (last?.zone === zone && last.to === t_s) last.to = to;
    else runs.push({ zone, from: t_s, to });
  }
  return runs;
}

export function numberLane(title: string, states: readonly State[]): Lane {
  const values = states.map(({ value }) => value);
  const line = new Line(
    states.map(({ t_s }) => t_s),
    values,
  );
  return {
    title,
    height: SIGNAL_PX,
    values: around(values),
    draw: (x, y) => svg`<path class="line line-0" d=${line.path(x, y)} />`,
  };
}

export interface Mark {
  readonly t: number;
  readonly looks: string;
  readonly text: string;
  /** Whose text it is; null of what was wrong. */
  readonly advice: Advice | null;
}

/** Places in time, numbered as the list below has them. */
export function marksLane(title: string, marks: readonly Mark[]): Lane {
  return {
    title,
    height: BLOCK_PX,
    draw: (x) =>
      marks.map(
        (
          { t, looks, text },
          at,
        ) => svg`<g class="mark ${looks}" transform="translate(${x.at(t)} ${BLOCK_PX / 2})">
          <circle r="11"><title>${text}</title></circle>
          <text text-anchor="middle" dy="0.35em">${at + 1}</text>
        </g>`,
      ),
  };
}
