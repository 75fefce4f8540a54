/** A session under way: samples in, what is seen out, and everything kept as it comes. */

import type { Guide } from "../src/guidance/guide.ts";
import type { Advice, Event, Heart, Quality, Rep, SetEnded, State, Stream } from "../src/index.ts";
import type { Counting } from "./counting.ts";
import { GoodReps } from "./good.ts";
import type { LiveLink } from "./live.ts";
import type { KeptSession } from "./records.ts";
import type { Samples } from "./samples.ts";
import { joinedSamples } from "./samples.ts";
import type { Store } from "./store.ts";

const KEPT_EVERY_S = 5;
const LIVE_EVERY_S = 0.5; // where somebody watches

/** What the athlete sees now. */
export interface Seen {
  readonly elapsedS: number;
  /** The last answer of each task. */
  readonly states: ReadonlyMap<string, State>;
  readonly heart: Heart | null;
  readonly advice: Advice | null;
  /** The last repetition. */
  readonly rep: Rep | null;
  /** The last set that is over, as the athlete corrected it. */
  readonly set: SetEnded | null;
  /** Whether their count of it taught the counter something; null: they gave none. */
  readonly hasLearnt: boolean | null;
  /** What is wrong with the signal now, the latest last. */
  readonly quality: readonly Quality[];
  /** Whether the model asks for a calibration. */
  readonly isDrifting: boolean;
}

export const NOTHING_SEEN: Seen = {
  elapsedS: 0,
  states: new Map(),
  heart: null,
  advice: null,
  rep: null,
  set: null,
  hasLearnt: null,
  quality: [],
  isDrifting: false,
};

const PASSING = ["gap", "late", "clock", "rate", "flat"]; // their beginning is told, not their end
const PASSES_S = 8;
const ADVICE_STANDS_S = 20;

/** What is seen after one more event. */
export function seenAfter(seen: Seen, event: Event): Seen {
  switch (event.event) {
    case "state":
      return { ...seen, states: new Map([...seen.states, [event.task, event]]) };
    case "heart":
      return { ...seen, heart: event };
    case "advice":
      return { ...seen, advice: event };
    case "rep":
      return { ...seen, rep: event };
    case "set_ended":
      return { ...seen, set: event, hasLearnt: null };
    case "drift":
      return { ...seen, isDrifting: true };
    case "quality":
      return { ...seen, quality: qualityAfter(seen.quality, event) };
    default:
      return seen;
  }
}

/** What passes is forgotten; a stop sign stands. */
export function seenAt(seen: Seen, elapsedS: number): Seen {
  const { advice } = seen;
  const stands =
    advice === null || advice.severity === "stop" || elapsedS - advice.t_s < ADVICE_STANDS_S;
  const quality = seen.quality.filter(({ kind, t_s }) => {
    return !PASSING.includes(kind) || elapsedS - t_s < PASSES_S;
  });
  return { ...seen, elapsedS, quality, advice: stands ? advice : null };
}

function qualityAfter(known: readonly Quality[], event: Quality): Quality[] {
  const others = known.filter(({ kind, channels }) => {
    const isSame = kind === event.kind;
    const isBack = event.kind === "back" && kind === "missing";
    return !isSame && !(isBack && channels.some((one) => event.channels.includes(one)));
  });
  return event.kind === "back" ? others : [...others, event];
}

/** What hears a session. */
export interface Listeners {
  readonly stream: Stream;
  /** Null where nothing is counted. */
  readonly counting: Counting | null;
  readonly guide: Guide;
}

