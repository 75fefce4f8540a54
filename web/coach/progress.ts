/** An athlete's weeks, and the course of one quantity of a movement. */

import type { Load, Movement, SessionEntry } from "./types.ts";

const DAY_MS = 86_400_000;
const MONDAY = 4; // days from 1970-01-01, a Thursday, to a Monday

export interface Week {
  /** Its Monday, UTC, such as `2026-05-04`. */
  readonly from: string;
  readonly minutes: number;
  /** Effort × minutes, AU; null where an effort is not known. */
  readonly effort: number | null;
  readonly sessions: number;
  readonly repetitions: number;
}

/** The weeks up to now, the latest last; one without a session is a week of rest. */
export function weeksOf(sessions: readonly SessionEntry[], count: number, now: number): Week[] {
  const last = mondayOf(now);
  return Array.from({ length: count }, (_, at) => {
    const from = last - 7 * DAY_MS * (count - 1 - at);
    const own = sessions.filter(({ started_at }) => mondayOf(Date.parse(started_at)) === from);
    const minutes = own.reduce((sum, { duration_s }) => sum + duration_s / 60, 0);
    const effort = own.reduce<number | null>((sum, session) => {
      const load = effortOf(session);
      return sum === null || load === null ? null : sum + load;
    }, 0);
    const repetitions = own
      .flatMap(({ summary }) => summary?.movements ?? [])
      .reduce((sum, movement) => sum + movement.repetitions, 0);
    const day = new Date(from).toISOString().slice(0, 10);
    return { from: day, minutes, effort, sessions: own.length, repetitions };
  });
}

function effortOf({ summary }: SessionEntry): number | null {
  return summary?.load.session_rpe.value ?? null;
}

/** On Borg's CR10 scale; null where nobody was asked. */
export function rpeOf(session: SessionEntry): number | null {
  const load = effortOf(session);
  return load === null ? null : Math.round((10 * load * 60) / session.summary!.seconds) / 10;
}

/** Effort, where every week knows it and there was any; minutes are known of each. */
export function loadOf(weeks: readonly Week[]): Load {
  const isKnown = weeks.every(({ effort }) => effort !== null);
  return isKnown && weeks.some(({ sessions }) => sessions > 0) ? "session_rpe" : "minutes";
}

function mondayOf(ms: number): number {
  const days = Math.floor(ms / DAY_MS);
  return (days - ((days - MONDAY) % 7)) * DAY_MS;
}

export const QUANTITIES = [
  "seconds_a_rep",
  "range_deg",
  "regularity",
  "repetitions",
  "mean_bpm",
] as const;
export type Quantity = (typeof QUANTITIES)[number];

export interface Point {
  readonly session: string;
  readonly at: number;
  readonly value: number;
}

/** A quantity of a movement from session to session, in the order of time. */
export function courseOf(
  sessions: readonly SessionEntry[],
  movement: string,
  quantity: Quantity,
): Point[] {
  return sessions
    .flatMap(({ id, started_at, summary }) => {
      const one = summary?.movements.find(({ name }) => name === movement);
      const value = one ? measuredOf(one, quantity) : null;
      return value === null ? [] : [{ session: id, at: Date.parse(started_at), value }];
    })
    .sort((one, other) => one.at - other.at);
}

/** Where nothing was repeated there is nothing to tell of repetitions. */
function measuredOf(movement: Movement, quantity: Quantity): number | null {
  return quantity === "repetitions" && movement.sets === 0 ? null : movement[quantity];
}

/** Movements of these sessions, those that were repeated most in front. */
export function movementsOf(sessions: readonly SessionEntry[]): string[] {
  const seen = new Map<string, number>();
  for (const { summary } of sessions) {
    for (const { name, repetitions } of summary?.movements ?? []) {
      if (name) seen.set(name, (seen.get(name) ?? 0) + repetitions);
    }
  }
  return [...seen].sort(([, one], [, other]) => other - one).map(([name]) => name);
}
