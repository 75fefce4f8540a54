/** What the server tells a coach; `docs/server.md` has every field. */

import type { Event } from "../src/runtime/events.ts";

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export interface Me {
  readonly id: string;
  readonly name: string;
  readonly role: "coach" | "athlete";
}

export interface Athlete {
  readonly id: string;
  readonly name: string;
  readonly bundle: string | null;
  readonly live_version: number | null;
  readonly sessions: number;
  readonly last_session_at: string | null;
}

export type ConcernKind =
  | "damaged"
  | "drift"
  | "score_fell"
  | "no_session"
  | "load_up"
  | "job_failed";

export interface Concern {
  readonly kind: ConcernKind;
  readonly at: string | null;
  readonly numbers: Readonly<Record<string, number>>;
  readonly told: readonly string[];
}

export interface Standing {
  readonly id: string;
  /** Null where the file that says so is damaged. */
  readonly model: {
    readonly live: number;
    readonly versions: number;
    readonly calibrated_at: string | null;
    readonly shared_score: number | null;
    readonly own_score: number | null;
  } | null;
  readonly drifts: readonly string[];
  readonly load: Load;
  readonly load_change: number | null;
  readonly concerns: readonly Concern[];
}

export interface Invitation {
  readonly athlete: string;
  readonly link: string;
  readonly expires_at: string;
}

export interface Version {
  readonly number: number;
  readonly parent: number;
  readonly created: string;
  readonly reason: string;
  readonly body_sha256: string;
  readonly tasks: readonly string[];
  readonly shots: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly scores: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly verdicts: Readonly<Record<string, string>>;
}

export interface Heads {
  /** Null where the file that says so is damaged. */
  readonly live: number | null;
  readonly versions: readonly Version[];
}

export interface Bundle {
  readonly id: string;
  readonly name: string;
  readonly body_sha256: string;
  readonly macro_f1: number | null;
  readonly created_at: string;
}

export interface Movement {
  readonly name: string;
  readonly seconds: number;
  readonly sets: number;
  readonly repetitions: number;
  readonly seconds_a_rep: number | null;
  readonly range_deg: number | null;
  readonly regularity: number | null;
  readonly mean_bpm: number | null;
}

export interface Summary {
  readonly seconds: number;
  readonly movements: readonly Movement[];
  readonly quality: { readonly drifts: readonly string[] };
  readonly load: { readonly mean_bpm: Answer; readonly session_rpe: Answer };
}

/** A number, or none: why not is told elsewhere. */
export interface Answer {
  readonly value?: number;
}

/** Effort × minutes (AU), or minutes where not every session has an effort. */
export type Load = "session_rpe" | "minutes";

export interface SessionEntry {
  readonly id: string;
  readonly started_at: string;
  readonly duration_s: number;
  readonly summary: Summary | null;
  /** Its phone went away before it was over: this is what came until then. */
  readonly unfinished: boolean;
}

export interface Raw {
  readonly channels: readonly string[];
  readonly t: string;
  readonly samples: string;
  readonly heart_rate: string;
}

export interface Session {
  readonly id: string;
  readonly bundle: string;
  readonly started_at: string;
  readonly duration_s: number;
  readonly events: readonly Event[];
  readonly raw: Raw | null;
}

export interface Recording {
  readonly id: string;
  readonly name: string;
  readonly source: string;
  readonly duration_s: number;
  readonly channels: readonly string[];
  readonly created_at: string;
}

export interface AddedRecordings {
  readonly items: readonly Recording[];
  readonly warnings: readonly string[];
}

/** Channels over time by name, and `t`. */
export type Plotted = Readonly<Record<string, readonly (number | null)[]>>;

export interface Stretch {
  readonly from_s: number;
  readonly to_s: number;
  readonly label: string;
}

export interface Job {
  readonly id: string;
  readonly kind: "train" | "personalize";
  readonly state: "queued" | "running" | "done" | "failed";
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  readonly message: string;
  readonly athletes: readonly string[];
  readonly bundle: string | null;
  readonly created_at: string;
}