export class Training {
  seen = NOTHING_SEEN;
  readonly #good = new GoodReps();
  #session: KeptSession;
  #number = 0;
  #events: Event[] = [];
  #samples: Samples[] = [];
  #keptS = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    session: KeptSession,
    private readonly listeners: Listeners,
    private readonly store: Store,
    /** Whose movements are summed up. */
    private readonly task: string,
    /** To those who watch; null where nobody may. */
    private readonly link: LiveLink | null = null,
  ) {
    this.#session = session;
    void link?.open();
  }

  get session(): KeptSession {
    return this.#session;
  }

  /** What the new samples tell; pushes are answered one after the other. */
  push(samples: Samples): Promise<readonly Event[]> {
    return this.#inTurn(() => this.#push(samples));
  }

  /** The athlete's own count of the last set: it is kept, and learnt from where it can be. */
  correct(repetitions: number): Promise<void> {
    return this.#inTurn(async () => {
      const { set } = this.seen;
      if (!set || set.repetitions === repetitions) return;
      const { counting } = this.listeners;
      const template = counting?.corrected(repetitions) ?? null;
      const { durationS } = this.#session;
      const seconds = template?.seconds ?? set.seconds_a_rep;
      this.#tell([{ ...set, t_s: durationS, repetitions, seconds_a_rep: seconds }], durationS);
      this.seen = { ...this.seen, hasLearnt: template !== null };
      await counting?.keep(set.movement); // last: a full phone may refuse it
    });
  }

  /**
   * Tell what waited for the next sample, keep all, and close the session. Where it could not be kept,
   * as on a phone that is full, it may be tried again; nobody sees it live from then on.
   */
  async end(): Promise<void> {
    await this.#turn;
    try {
      if (this.#session.state === "running") await this.#tellLast();
      await this.#keep();
    } catch (error) {
      this.link?.close();
      throw error;
    }
    if (await this.link?.end()) await this.store.markSession(this.#session.id, "sent");
  }

  async #tellLast(): Promise<void> {
    this.#session = { ...this.#session, state: "kept" };
    const { stream, counting, guide } = this.listeners;
    const last = [...(await stream.flush()), ...(counting?.close() ?? [])];
    this.#tell(guide.push(last, new Float64Array(), null), this.#session.durationS);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => null);
    return done;
  }

  async #push(samples: Samples): Promise<readonly Event[]> {
    const { t, rows, bpm } = samples;
    if (t.length === 0) return [];
    const { stream, counting, guide } = this.listeners;
    const told = await stream.push(t, rows);
    const events = guide.push([...told, ...(counting?.push(samples, told) ?? [])], t, bpm);
    if (this.#session.withRaw) this.#samples.push(samples);
    this.#tell(events, t.at(-1)!);
    const everyS = this.link ? LIVE_EVERY_S : KEPT_EVERY_S;
    if (this.#session.durationS - this.#keptS >= everyS) await this.#keep();
    return events;
  }

  #tell(events: readonly Event[], elapsedS: number): void {
    this.seen = seenAt(events.reduce(seenAfter, this.seen), elapsedS);
    this.#events.push(...events);
    this.#good.push(events);
    const { hopS } = this.listeners.stream.spec;
    const movements = withSecondsOf(this.#session.movements, events, this.task, hopS);
    const sets = withSetsOf(this.#session.sets, events);
    const { own } = this.#good;
    this.#session = { ...this.#session, durationS: elapsedS, movements, sets, own };
  }

  async #keep(): Promise<void> {
    const [events, samples] = [this.#events, this.#samples];
    const chunk = {
      session: this.#session.id,
      number: this.#number,
      durationS: this.#session.durationS,
      events,
      samples: samples.length > 0 ? joinedSamples(samples) : null,
    };
    await this.store.keepChunk(this.#session, chunk); // where it fails, it is tried again with more
    this.#number += 1;
    this.link?.keep(this.#number);
    this.#keptS = this.#session.durationS;
    [this.#events, this.#samples] = [[], []];
  }
}

/** Sets after more events; one that is told again is corrected. */
export function withSetsOf(
  known: KeptSession["sets"],
  events: readonly Event[],
): KeptSession["sets"] {
  const sets = new Map(known.map((set) => [set.number, set]));
  for (const event of events) {
    if (event.event !== "set_ended") continue;
    const { number, movement, repetitions } = event;
    sets.set(number, { number, movement, repetitions });
  }
  return [...sets.values()];
}

/** Seconds of each movement after more events; one answer of the task stands for a hop. */
export function withSecondsOf(
  known: KeptSession["movements"],
  events: readonly Event[],
  task: string,
  hopS: number,
): KeptSession["movements"] {
  const seconds = new Map(known);
  for (const event of events) {
    if (event.event !== "state" || event.task !== task || !event.movement) continue;
    seconds.set(event.movement, (seconds.get(event.movement) ?? 0) + hopS);
  }
  return [...seconds];
}
