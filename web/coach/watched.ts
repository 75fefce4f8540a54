/** What is known of a session while it runs, from what the server tells (`docs/live.md`). */

import type { Advice, Drift, Event, Quality } from "../src/runtime/events.ts";

export const SHOWN_S = 600; // of the past; what was before is on the session's own timeline

/** What the server says to a watcher. */
export type Told =
  | {
      readonly type: "live";
      readonly session: string;
      readonly athlete: string;
      readonly name: string;
      readonly seq: number;
      readonly duration_s: number;
      readonly present: boolean;
      readonly latest: readonly Event[];
    }
  | {
      readonly type: "batch";
      readonly session: string;
      readonly seq: number;
      readonly duration_s: number;
      readonly events: readonly Event[];
    }
  | { readonly type: "missed"; readonly session: string; readonly to: number }
  | { readonly type: "ended"; readonly session: string; readonly kept: string | null }
  | { readonly type: "problem"; readonly kind: string };

export interface Watched {
  readonly session: string;
  readonly athlete: string;
  readonly name: string;
  /** The last batch that is known. */
  readonly seq: number;
  readonly durationS: number;
  /** Whether the phone is connected. */
  readonly isPresent: boolean;
  /** Of the last minutes, in the order of time. */
  readonly events: readonly Event[];
  /** Whether these are only the last of each kind: the rest was asked for. */
  readonly isGlimpse: boolean;
  readonly isOver: boolean;
  /** The session that it became; null where it was withdrawn. */
  readonly kept: string | null;
}

/** All sessions after something was told. */
export type AllWatched = ReadonlyMap<string, Watched>;

export function heard(all: AllWatched, told: Told): AllWatched {
  if (told.type === "problem") return all;
  const before = all.get(told.session);
  const now = told.type === "live" ? begun(before, told) : before && goneOn(before, told);
  return now ? new Map([...all, [told.session, now]]) : all;
}

function begun(before: Watched | undefined, told: Told & { type: "live" }): Watched {
  const { session, athlete, name, duration_s, present, latest } = told;
  return {
    session,
    athlete,
    name,
    seq: before?.seq ?? told.seq,
    durationS: Math.max(duration_s, before?.durationS ?? 0),
    isPresent: present,
    events: before?.events ?? latest,
    isGlimpse: before?.isGlimpse ?? true,
    isOver: false,
    kept: null,
  };
}

function goneOn(before: Watched, told: Exclude<Told, { type: "live" | "problem" }>): Watched {
  switch (told.type) {
    case "missed":
      return { ...before, seq: told.to };
    case "ended":
      return { ...before, isOver: true, isPresent: false, kept: told.kept };
    case "batch": {
      if (told.seq !== before.seq + 1) return before; // it was asked for from earlier on
      const from = told.duration_s - SHOWN_S;
      const past = before.isGlimpse ? [] : before.events;
      const events = [...past, ...told.events].filter(({ t_s }) => t_s >= from);
      const { seq, duration_s: durationS } = told;
      return { ...before, seq, durationS, events, isGlimpse: false, isPresent: true };
    }
  }
}

/** What is so now. */
export interface Now {
  /** Empty where the model does not know. */
  readonly movement: string;
  readonly bpm: number | null;
  readonly zone: number | null;
  /** The set under way, or the last one. */
  readonly set: {
    readonly number: number;
    readonly movement: string;
    readonly reps: number;
  } | null;
  /** The last that was said, while it is new. */
  readonly said: Advice | Drift | Quality | null;
}

const NEW_S = 30; // for so long what was said stands on the screen

export function nowOf({ events, durationS }: Watched): Now {
  const last = <K extends Event["event"]>(kind: K) =>
    events.findLast((one): one is Extract<Event, { event: K }> => one.event === kind);
  const state = events.findLast((one) => one.event === "state" && one.confidence !== null);
  const heart = last("heart");
  const said = events.findLast(
    (one) => one.event === "advice" || one.event === "drift" || one.event === "quality",
  );
  return {
    movement: state?.event === "state" && !state.abstained ? state.movement : "",
    bpm: heart?.bpm ?? null,
    zone: heart?.zone ?? null,
    set: setOf(last("rep"), last("set_ended")),
    said: said && durationS - said.t_s <= NEW_S ? said : null,
  };
}

function setOf(
  rep: Extract<Event, { event: "rep" }> | undefined,
  ended: Extract<Event, { event: "set_ended" }> | undefined,
): Now["set"] {
  if (rep && (!ended || rep.set > ended.number)) {
    return { number: rep.set, movement: rep.movement, reps: rep.number };
  }
  return ended ? { number: ended.number, movement: ended.movement, reps: ended.repetitions } : null;
}
