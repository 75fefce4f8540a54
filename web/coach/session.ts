/** The screen of one session on a timeline. */

import type { Coach } from "./coach.ts";
import { Timeline } from "./plot/timeline.ts";
import { rpeOf } from "./progress.ts";
import { rawSignals, type Signals } from "./signals.ts";
import { type Story, storyOf } from "./story.ts";
import type { Athlete, Session, SessionEntry } from "./types.ts";

/** A session with all that is drawn of it. */
export interface Opened {
  readonly session: Session;
  readonly story: Story;
  /** Null where the athlete sent none. */
  readonly signals: Signals | null;
  readonly timeline: Timeline;
}

export class SessionScreen {
  athlete: Athlete | null = null;
  opened: Opened | null = null;
  #entry: SessionEntry | null = null;

  constructor(
    readonly coach: Coach,
    readonly athleteId: string,
    readonly id: string,
  ) {}

  async load(): Promise<boolean> {
    const { server } = this.coach;
    return this.coach.attempt(async () => {
      const [athlete, session] = await Promise.all([
        server.get<Athlete>(`athletes/${this.athleteId}`),
        server.get<Session>(`sessions/${this.id}`),
        this.#listed(),
      ]);
      this.athlete = athlete;
      this.opened = opened(session, this.coach.redraw);
    });
  }

  leave(): void {}

  /** The athlete's effort on Borg's CR10 scale; null: unasked. */
  get rpe(): number | null {
    return this.#entry ? rpeOf(this.#entry) : null;
  }

  get isUnfinished(): boolean {
    return this.#entry?.unfinished ?? false;
  }

  async tellEffort(rpe: number | null): Promise<void> {
    const { coach } = this;
    const done = await coach.attempt(async () => {
      await coach.server.send("PUT", `sessions/${this.id}/effort`, { rpe });
      await this.#listed();
    });
    if (done) coach.tell(coach.say("effort_kept"));
  }

  async #listed(): Promise<void> {
    const path = `athletes/${this.athleteId}/sessions`;
    const sessions = await this.coach.server.list<SessionEntry>(path);
    this.#entry = sessions.find(({ id }) => id === this.id) ?? null;
  }
}

function opened(session: Session, redraw: () => void): Opened {
  const signals = session.raw ? rawSignals(session.raw) : null;
  const ends = session.events.map(({ t_s }) => t_s);
  const whole = {
    from: Math.min(0, signals?.t[0] ?? 0),
    to: Math.max(1, signals?.t[signals.t.length - 1] ?? 0, lastOf(ends)),
  };
  const timeline = new Timeline(whole, "moves", redraw);
  return { session, story: storyOf(session.events), signals, timeline };
}

function lastOf(times: readonly number[]): number {
  return times.reduce((last, one) => Math.max(last, one), 0);
}
