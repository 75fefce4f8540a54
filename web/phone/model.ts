/** The athlete's bundle and their own heads, as the phone keeps them. */

import { sha256 } from "../src/bundle/hash.ts";
import { type PersonalHead, Student, type TaskCard, writeHead } from "../src/index.ts";
import type { KeptHead, Store } from "./store.ts";

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

  /** Take a bundle's file in; throws `BundleError` where it is none. */
  static async take(store: Store, athlete: string, bytes: Uint8Array<ArrayBuffer>): Promise<Model> {
    const student = await Student.open(bytes);
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
    const known = this.heads.find((head) => head.created === created);
    if (known) return this.use(known.id!);
    const dataSha256 = await sha256(bytes);
    const head = { athlete: this.athlete, bodySha256, created, bytes, dataSha256, version };
    return this.use(await this.store.keepHead(head));
  }

  /** Use one of the versions, or the shared head. */
  async use(id: number | null): Promise<Model> {
    await this.store.choose(CURRENT, id);
    return this.of(this.athlete);
  }
}
