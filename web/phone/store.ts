/** What the phone keeps, in IndexedDB: models, heads, calibrations, sessions, choices. */

import { type DBSchema, type IDBPDatabase, openDB } from "idb";

import type {
  Chunk,
  KeptBundle,
  KeptHead,
  KeptSession,
  KeptTemplate,
  Lesson,
  SessionState,
} from "./records.ts";

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

  /** An athlete's heads, the newest first; for one body where it is given. */
  async heads(athlete: string, bodySha256?: string): Promise<KeptHead[]> {
    const theirs = (await this.db.getAll("heads")).filter((one) => one.athlete === athlete);
    return theirs.filter((one) => !bodySha256 || one.bodySha256 === bodySha256).reverse();
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

  /** What became of a session, unless it was deleted meanwhile. */
  async markSession(id: string, state: SessionState): Promise<void> {
    const change = this.db.transaction("sessions", "readwrite");
    const session = await change.store.get(id);
    if (session) await change.store.put({ ...session, state });
    await change.done;
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
    const { held = [] } = (await navigator.locks?.query()) ?? {}; // none over plain http
    const alive = held.map(({ name }) => name);
    for (const session of await this.sessions()) {
      if (session.state !== "running" || alive.includes(lockOf(session.id))) continue;
      await this.markSession(session.id, "kept");
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
