/** The athlete's bundle and their own heads, as the phone keeps them. */

import { sha256 } from "../src/bundle/hash.ts";
import { type PersonalHead, Student, type TaskCard, writeHead } from "../src/index.ts";
import { forgetNumbers } from "./heads.ts";
import type { KeptHead } from "./records.ts";
import type { Store } from "./store.ts";

const CURRENT = "head"; // the choice of which head is used

export class Model {
  private constructor(
    readonly student: Student,
    readonly athlete: string,
    private readonly store: Store,
    /** All versions, the newest first. */
    readonly heads: readonly KeptHead[],
    /** Which of them is used; null: the shared one. */
    readonly current: KeptHead | null,
    readonly own: PersonalHead | null,
  ) {}

  /** What is kept; null where no bundle is. */
  static async kept(store: Store, athlete: string): Promise<Model | null> {
    const bundle = await store.bundle();
    return bundle ? Model.#of(await Student.open(bundle.bytes), athlete, store) : null;
  }

  /**
   * Take a bundle's file in; throws `BundleError`, and changes nothing, where it is none.
   *
   * @param head A file that is taken in next: it must be a head of this bundle's body.
   */
  static async take(
    store: Store,
    athlete: string,
    bytes: Uint8Array<ArrayBuffer>,
    head: Uint8Array<ArrayBuffer> | null = null,
  ): Promise<Model> {
    const student = await Student.open(bytes);
    if (head) await student.bundle.personalHead(head);
    await store.keepBundle({ name: student.bundle.manifest.name, bytes });
    return Model.#of(student, athlete, store);
  }

  static async #of(student: Student, athlete: string, store: Store): Promise<Model> {
    const heads = await store.heads(athlete, student.bundle.bodySha256);
    const id = await store.choice<number | null>(CURRENT, null);
    const current = heads.find((head) => head.id === id) ?? null;
    const own = current && (await student.bundle.personalHead(current.bytes));
    return new Model(student, athlete, store, heads, current, own);
  }

  /** The classification that is shown large; null where the bundle has only numbers. */
  get task(): TaskCard | null {
    return this.student.bundle.manifest.tasks.find((task) => task.labels.length > 0) ?? null;
  }

  /** Movements that are known now, the athlete's own included. */
  get movements(): readonly string[] {
    const { task } = this;
    return task ? (this.own?.heads.get(task.name)?.labels ?? task.labels) : [];
  }

  of(athlete: string): Promise<Model> {
    return Model.#of(this.student, athlete, this.store);
  }

  /** Keep a head that learnt from data of this SHA-256, and use it. */
  async accept(own: PersonalHead, dataSha256: string): Promise<Model> {
    const { athlete, bodySha256, created } = own;
    const bytes = await writeHead(own);
    const head = { athlete, bodySha256, created, bytes, dataSha256, version: null };
    return this.use(await this.store.keepHead(head));
  }

  /**
   * Take a head's file in, and use it; one that is here already is used. Throws `BundleError` where it
   * is none of this body.
   *
   * @param version Its number on the server; null of a file.
   */
  async take(bytes: Uint8Array<ArrayBuffer>, version: number | null = null): Promise<Model> {
    const { bodySha256, created } = await this.student.bundle.personalHead(bytes);
    const { athlete, store } = this;
    const known = this.heads.find((head) => head.created === created);
    if (known && (version === null || known.version === version)) return this.use(known.id!);
    const taken = { athlete, bodySha256, created, bytes, dataSha256: await sha256(bytes) };
    if (version !== null) await forgetNumbers(store, athlete, version, version);
    return this.use(await store.keepHead({ ...taken, ...known, version }));
  }

  /** Use one of the versions, or the shared head. */
  async use(id: number | null): Promise<Model> {
    await this.store.choose(CURRENT, id);
    return this.of(this.athlete);
  }
}
