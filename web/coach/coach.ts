/** What every screen of the coach's page shares: language, place, troubles, and the server. */

import type { Told } from "../pages/answers.ts";
import {
  chooseLanguage,
  type Language,
  preferredLanguage,
  speaker,
  tagOf,
} from "../pages/language.ts";
import { chooseTheme, preferredTheme, type Theme } from "../pages/theme.ts";
import { Refused, type Server } from "./server.ts";
import { TEXTS } from "./texts.ts";
import type { Athlete, Me } from "./types.ts";

export type TextKey = keyof typeof TEXTS;

/** Said once, with a way back where there is one. */
export interface News {
  readonly text: string;
  readonly undo?: () => unknown;
}

export class Coach {
  language: Language = preferredLanguage();
  theme: Theme = preferredTheme();
  me: Me | null = null;
  /** Why the last thing did not work. */
  trouble: Told | null = null;
  news: News | null = null;
  /** What the next screen says first. */
  farewell = "";
  athletes: readonly Athlete[] = [];
  readonly say = speaker(TEXTS, () => this.language);
  #working = 0;

  constructor(
    readonly server: Server,
    readonly redraw: () => void,
  ) {}

  get isBusy(): boolean {
    return this.#working > 0;
  }

  /** Learn who is logged in; whether it is a coach. An athlete is led to their own page. */
  async meet(): Promise<boolean> {
    await this.attempt(async () => {
      this.me = await this.server.get<Me>("me");
    });
    if (this.me?.role === "athlete") location.replace("/phone/");
    return this.me?.role === "coach";
  }

  nameOf(athlete: string): string {
    return this.athletes.find(({ id }) => id === athlete)?.name ?? athlete;
  }

  speakLanguage(language: Language): void {
    this.language = language;
    chooseLanguage(language);
    this.redraw();
  }

  wear(theme: Theme): void {
    this.theme = theme;
    chooseTheme(theme);
    this.redraw();
  }

  /** One of the page's own sentences, as one of the server's. */
  own(key: TextKey): Told {
    return { text: this.say(key), lang: tagOf(this.language) };
  }

  tell(text: string, undo?: () => unknown): void {
    this.news = undo ? { text, undo } : { text };
    this.redraw();
  }

  /** A screen is there: what was done on the one before is told on it. */
  arrive(): void {
    if (this.farewell) this.tell(this.farewell);
    this.farewell = "";
  }

  quiet(): void {
    this.news = null;
    this.trouble = null;
  }

  async listAthletes(): Promise<void> {
    this.athletes = await this.server.list<Athlete>("athletes");
  }

  /** Do what the server may refuse; whether it did not. What went wrong is shown until the next try. */
  async attempt(work: () => Promise<unknown>): Promise<boolean> {
    this.quiet();
    this.#working += 1;
    this.redraw();
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.status === 401) location.replace("/login/");
      this.trouble = error.told ?? this.own("offline");
      return false;
    } finally {
      this.#working -= 1;
      this.redraw();
    }
  }

  async logOut(): Promise<void> {
    if (await this.attempt(() => this.server.send("POST", "logout"))) location.replace("/login/");
  }
}
