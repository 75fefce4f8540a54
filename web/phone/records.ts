/** What the phone keeps, kind by kind. */

import type { Own } from "../src/guidance/own.ts";
import type { Template } from "../src/guidance/template.ts";
import type { Event } from "../src/index.ts";
import type { Samples } from "./samples.ts";

/** A bundle's file. */
export interface KeptBundle {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** One version of an athlete's own head. */
export interface KeptHead {
  readonly id?: number;
  readonly athlete: string;
  readonly bodySha256: string;
  readonly created: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Of what it learnt from; of its own bytes where that is not known. */
  readonly dataSha256: string;
  /** Its number on the server; null where the server does not have it. */
  readonly version: number | null;
}

/** One movement shown in a calibration; never leaves the phone. */
export interface Lesson {
  readonly id?: number;
  readonly athlete: string;
  readonly bodySha256: string;
  readonly task: string;
  readonly label: string;
  readonly t: Float64Array;
  readonly rows: Float32Array;
}

/** What a correction taught of one movement, in certain sensors. */
export interface KeptTemplate {
  readonly athlete: string;
  /** Names of their channels. */
  readonly sensors: string;
  readonly template: Template;
}

/** A set that is over. */
export interface SetDone {
  readonly number: number;
  readonly movement: string;
  readonly repetitions: number;
}

/** `refused`: the server said why, and it is sent again when the athlete asks for it. */
export type SessionState = "running" | "kept" | "sent" | "refused";

/** A session; its id is the key under which a server takes it once. */
export interface KeptSession {
  readonly id: string;
  readonly athlete: string;
  readonly bundle: string;
  readonly startedAt: string;
  readonly durationS: number;
  /** Seconds of each movement, in the order in which they were first seen. */
  readonly movements: readonly (readonly [string, number])[];
  /** Sets that are over. */
  readonly sets: readonly SetDone[];
  /** By movement, what the good repetitions were like. */
  readonly own: readonly (readonly [string, Own])[];
  readonly channels: readonly string[];
  readonly state: SessionState;
  /** Whether the athlete agreed that raw samples are kept and sent. */
  readonly withRaw: boolean;
  /** Whether the model was a server's, which then gets it; not known of older sessions. */
  readonly isLinked?: boolean;
}

/** A few seconds of a session: what was told and, with consent, what was measured. */
export interface Chunk {
  readonly session: string;
  readonly number: number;
  /** Of the session, up to its end. */
  readonly durationS: number;
  readonly events: readonly Event[];
  readonly samples: Samples | null;
}
