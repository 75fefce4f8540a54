/** The page's state, and what the athlete may do to it. */

import { chooseLanguage, type Language, preferredLanguage, speaker } from "../pages/language.ts";
import { chooseTheme, preferredTheme, type Theme } from "../pages/theme.ts";
import type { Day, Symptom } from "../src/guidance/profile.ts";
import { type Recording, readRecordings } from "../src/index.ts";
import { CHOICES, type Choices } from "./choices.ts";
import { watchBattery } from "./device.ts";
import { Gear } from "./gear.ts";
import { Guided } from "./guided.ts";
import { Kept } from "./kept.ts";
import { Linking } from "./linking.ts";
import { Model } from "./model.ts";
import { Runner } from "./runner.ts";
import { placementsOf } from "./samples.ts";
import type { Server } from "./server.ts";
import type { Store } from "./store.ts";
import { TEXTS } from "./texts.ts";

export type Screen = "train" | "calibrate" | "sessions" | "settings";
export type NoticeKey = keyof typeof TEXTS;
export type Values = Readonly<Record<string, string | number>>;

const DEMO = ["demo/student.distride", "demo/dora.head.safetensors", "demo/dora.csv"] as const;
const RECORDING = "recording"; // the choice of what is replayed
const STANDING: readonly NoticeKey[] = ["battery_low", "strap_lost", "other_athlete"];

export class Phone {
  screen: Screen = "train";
  language: Language = preferredLanguage();
  theme: Theme = preferredTheme();
  model: Model | null = null;
  recording: Recording | null = null;
  symptoms: readonly Symptom[] = [];
  isIll = false;
  guided: Guided | null = null;
  /** What is chosen for the next calibration: movements that are known, and a name of one's own. */
  plan = { labels: new Set<string>(), own: "" };
  /** What the athlete must know now, by key. */
  readonly notices = new Map<NoticeKey, Values>();
  /** What a screen reader says next. */
  spoken = "";
  /** Whether a simulated athlete came with the page. */
  hasDemo = false;
  readonly say = speaker(TEXTS, () => this.language);
  readonly gear: Gear;
  readonly kept: Kept;
  readonly linking: Linking;
  readonly runner: Runner;
  #working = 0;
  #hiddenMs: number | null = null;

  private constructor(
    readonly store: Store,
    readonly server: Server,
    readonly redraw: () => void,
    public choices: Choices,
  ) {
    this.gear = new Gear(this);
    this.kept = new Kept(this);
    this.runner = new Runner(this);
    this.linking = new Linking(this);
  }

  static async open(store: Store, server: Server, redraw: () => void): Promise<Phone> {
    const choices = { ...CHOICES, ...(await store.choice<Partial<Choices>>("choices", {})) };
    const phone = new Phone(store, server, redraw, choices);
    await store.closeRunning();
    phone.model = await Model.kept(store, choices.athlete);
    if (!isSecureContext) phone.notices.set("motion_insecure", {});
    const csv = await store.choice(RECORDING, "");
    if (csv) phone.recording = readRecordings(csv, choices.athlete)[0]!;
    await phone.kept.list();
    phone.#follow();
    if (!phone.model) phone.hasDemo = await isThere(DEMO[0]);
    return phone;
  }

  /** Whether something is being done that no second tap may begin. */
  get isBusy(): boolean {
    return this.#working > 0;
  }

  get isTraining(): boolean {
    return this.runner.isRunning;
  }

  get placements(): string[] {
    return this.model ? placementsOf(this.model.student.bundle.manifest.signals.channels) : [];
  }

  get placement(): string {
    const { placements } = this;
    const { placement } = this.choices;
    return placements.includes(placement) ? placement : (placements[0] ?? "");
  }

  go(screen: Screen): void {
    this.guided?.cancel();
    this.screen = screen;
    this.clearNotices();
    this.redraw();
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

  async choose(changed: Partial<Choices>): Promise<void> {
    this.choices = { ...this.choices, ...changed };
    await this.store.choose("choices", this.choices);
    this.redraw();
  }

  /** Work that may fail, whose failure is told. */
  async attempt(work: () => Promise<unknown>): Promise<void> {
    this.notices.delete("trouble");
    this.#working += 1;
    this.redraw();
    await work().catch((error: Error) => this.tell("trouble", { message: error.message }));
    this.#working -= 1;
    this.redraw();
  }

  tell(key: NoticeKey, values: Values = {}): void {
    this.notices.set(key, values);
    this.redraw();
  }

  /** What still holds stays. */
  clearNotices(): void {
    for (const key of this.notices.keys()) if (!STANDING.includes(key)) this.notices.delete(key);
  }

  untell(key: NoticeKey): void {
    if (this.notices.delete(key)) this.redraw();
  }

  /** One of the athlete's own: nothing leaves the phone from then on. */
  openBundle(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    return this.attempt(async () => {
      this.model = await Model.take(this.store, this.choices.athlete, bytes);
      await this.choose({ isLinked: false });
    });
  }

  openHead(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    return this.attempt(async () => {
      this.use(await this.model!.take(bytes));
    });
  }

  useHead(id: number | null): Promise<void> {
    return this.attempt(async () => {
      this.use(await this.model!.use(id));
    });
  }

  tryDemo(): Promise<void> {
    return this.attempt(async () => {
      const [bundle, head, csv] = await Promise.all(DEMO.map(bytesOf));
      this.model = await Model.take(this.store, this.choices.athlete, bundle!);
      this.model = await this.model.take(head!);
      await this.openRecording(new TextDecoder().decode(csv));
      await this.choose({ motion: "replay", isLinked: false });
    });
  }

  /** The first recording of a CSV; it is there again at the next visit. */
  async openRecording(csv: string): Promise<void> {
    this.recording = readRecordings(csv, this.choices.athlete)[0]!;
    await this.store.choose(RECORDING, csv);
    this.redraw();
  }

  async rename(athlete: string): Promise<void> {
    await this.choose({ athlete: athlete.trim() || CHOICES.athlete });
    this.model = (await this.model?.of(this.choices.athlete)) ?? null;
    this.redraw();
  }

  get day(): Day | null {
    const { profile } = this.choices;
    if (!Number.isFinite(profile.birth_year)) return null;
    const year = new Date().getFullYear();
    return { profile, year, symptoms: this.symptoms, isIll: this.isIll };
  }

  /** From now on this model is used. */
  use(model: Model): void {
    this.model = model;
    if (this.choices.isLinked) void this.linking.tellHeads();
  }

  beginGuided(labels: readonly string[], isNew: (label: string) => boolean): void {
    this.guided = new Guided(this, labels, isNew);
    this.plan = { labels: new Set(), own: "" };
    this.redraw();
  }

  #follow(): void {
    window.addEventListener("online", () => void this.kept.send());
    document.addEventListener("visibilitychange", () => this.#turned());
    void watchBattery((percent) => {
      if (percent === null) this.untell("battery_low");
      else this.tell("battery_low", { percent });
    });
    void this.kept.send();
  }

  #turned(): void {
    if (!this.isTraining || this.choices.motion === "replay") return;
    if (document.visibilityState === "hidden") {
      this.#hiddenMs = performance.now();
    } else if (this.#hiddenMs !== null) {
      const seconds = Math.round((performance.now() - this.#hiddenMs) / 1000);
      this.#hiddenMs = null;
      if (seconds > 0) this.tell("was_hidden", { seconds });
    }
  }
}

async function bytesOf(address: string): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

function isThere(address: string): Promise<boolean> {
  return fetch(address, { method: "HEAD" }).then(
    ({ ok }) => ok,
    () => false,
  );
}
