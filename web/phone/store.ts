/** What the phone keeps, in IndexedDB: models, heads, calibrations, sessions, choices. */

import { type DBSchema, type IDBPDatabase, openDB } from "idb";

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

export type SessionState = "running" | "kept" | "sent";

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

interface Schema extends DBSchema {
  bundles: { key: string; value: KeptBundle };
  heads: { key: number; value: KeptHead };
  lessons: { key: number; value: Lesson };
  sessions: { key: string; value: KeptSession };
  chunks: { key: [string, number]; value: Chunk };
  choices: { key: string; value: unknown };
  templates: { key: [string, string, string]; value: KeptTemplate };
}

const NAME = "distride";
const BUNDLE = "bundle"; // one model at a time
const TEMPLATE = ["athlete", "sensors", "template.movement"];

export class Store {
  private constructor(private readonly db: IDBPDatabase<Schema>) {}

  static async open(): Promise<Store> {
    const db = await openDB<Schema>(NAME, 2, {
      async upgrade(made, before, _, change) {
        made.createObjectStore("templates", { keyPath: TEMPLATE });
        if (before === 1) {
          const sessions = change.objectStore("sessions");
          for (const one of await sessions.getAll()) {
            await sessions.put({ ...one, sets: [], own: [] });
          }
          return;
        }
        for (const name of ["bundles", "sessions", "choices"] as const) {
          made.createObjectStore(name, name === "sessions" ? { keyPath: "id" } : {});
        }
        for (const name of ["heads", "lessons"] as const) {
          made.createObjectStore(name, { keyPath: "id", autoIncrement: true });
        }
        made.createObjectStore("chunks", { keyPath: ["session", "number"] });
      },
    });
    return new Store(db);
  }

  bundle(): Promise<KeptBundle | undefined> {
    return this.db.get("bundles", BUNDLE);
  }

  async keepBundle(bundle: KeptBundle): Promise<void> {
    await this.db.put("bundles", bundle, BUNDLE);
  }

  /** An athlete's heads for a body, the newest first. */
  async heads(athlete: string, bodySha256: string): Promise<KeptHead[]> {
    const all = await this.db.getAll("heads");
    return all.filter((one) => one.athlete === athlete && one.bodySha256 === bodySha256).reverse();
  }

  /** A new one, or one that is known by its id. */
  keepHead(head: KeptHead): Promise<number> {
    return this.db.put("heads", head);
  }

  async lessons(athlete: string, bodySha256: string): Promise<Lesson[]> {
    const all = await this.db.getAll("lessons");
    return all.filter((one) => one.athlete === athlete && one.bodySha256 === bodySha256);
  }

  /** All or none. */
  async keepLessons(lessons: readonly Lesson[]): Promise<void> {
    const change = this.db.transaction("lessons", "readwrite");
    await Promise.all([...lessons.map((lesson) => change.store.add(lesson)), change.done]);
  }

  /** What an athlete's corrections taught. */
  async templates(athlete: string): Promise<KeptTemplate[]> {
    const all = await this.db.getAll("templates");
    return all.filter((one) => one.athlete === athlete);
  }

  /** In place of what was known of the movement. */
  async keepTemplate(template: KeptTemplate): Promise<void> {
    await this.db.put("templates", template);
  }

  async forgetTemplate(athlete: string, sensors: string, movement: string): Promise<void> {
    await this.db.delete("templates", [athlete, sensors, movement]);
  }

  /** The newest first. */
  async sessions(): Promise<KeptSession[]> {
    const all = await this.db.getAll("sessions");
    return all.sort((one, other) => other.startedAt.localeCompare(one.startedAt));
  }

  async keepSession(session: KeptSession): Promise<void> {
    await this.db.put("sessions", session);
  }

  async keepChunk(session: KeptSession, chunk: Chunk): Promise<void> {
    const change = this.db.transaction(["sessions", "chunks"], "readwrite");
    await Promise.all([
      change.objectStore("sessions").put(session),
      change.objectStore("chunks").put(chunk),
      change.done,
    ]);
  }

  chunk(session: string, number: number): Promise<Chunk | undefined> {
    return this.db.get("chunks", [session, number]);
  }

  chunks(session: string): Promise<Chunk[]> {
    return this.db.getAll("chunks", chunksOf(session));
  }

  async deleteSession(session: string): Promise<void> {
    const change = this.db.transaction(["sessions", "chunks"], "readwrite");
    await Promise.all([
      change.objectStore("sessions").delete(session),
      change.objectStore("chunks").delete(chunksOf(session)),
      change.done,
    ]);
  }

  /**
   * Sessions that were cut off, as by a phone that went out: what came before is kept. One that runs
   * in another window is left alone.
   */
  async closeRunning(): Promise<void> {
    const { held = [] } = await navigator.locks.query();
    const alive = held.map(({ name }) => name);
    for (const session of await this.sessions()) {
      if (session.state !== "running" || alive.includes(lockOf(session.id))) continue;
      await this.keepSession({ ...session, state: "kept" });
    }
  }

  async choice<T>(name: string, otherwise: T): Promise<T> {
    return ((await this.db.get("choices", name)) as T | undefined) ?? otherwise;
  }

  async choose(name: string, value: unknown): Promise<void> {
    await this.db.put("choices", value, name);
  }

  /** All but models, store by store, by its key. */
  async everything(): Promise<Record<string, Record<string, unknown>>> {
    const names = [...this.db.objectStoreNames].filter((name) => name !== "bundles");
    const stores = names.map(async (name) => {
      const [keys, values] = await Promise.all([this.db.getAllKeys(name), this.db.getAll(name)]);
      return [name, Object.fromEntries(keys.map((key, at) => [String(key), values[at]]))];
    });
    return Object.fromEntries(await Promise.all(stores));
  }

  /** All of it, for good. */
  async clear(): Promise<void> {
    const change = this.db.transaction([...this.db.objectStoreNames], "readwrite");
    const stores = [...this.db.objectStoreNames].map((name) => change.objectStore(name).clear());
    await Promise.all([...stores, change.done]);
  }
}

/** The name of the lock that a session holds while it runs. */
export function lockOf(session: string): string {
  return `distride-session-${session}`;
}

function chunksOf(session: string): IDBKeyRange {
  return IDBKeyRange.bound([session, 0], [session, Number.POSITIVE_INFINITY]);
}
