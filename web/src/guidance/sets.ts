/** Sets and repetitions, live; the twin of `guidance/sets.py`. */

import { DataError } from "../errors.ts";
import type { Event, Rep, SetEnded, SetStarted } from "../runtime/events.ts";
import { type Cycle, dot, median, secondsOf, type Vector } from "./cycles.ts";
import { Postures, RATE_HZ } from "./posture.ts";
import { BACK_S, begun, Found, fits, later, SPANS_S, settled, USUAL } from "./repeating.ts";
import { axisOf, countingOf, type Template, templateOf } from "./template.ts";
import { Watched } from "./watched.ts";

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
  #lastT = Number.NEGATIVE_INFINITY;
  #sets = 0;
  #postures: Postures;
  #clock: number[] = [];
  #kept: Vector[] = [];
  #dropped = 0; // frames before the first kept one
  #looked = 0; // frames
  #free = 0; // frame from which on a set may begin
  #since = 0; // frame from which on this set may have begun
  #set: Found | null = null;
  #inSet = USUAL; // of the athlete's template where there is one
  #ended: Ended | null = null;
  #own: ReadonlyMap<string, Template>;
  #movement = "";
  #told = 0;
  #quiet = 0; // frame since which nothing goes out and back

  /**
   * @param channels Names of the samples' columns.
   * @param sourceHz Typical rate of the samples.
   * @param movements Only while the stream's states name one of these; none: whatever repeats.
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
    this.#postures = new Postures(channels, sourceHz);
    if (this.#postures.tilts + this.#postures.turns === 0) {
      throw new DataError(
        `Repetitions cannot be counted in the channels ${channels.slice(0, 12).join(", ")}: an ` +
          "accelerometer or a gyroscope with x, y and z is needed, such as wrist_acc_x.",
      );
    }
  }

  /**
   * What the new samples tell, in the order of time.
   *
   * @param t Seconds; samples that come no later than one before are left out.
   * @param samples `(time, channel)`, row after row, NaN where unknown.
   * @param states What the stream told of the same samples.
   */
  push(t: Float64Array, samples: Float32Array, states: readonly Event[] = []): Told[] {
    this.#watched.push(states);
    return this.#parts(t).flatMap((rows) => {
      const isNew = t[rows[0]!]! - this.#lastT > PAUSE_S && Number.isFinite(this.#lastT);
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
    return this.#set ? [this.#end(this.#lastT, this.#set)] : [];
  }

  /**
   * What the athlete's own count of the last set teaches; null where it fits no reading. It is used from
   * now on for this movement, and may be kept for other sessions. Of several counts of one set the last
   * holds: what others taught is forgotten.
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

  /** Rows whose time rises, parted where it pauses. */
  #parts(t: Float64Array): number[][] {
    const parts: number[][] = [];
    let latest = this.#lastT;
    for (const [row, tS] of t.entries()) {
      if (!(tS > latest)) continue;
      if (parts.length === 0 || tS - latest > PAUSE_S) parts.push([]);
      parts.at(-1)!.push(row);
      latest = tS;
    }
    return parts;
  }

  #begin(): void {
    this.#postures = new Postures(this.channels, this.sourceHz);
    [this.#clock, this.#kept, this.#set, this.#movement] = [[], [], null, ""];
    this.#inSet = USUAL;
    [this.#dropped, this.#looked, this.#told, this.#quiet] = [0, 0, 0, 0];
    [this.#free, this.#since] = [0, 0];
  }

  #taken(t: Float64Array, samples: Float32Array): Told[] {
    for (const { tS, posture } of this.#postures.push(t, samples)) {
      this.#clock.push(tS);
      this.#kept.push(posture);
    }
    const told: Told[] = [];
    const late = this.#watched.lateS;
    while (this.#looked + LOOK_EVERY - this.#dropped <= this.#clock.length) {
      const now = this.#looked + LOOK_EVERY;
      const nowS = this.#clock[now - this.#dropped - 1]!;
      if (nowS + late > t.at(-1)!) break;
      this.#looked = now;
      told.push(...this.#look(nowS + late, this.#watched.at(nowS)));
      this.#forget();
    }
    return told;
  }

  #look(toldS: number, named: string | null): Told[] {
    const told: Told[] = [];
    if (this.#set && named !== this.#movement) told.push(this.#end(toldS, this.#set));
    if (named === null) {
      this.#free = Math.max(this.#free, this.#looked - STATE_SEES_S * RATE_HZ);
    } else {
      told.push(...(this.#set ? this.#goOn(toldS, this.#set) : this.#start(toldS, named)));
    }
    return told;
  }

  #start(toldS: number, named: string): Told[] {
    const own = this.#own.get(named);
    this.#inSet = countingOf(own);
    const first = Math.max(this.#free, this.#dropped, this.#looked - KEPT);
    const width = 3 * (this.#postures.tilts + this.#postures.turns);
    const found = begun(this.#stretch(first), first, this.#inSet, axisOf(own, width));
    if (!found) return [];
    [this.#set, this.#movement, this.#told] = [found, named, 0];
    this.#since = this.#free;
    this.#sets += 1;
    this.#quiet = found.reps.at(-1)!.last;
    const started: SetStarted = {
      event: "set_started",
      t_s: toldS,
      began_s: this.#at(found.reps[0]!.begin),
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
      ? [...told, this.#end(toldS, found)]
      : told;
  }

  #end(toldS: number, live: Found): SetEnded {
    const first = Math.max(this.#dropped, this.#since);
    const found = live.reps[0]!.low < first ? live : this.#settled(first, live);
    this.#free = Math.max(this.#quiet, found.reps.at(-1)!.last);
    this.#set = null;
    const kept = found.reps.filter(({ low }) => low >= this.#dropped);
    return {
      event: "set_ended",
      t_s: toldS,
      began_s: this.#at(found.reps[0]!.begin),
      ended_s: this.#at(found.reps.at(-1)!.end),
      number: this.#sets,
      movement: this.#movement,
      repetitions: found.reps.length,
      seconds_a_rep: median(found.reps.map(secondsOf)),
      range_deg: median(kept.map((one) => this.#rangeDeg(one))),
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
      began_s: this.#at(cycle.begin),
      set: this.#sets,
      number: this.#told,
      movement: this.#movement,
      duration_s: secondsOf(cycle),
      out_s: cycle.out / RATE_HZ,
      back_s: cycle.back / RATE_HZ,
      range_deg: this.#rangeDeg(cycle),
    };
  }

  #rangeDeg({ begin, far }: Cycle): number {
    const [one, other] = [this.#kept[begin - this.#dropped]!, this.#kept[far - this.#dropped]!];
    return this.#postures.rangeDeg(one, other);
  }

  #stretch(first: number): Vector[] {
    return this.#kept.slice(first - this.#dropped, this.#looked - this.#dropped);
  }

  #at(frame: number): number {
    return this.#clock[0]! + (frame - this.#dropped) / RATE_HZ;
  }

  #forget(): void {
    let first = this.#looked - KEPT;
    if (this.#set) {
      const { reps } = this.#set;
      const inSet = reps[0]!.low - BACK_S * RATE_HZ;
      if (this.#looked - inSet <= LONGEST_SET) first = Math.min(first, inSet);
      first = Math.min(first, reps.at(-1)!.low, this.#quiet);
    }
    const drop = Math.max(first - this.#dropped, 0);
    if (drop === 0) return;
    [this.#clock, this.#kept] = [this.#clock.slice(drop), this.#kept.slice(drop)];
    this.#dropped += drop;
  }
}
