/** Sets and repetitions, live; the twin of `guidance/sets.py`. */

import { DataError } from "../errors.ts";
import { Clock } from "../runtime/clock.ts";
import type { Event, Rep, SetEnded, SetStarted } from "../runtime/events.ts";
import { type Cycle, dot, median, secondsOf, type Vector } from "./cycles.ts";
import { Frames } from "./frames.ts";
import { Postures, RATE_HZ } from "./posture.ts";
import { BACK_S, begun, Found, fits, later, SPANS_S, settled, USUAL } from "./repeating.ts";
import { axisOf, countingOf, type Template, templateOf } from "./template.ts";
import { type Heard, Watched } from "./watched.ts";

const LOOK_EVERY = 12; // frames, about half a second
const KEPT = Math.max(...SPANS_S) * RATE_HZ; // frames while nothing repeats
const LONGEST_SET = 300 * RATE_HZ; // frames; a longer set keeps its live count
const PAUSE_S = 5; // of the clock; beyond it a session begins anew
const STATE_SEES_S = 3; // a state is told of so long a time before it

type Told = SetStarted | Rep | SetEnded;

/** A set that is over, as it was read. */
interface Ended {
  readonly movement: string;
  readonly postures: readonly Vector[];
  /** Number of the first frame. */
  readonly start: number;
  readonly found: Found;
  /** The templates before anything was learnt from it. */
  readonly own: ReadonlyMap<string, Template>;
}

/** Counts in one session. How the samples are cut into pushes changes nothing. */
export class SetCounter {
  readonly #watched: Watched;
  readonly #clock: Clock;
  #lastT: number | null = null;
  #sets = 0;
  #frames: Frames;
  #looked = 0; // frames
  #free = 0; // frame from which on a set may begin
  #since = 0; // frame from which on this set may have begun
  #set: Found | null = null;
  #inSet = USUAL; // of the athlete's template where there is one
  #ended: Ended | null = null;
  #own: ReadonlyMap<string, Template>;
  #names = new Map<string, number>(); // looks in this set, by what they heard
  #movement = "";
  #told = 0;
  #quiet = 0; // frame since which nothing goes out and back

  /**
   * @param channels Names of the samples' columns.
   * @param sourceHz Typical rate of the samples.
   * @param movements Sets begin where the stream's states name one of these, go on through doubt and end
   *   where what is none of these is named; none: whatever repeats.
   * @param own The athlete's templates by movement.
   */
  constructor(
    private readonly channels: readonly string[],
    private readonly sourceHz: number,
    movements: Iterable<string> = [],
    own: ReadonlyMap<string, Template> = new Map(),
  ) {
    this.#own = own;
    this.#watched = new Watched(movements);
    this.#clock = new Clock(sourceHz, []); // no channel: its rate is not measured
    this.#frames = new Frames(new Postures(channels, sourceHz));
    if (this.#frames.width === 0) {
      throw new DataError(
        `Repetitions cannot be counted in the channels ${channels.slice(0, 12).join(", ")}: an ` +
          "accelerometer or a gyroscope with x, y and z is needed, such as wrist_acc_x.",
      );
    }
  }

