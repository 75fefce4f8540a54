/** The athlete's bundle and their own heads, as the phone keeps them. */

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

  /** Keep a head, and use it. */
  async accept(own: PersonalHead): Promise<Model> {
    const { athlete, bodySha256, created } = own;
    const bytes = await writeHead(own);
    return this.use(await this.store.keepHead({ athlete, bodySha256, created, bytes }));
  }

  /** Take a head's file in, and use it; throws `BundleError` where it is none of this body. */
  async take(bytes: Uint8Array<ArrayBuffer>): Promise<Model> {
    const { bodySha256, created } = await this.student.bundle.personalHead(bytes);
    const head = { athlete: this.athlete, bodySha256, created, bytes };
    return this.use(await this.store.keepHead(head));
  }

  /** Use one of the versions, or the shared head. */
  async use(id: number | null): Promise<Model> {
    await this.store.choose(CURRENT, id);
    return this.of(this.athlete);
  }
}
