/** The screen of all athletes: who needs attention, and why. */

import type { Coach } from "./coach.ts";
import type { Athlete, ConcernKind, Invitation, Standing } from "./types.ts";

export interface Row {
  readonly athlete: Athlete;
  readonly standing: Standing | undefined;
}

export type Shown = "all" | "attention";

export class Squad {
  search = "";
  shown: Shown = "all";
  newName = "";
  invitation: Invitation | null = null;
  #standings = new Map<string, Standing>();

  constructor(readonly coach: Coach) {}

  async load(): Promise<boolean> {
    return this.coach.attempt(() => this.#loaded());
  }

  leave(): void {}

  /** Whoever needs attention most, first. */
  get rows(): readonly Row[] {
    const { athletes } = this.coach;
    const rows = athletes.map((athlete) => ({
      athlete,
      standing: this.#standings.get(athlete.id),
    }));
    const looked = this.search.trim().toLowerCase();
    return rows
      .filter(({ athlete }) => athlete.name.toLowerCase().includes(looked))
      .filter((row) => this.shown === "all" || needs(row) > 0)
      .sort((one, other) => needs(other) - needs(one));
  }

  get needing(): number {
    const { athletes } = this.coach;
    return athletes.filter(({ id }) => this.#standings.get(id)?.concerns.length).length;
  }

  look(change: Partial<Pick<Squad, "search" | "shown" | "newName">>): void {
    Object.assign(this, change);
    this.coach.redraw();
  }

  async invite(): Promise<void> {
    const { server } = this.coach;
    await this.coach.attempt(async () => {
      const name = this.newName.trim();
      this.invitation = await server.send<Invitation>("POST", "athletes", { name });
      this.newName = "";
      await this.#loaded();
    });
  }

  async #loaded(): Promise<void> {
    const [standings] = await Promise.all([
      this.coach.server.list<Standing>("squad"),
      this.coach.listAthletes(),
    ]);
    this.#standings = new Map(standings.map((one) => [one.id, one]));
  }
}

const GRAVE: readonly ConcernKind[] = ["damaged", "drift", "score_fell", "job_failed"]; // the model is wrong

function needs({ standing }: Row): number {
  const concerns = standing?.concerns ?? [];
  return concerns.reduce((sum, { kind }) => sum + (GRAVE.includes(kind) ? 2 : 1), 0);
}