  /**
   * What the new samples tell, in the order of time.
   *
   * @param t Seconds; samples that come late are left out, and where the clock leaps or is set back a
   *   session begins anew, as in a stream.
   * @param samples `(time, channel)`, row after row, NaN where unknown.
   * @param states What the stream told of the same samples.
   */
  push(t: Float64Array, samples: Float32Array, states: readonly Event[] = []): Told[] {
    this.#watched.push(states);
    return this.#parts(t).flatMap((rows) => {
      const stepS = this.#lastT === null ? 0 : t[rows[0]!]! - this.#lastT;
      if (stepS < 0) {
        this.#watched.begin(states.filter(({ t_s }) => t_s <= t[rows.at(-1)!]!));
      }
      const isNew = stepS < 0 || stepS > PAUSE_S;
      const told = isNew ? this.close() : [];
      if (isNew) this.#begin();
      const width = this.channels.length;
      const values = rows.flatMap((row) => [...samples.subarray(row * width, (row + 1) * width)]);
      const times = Float64Array.from(rows, (row) => t[row]!);
      this.#lastT = times.at(-1)!;
      return [...told, ...this.#taken(times, Float32Array.from(values))];
    });
  }

  /** The end of a set that is still under way when the session ends. */
  close(): Told[] {
    return this.#lastT === null ? [] : this.#end(this.#lastT);
  }

  /**
   * What the athlete's own count of the last set teaches; null where it fits no reading. A set too long
   * to be kept whole teaches nothing. The template is used from now on for this movement, and may be kept
   * for other sessions. Of several counts of one set the last holds: what others taught is forgotten.
   */
  corrected(repetitions: number): Template | null {
    if (!this.#ended) return null;
    const { movement, postures, start, found, own } = this.#ended;
    const template = templateOf(movement, postures, start, found, repetitions);
    this.#own = new Map(template ? [...own, [movement, template]] : own);
    return template;
  }

  /** The athlete's, by movement. */
  get templates(): ReadonlyMap<string, Template> {
    return this.#own;
  }

  /** Rows whose time rises, parted where it pauses, leaps or is set back. */
  #parts(t: Float64Array): number[][] {
    const parts: number[][] = [];
    for (const { rows } of this.#clock.push(t)) {
      for (const [at, row] of rows.entries()) {
        if (at === 0 || t[row]! - t[rows[at - 1]!]! > PAUSE_S) parts.push([]);
        parts.at(-1)!.push(row);
      }
    }
    return parts;
  }

  #begin(): void {
    this.#frames = new Frames(new Postures(this.channels, this.sourceHz));
    [this.#set, this.#names, this.#movement, this.#inSet] = [null, new Map(), "", USUAL];
    [this.#looked, this.#told, this.#quiet] = [0, 0, 0];
    [this.#free, this.#since] = [0, 0];
  }

  #taken(t: Float64Array, samples: Float32Array): Told[] {
    this.#frames.push(t, samples);
    const told: Told[] = [];
    const late = this.#watched.lateS;
    while (this.#looked + LOOK_EVERY <= this.#frames.end) {
      const nowS = this.#frames.atS(this.#looked + LOOK_EVERY - 1);
      if (nowS + late > t.at(-1)!) break;
      this.#looked += LOOK_EVERY;
      told.push(...this.#look(nowS + late, this.#watched.at(nowS)));
      this.#forget();
    }
    return told;
  }

  #look(toldS: number, { movement, isNow }: Heard): Told[] {
    if (movement === null) {
      const told = this.#end(toldS);
      this.#free = Math.max(this.#free, this.#looked - STATE_SEES_S * RATE_HZ);
      return told;
    }
    if (this.#set) {
      this.#names.set(movement, (this.#names.get(movement) ?? 0) + Number(isNow));
      const most = Math.max(...this.#names.values());
      this.#movement = [...this.#names].find(([, looks]) => looks === most)![0];
      return this.#goOn(toldS, this.#set);
    }
    return isNow ? this.#start(toldS, movement) : [];
  }

  #start(toldS: number, named: string): Told[] {
    const own = this.#own.get(named);
    this.#inSet = countingOf(own);
    const first = Math.max(this.#free, this.#frames.first, this.#looked - KEPT);
    const axis = axisOf(own, this.#frames.width);
    const found = begun(this.#stretch(first), first, this.#inSet, axis);
    if (!found) return [];
    [this.#set, this.#names] = [found, new Map([[named, 1]])];
    [this.#movement, this.#told] = [named, 0];
    this.#since = this.#free;
    this.#sets += 1;
    this.#quiet = found.reps.at(-1)!.last;
    const started: SetStarted = {
      event: "set_started",
      t_s: toldS,
      began_s: this.#frames.atS(found.reps[0]!.begin),
      number: this.#sets,
      movement: named,
    };
    return [started, ...found.reps.map((rep) => this.#rep(toldS, rep))];
  }

  #goOn(toldS: number, before: Found): Told[] {
    const told: Told[] = [];
    let found = before;
    let isUnderWay = false;
    for (const one of later(this.#stretch(this.#quiet), this.#quiet, before, this.#inSet)) {
      if (!one.isOver) {
        isUnderWay = true;
        continue;
      }
      this.#quiet = one.last;
      if (fits(one, found, this.#inSet)) {
        found = new Found(found.axis, [...found.reps, one]);
        told.push(this.#rep(toldS, one));
      }
    }
    this.#set = found;
    const quietS = (this.#looked - this.#quiet) / RATE_HZ;
    const trace = this.#stretch(this.#quiet).map((one) => dot(one, found.axis));
    const isOut = trace.at(-1)! - Math.min(...trace) > this.#inSet.reversal * found.range;
    return quietS > found.pauseS(this.#inSet, isUnderWay || isOut)
      ? [...told, ...this.#end(toldS)]
      : told;
  }

  #end(toldS: number): SetEnded[] {
    const live = this.#set;
    if (!live) return [];
    const first = Math.max(this.#frames.first, this.#since);
    this.#ended = null; // the last set is this one, whatever may be learnt of it
    const found = live.reps[0]!.low < first ? live : this.#settled(first, live);
    this.#free = Math.max(this.#quiet, found.reps.at(-1)!.last);
    this.#set = null;
    return [this.#summary(toldS, found)];
  }

  #summary(toldS: number, found: Found): SetEnded {
    const kept = found.reps.filter(({ low }) => low >= this.#frames.first);
    return {
      event: "set_ended",
      t_s: toldS,
      began_s: this.#frames.atS(found.reps[0]!.begin),
      ended_s: this.#frames.atS(found.reps.at(-1)!.end),
      number: this.#sets,
      movement: this.#movement,
      repetitions: found.reps.length,
      seconds_a_rep: median(found.reps.map(secondsOf)),
      range_deg: median(kept.map((one) => this.#frames.rangeDeg(one.begin, one.far))),
      regularity: found.regularity,
      confidence: Math.min(Math.max(found.alike, 0), 1),
    };
  }

  /** The set as a whole, which may be corrected. */
  #settled(start: number, live: Found): Found {
    const postures = this.#stretch(start);
    const found = settled(postures, start, live, this.#inSet);
    this.#ended = { movement: this.#movement, postures, start, found, own: this.#own };
    return found;
  }

  #rep(toldS: number, cycle: Cycle): Rep {
    this.#told += 1;
    return {
      event: "rep",
      t_s: toldS,
      began_s: this.#frames.atS(cycle.begin),
      set: this.#sets,
      number: this.#told,
      movement: this.#movement,
      duration_s: secondsOf(cycle),
      out_s: cycle.out / RATE_HZ,
      back_s: cycle.back / RATE_HZ,
      range_deg: this.#frames.rangeDeg(cycle.begin, cycle.far),
    };
  }

  #stretch(first: number): Vector[] {
    return this.#frames.between(first, this.#looked);
  }

  #forget(): void {
    let first = this.#looked - KEPT;
    if (this.#set) {
      const { reps } = this.#set;
      const inSet = reps[0]!.low - BACK_S * RATE_HZ;
      if (this.#looked - inSet <= LONGEST_SET) first = Math.min(first, inSet);
      first = Math.min(first, reps.at(-1)!.low, this.#quiet);
    }
    this.#frames.forget(first);
  }
}
