/** The screen of trainings and calibrations by the server. */

import type { Coach } from "./coach.ts";
import type { Bundle, Job } from "./types.ts";

const LOOK_MS = 1000;

/** What is asked of the next training. */
export interface Plan {
  readonly athletes: ReadonlySet<string>;
  /** TOML; empty: the defaults. */
  readonly recipe: string;
  readonly folds: "" | "1";
}

export class Jobs {
  jobs: readonly Job[] = [];
  bundles: readonly Bundle[] = [];
  plan: Plan = { athletes: new Set(), recipe: "", folds: "" };
  #isLeft = false;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(readonly coach: Coach) {}

  async load(): Promise<boolean> {
    const isThere = await this.coach.attempt(async () => {
      await this.coach.listAthletes();
      await this.#listed();
    });
    if (this.#isLeft) return false;
    this.#timer = setInterval(() => void this.#look(), LOOK_MS);
    return isThere;
  }

  leave(): void {
    this.#isLeft = true;
    clearInterval(this.#timer);
  }

  choose(change: Partial<Plan>): void {
    this.plan = { ...this.plan, ...change };
    this.coach.redraw();
  }

  pick(athlete: string, isPicked: boolean): void {
    const athletes = new Set(this.plan.athletes);
    if (isPicked) athletes.add(athlete);
    else athletes.delete(athlete);
    this.choose({ athletes });
  }

  pickAll(isPicked: boolean): void {
    this.choose({ athletes: new Set(isPicked ? this.coach.athletes.map(({ id }) => id) : []) });
  }

  async train(): Promise<void> {
    const { athletes, recipe, folds } = this.plan;
    const asked = { athletes: [...athletes], recipe, folds: folds ? Number(folds) : null };
    await this.#asked(() => this.coach.server.send("POST", "jobs", { kind: "train", ...asked }));
  }

  /** Stop a job, or take one that is over off the list. */
  async remove(job: Job): Promise<void> {
    await this.#asked(() => this.coach.server.send("DELETE", `jobs/${job.id}`));
  }

  /** Have the phones of the athletes of a training fetch what it gave. */
  async give(job: Job): Promise<void> {
    const { coach } = this;
    const there = new Set(coach.athletes.map(({ id }) => id));
    const done = await this.#asked(async () => {
      for (const athlete of job.athletes.filter((one) => there.has(one))) {
        await coach.server.send("PUT", `athletes/${athlete}/bundle`, { bundle: job.bundle });
      }
    });
    if (done) coach.tell(coach.say("bundle_given"));
  }

  /** Keep a bundle that was trained elsewhere. */
  async upload([file]: readonly File[]): Promise<void> {
    await this.#asked(() => this.coach.server.send("POST", "bundles", file!));
  }

  async #asked(work: () => Promise<unknown>): Promise<boolean> {
    return this.coach.attempt(async () => {
      await work();
      await this.#listed();
    });
  }

  /** In silence: where the server does not answer, it is asked again. */
  async #look(): Promise<void> {
    const isOpen = this.jobs.some(({ state }) => state === "queued" || state === "running");
    if (!isOpen || this.coach.isBusy) return;
    const before = new Map(this.jobs.map(({ id, state }) => [id, state]));
    if (!(await this.#listed().then(is, isNot))) return;
    const { coach } = this;
    for (const { id, kind, state } of this.jobs) {
      const isOver = state === "done" || state === "failed";
      if (isOver && before.get(id) !== state) coach.tell(coach.say(`${kind}_${state}`));
    }
    coach.redraw();
  }

  async #listed(): Promise<void> {
    const { server } = this.coach;
    [this.jobs, this.bundles] = await Promise.all([
      server.list<Job>("jobs"),
      server.list<Bundle>("bundles"),
    ]);
  }
}

const is = () => true;
const isNot = () => false;
