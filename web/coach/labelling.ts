/** The screen on which stretches of a recording are labelled. */

import type { Coach } from "./coach.ts";
import type { Span } from "./plot/span.ts";
import { Timeline } from "./plot/timeline.ts";
import { Refused } from "./server.ts";
import { plottedSignals, type Signals } from "./signals.ts";
import { laid, without } from "./stretches.ts";
import type { Athlete, Page, Plotted, Recording, Stretch } from "./types.ts";

const POINTS = 4000;
const REST_MS = 200; // after the last move, before what is shown now is fetched more finely

/** What is drawn: all of it, and more finely the stretch that is looked at. */
interface Drawn {
  readonly span: Span;
  readonly signals: Signals;
}

export class Labelling {
  athlete: Athlete | null = null;
  recording: Recording | null = null;
  stretches: readonly Stretch[] = [];
  /** Names to choose from: the bundle's, and those that are there already. */
  known: readonly string[] = [];
  label = "";
  timeline: Timeline | null = null;
  #whole: Drawn | null = null;
  #closer: Drawn | null = null;
  #undone: readonly (readonly Stretch[])[] = [];
  #before: readonly (readonly Stretch[])[] = [];
  #half: Partial<Span> = {};
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly coach: Coach,
    readonly athleteId: string,
    readonly id: string,
  ) {}

  get path(): string {
    return `recordings/${this.id}`;
  }

  get canUndo(): boolean {
    return this.#before.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** As finely as is there. */
  get signals(): Signals {
    const { span } = this.timeline!;
    const close = this.#closer;
    const isInside = close && close.span.from <= span.from && span.to <= close.span.to;
    return (isInside ? close : this.#whole!).signals;
  }

  async load(): Promise<boolean> {
    window.addEventListener("keydown", this.#key);
    return this.coach.attempt(() => this.#loaded());
  }

  leave(): void {
    window.removeEventListener("keydown", this.#key);
    clearTimeout(this.#timer);
  }

  name(label: string): void {
    this.label = label;
    this.coach.redraw();
  }

  /** What is marked, or the one end of it that is known so far. */
  get ends(): Partial<Span> {
    return this.timeline?.marked ?? this.#half;
  }

  /** Mark a stretch by its numbers, one after the other. */
  mark(change: Partial<Span>): void {
    const { from = Number.NaN, to = Number.NaN } = { ...this.ends, ...change };
    if (Number.isFinite(from + to)) this.timeline!.mark({ from, to });
    else this.#half = change;
    this.coach.redraw();
  }

  get isReady(): boolean {
    const marked = this.timeline?.marked;
    return this.label.trim() !== "" && marked != null && marked.to > marked.from;
  }

  async add(): Promise<void> {
    if (!this.isReady) return;
    const { from, to } = this.timeline!.marked!;
    const one = { from_s: from, to_s: to, label: this.label.trim() };
    if (!(await this.#changed(laid(this.stretches, one)))) return;
    this.#half = {};
    this.timeline!.mark(null);
  }

  async remove(stretch: Stretch): Promise<void> {
    await this.#changed(without(this.stretches, stretch));
  }

  async undo(): Promise<void> {
    const last = this.#before.at(-1);
    if (!last || this.coach.isBusy) return;
    const now = this.stretches;
    if (!(await this.#saved(last))) return;
    this.#before = this.#before.slice(0, -1);
    this.#undone = [...this.#undone, now];
    this.coach.redraw();
  }

  async redo(): Promise<void> {
    const next = this.#undone.at(-1);
    if (!next || this.coach.isBusy) return;
    const rest = this.#undone.slice(0, -1);
    if (await this.#changed(next)) this.#undone = rest;
    this.coach.redraw();
  }

  /** A change of the reader's own, which may be undone. */
  async #changed(stretches: readonly Stretch[]): Promise<boolean> {
    const now = this.stretches;
    if (!(await this.#saved(stretches))) return false;
    this.#before = [...this.#before, now];
    this.#undone = [];
    this.coach.redraw();
    return true;
  }

  /** What is shown afterwards is what the server holds. */
  #saved(stretches: readonly Stretch[]): Promise<boolean> {
    const { server } = this.coach;
    return this.coach.attempt(async () => {
      await server.send("PUT", `${this.path}/labels`, stretches);
      this.stretches = (await server.get<Page<Stretch>>(`${this.path}/labels`)).items;
    });
  }

  async #loaded(): Promise<void> {
    const { server } = this.coach;
    const [athlete, recordings, labels, plotted] = await Promise.all([
      server.get<Athlete>(`athletes/${this.athleteId}`),
      server.list<Recording>(`athletes/${this.athleteId}/recordings`),
      server.get<Page<Stretch>>(`${this.path}/labels`),
      server.get<Plotted>(`${this.path}/plot?points=${POINTS}`),
    ]);
    this.athlete = athlete;
    const recording = recordings.find(({ id }) => id === this.id);
    if (!recording) throw new Refused(404, this.coach.own("absent"));
    this.recording = recording;
    this.stretches = labels.items;
    const signals = plottedSignals(plotted);
    const last = signals.t[signals.t.length - 1] ?? 0;
    const span = { from: signals.t[0] ?? 0, to: Math.max(last, (signals.t[0] ?? 0) + 1) };
    this.#whole = { span, signals };
    this.timeline = new Timeline(span, "marks", () => this.#moved());
    const taught = athlete.bundle
      ? (await server.get<Page<string>>(`bundles/${athlete.bundle}/movements`)).items
      : [];
    this.known = [...new Set([...taught, ...labels.items.map(({ label }) => label)])];
  }

  #moved(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#fetchCloser(), REST_MS);
    this.coach.redraw();
  }

  /** In silence: what is there is drawn meanwhile, and stays where this fails. */
  async #fetchCloser(): Promise<void> {
    const { span, whole } = this.timeline!;
    if (span.to - span.from > 0.9 * (whole.to - whole.from)) return;
    const room = (span.to - span.from) / 2;
    const wide = { from: span.from - room, to: span.to + room };
    const asked = `points=${2 * POINTS}&from_s=${wide.from}&to_s=${wide.to}`;
    const plotted = await this.coach.server
      .get<Plotted>(`${this.path}/plot?${asked}`)
      .catch(() => null);
    if (plotted === null) return;
    this.#closer = { span: wide, signals: plottedSignals(plotted) };
    this.coach.redraw();
  }

  /** Ctrl+Z and its like, outside of fields that have their own. */
  readonly #key = (event: KeyboardEvent): void => {
    const isField = event.target instanceof HTMLInputElement;
    if (!(event.ctrlKey || event.metaKey) || isField) return;
    const key = event.key.toLowerCase();
    if (key === "y" || (key === "z" && event.shiftKey)) void this.redo();
    else if (key === "z") void this.undo();
    else return;
    event.preventDefault();
  };
}
