/** The screen of one athlete: model, load, sessions, recordings, and all that is kept of them. */

import type { Coach } from "./coach.ts";
import { hashOf } from "./place.ts";
import type { Quantity } from "./progress.ts";
import type {
  AddedRecordings,
  Athlete,
  Bundle,
  Heads,
  Invitation,
  Job,
  Recording,
  SessionEntry,
  Standing,
  Version,
} from "./types.ts";

const NO_HEADS: Heads = { live: 0, versions: [] };

/** What its reader chose on the screen. */
export interface Choices {
  readonly movement: string;
  readonly quantity: Quantity;
  readonly placement: string;
  /** The athlete's name, typed to have all of it deleted. */
  readonly typed: string;
}

export class Person {
  athlete: Athlete | null = null;
  standing: Standing | null = null;
  heads: Heads = NO_HEADS;
  sessions: readonly SessionEntry[] = [];
  recordings: readonly Recording[] = [];
  bundles: readonly Bundle[] = [];
  /** What of uploaded files was lost. */
  warnings: readonly string[] = [];
  invitation: Invitation | null = null;
  choices: Choices = { movement: "", quantity: "seconds_a_rep", placement: "", typed: "" };

  constructor(
    readonly coach: Coach,
    readonly id: string,
  ) {}

  get path(): string {
    return `athletes/${this.id}`;
  }

  /** Whether a version is of the bundle on the athlete's phone; others are not read there. */
  fits(version: Version): boolean {
    const bundle = this.bundles.find(({ id }) => id === this.athlete?.bundle);
    return !bundle || bundle.body_sha256 === version.body_sha256;
  }

  async load(): Promise<boolean> {
    return this.coach.attempt(() => this.#loaded());
  }

  leave(): void {}

  choose(change: Partial<Choices>): void {
    this.choices = { ...this.choices, ...change };
    this.coach.redraw();
  }

  /** Make a version live, and offer the way back. */
  async use(version: number, isUndone = false): Promise<void> {
    const { coach } = this;
    const before = this.heads.live ?? 0;
    const done = await coach.attempt(async () => {
      await coach.server.send("POST", `${this.path}/heads/rollback`, { to: version });
      await this.#loaded();
    });
    const text = version ? coach.say("now_version", { number: version }) : coach.say("now_shared");
    if (done) coach.tell(text, isUndone ? undefined : () => this.use(before, true));
  }

  async removeVersions(): Promise<void> {
    await this.#sent("DELETE", `${this.path}/heads`, undefined, "versions_removed");
  }

  async give(bundle: string): Promise<void> {
    await this.#sent("PUT", `${this.path}/bundle`, { bundle: bundle || null }, "bundle_given");
  }

  async inviteAgain(): Promise<void> {
    const { coach } = this;
    await coach.attempt(async () => {
      this.invitation = await coach.server.send<Invitation>("POST", `${this.path}/invitation`);
    });
  }

  async upload(files: readonly File[]): Promise<void> {
    const { coach } = this;
    this.warnings = [];
    await coach.attempt(async () => {
      for (const file of files) {
        const asked = new URLSearchParams({ name: file.name, placement: this.choices.placement });
        const path = `${this.path}/recordings?${asked}`;
        const added = await coach.server.send<AddedRecordings>("POST", path, file);
        this.warnings = [...this.warnings, ...added.warnings];
      }
    });
    const isRefused = coach.trouble;
    await this.#loaded();
    coach.trouble = isRefused;
    coach.redraw();
  }

  async remove(recording: Recording): Promise<void> {
    await this.#sent("DELETE", `recordings/${recording.id}`, undefined, "recording_deleted");
  }

  async personalize(): Promise<void> {
    const { server } = this.coach;
    const done = await this.coach.attempt(async () => {
      await server.send<Job>("POST", "jobs", { kind: "personalize", athlete: this.id });
    });
    if (done) location.hash = hashOf("jobs");
  }

  async forget(): Promise<void> {
    const { coach, athlete } = this;
    const done = await coach.attempt(() => coach.server.send("DELETE", this.path));
    if (!done) return;
    location.hash = hashOf("athletes");
    coach.farewell = coach.say("athlete_deleted", { name: athlete!.name });
  }

  async #sent(
    method: "PUT" | "DELETE",
    path: string,
    body: object | undefined,
    told: "bundle_given" | "recording_deleted" | "versions_removed",
  ): Promise<void> {
    const { coach } = this;
    const done = await coach.attempt(async () => {
      await coach.server.send(method, path, body);
      await this.#loaded();
    });
    if (done) coach.tell(coach.say(told));
  }

  async #loaded(): Promise<void> {
    const { server } = this.coach;
    const [athlete, heads, sessions, recordings, bundles, squad] = await Promise.all([
      server.get<Athlete>(this.path),
      server.get<Heads>(`${this.path}/heads`),
      server.list<SessionEntry>(`${this.path}/sessions`),
      server.list<Recording>(`${this.path}/recordings`),
      server.list<Bundle>("bundles"),
      server.list<Standing>("squad"),
    ]);
    Object.assign(this, { athlete, heads, sessions, recordings, bundles });
    this.standing = squad.find(({ id }) => id === this.id) ?? null;
  }
}
