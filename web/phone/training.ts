/** A session under way: samples in, what is seen out, and everything kept as it comes. */

import type { Guide } from "../src/guidance/guide.ts";
import type { Advice, Event, Heart, Quality, Rep, State, Stream } from "../src/index.ts";
import type { LiveLink } from "./live.ts";
import type { Samples } from "./samples.ts";
import { joinedSamples } from "./samples.ts";
import type { KeptSession, Store } from "./store.ts";

const KEPT_EVERY_S = 5;
const LIVE_EVERY_S = 0.5; // where somebody watches

/** What the athlete sees now. */
export interface Seen {
  readonly elapsedS: number;
  /** The last answer of each task. */
  readonly states: ReadonlyMap<string, State>;
  readonly heart: Heart | null;
  readonly advice: Advice | null;
  /** The last repetition of the set that is under way, or was last. */
  readonly rep: Rep | null;
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

export class Training {
  seen = NOTHING_SEEN;
  #session: KeptSession;
  #number = 0;
  #events: Event[] = [];
  #samples: Samples[] = [];
  #keptS = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    session: KeptSession,
    private readonly stream: Stream,
    private readonly guide: Guide,
    private readonly store: Store,
    /** Whose movements are summed up. */
    private readonly task: string,
    /** To those who watch; null where nobody may. */
    private readonly link: LiveLink | null = null,
  ) {
    this.#session = session;
    link?.open();
  }

  get session(): KeptSession {
    return this.#session;
  }

  /** What the new samples tell; pushes are answered one after the other. */
  push(samples: Samples): Promise<readonly Event[]> {
    const work = this.#turn.then(() => this.#push(samples));
    this.#turn = work.catch(() => null);
    return work;
  }

  /** Tell what waited for the next sample, keep all, and close the session. */
  async end(): Promise<KeptSession> {
    await this.#turn;
    const none = new Float64Array();
    this.#tell(this.guide.push(await this.stream.flush(), none, null), this.#session.durationS);
    this.#session = { ...this.#session, state: "kept" };
    await this.#keep();
    if (await this.link?.end()) {
      this.#session = { ...this.#session, state: "sent" };
      await this.store.keepSession(this.#session);
    }
    return this.#session;
  }

  async #push(samples: Samples): Promise<readonly Event[]> {
    const { t, rows, bpm } = samples;
    if (t.length === 0) return [];
    const events = this.guide.push(await this.stream.push(t, rows), t, bpm);
    if (this.#session.withRaw) this.#samples.push(samples);
    this.#tell(events, t.at(-1)!);
    const everyS = this.link ? LIVE_EVERY_S : KEPT_EVERY_S;
    if (this.#session.durationS - this.#keptS >= everyS) await this.#keep();
    return events;
  }

  #tell(events: readonly Event[], elapsedS: number): void {
    this.seen = seenAt(events.reduce(seenAfter, this.seen), elapsedS);
    this.#events.push(...events);
    const known = this.#session.movements;
    const movements = withSecondsOf(known, events, this.task, this.stream.spec.hopS);
    this.#session = { ...this.#session, durationS: elapsedS, movements };
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
