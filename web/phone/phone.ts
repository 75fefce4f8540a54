/** The page's state, and what the athlete may do to it. */

import { chooseLanguage, type Language, preferredLanguage, speaker } from "../pages/language.ts";
import { saveFile } from "../pages/saving.ts";
import { chooseTheme, preferredTheme, type Theme } from "../pages/theme.ts";
import { Guide } from "../src/guidance/guide.ts";
import type { Day, Profile, Symptom } from "../src/guidance/profile.ts";
import { type Event, measuredHz, type Recording, readRecordings } from "../src/index.ts";
import { Correction } from "./correction.ts";
import { Counting } from "./counting.ts";
import { Awake, hush, speak, watchBattery } from "./device.ts";
import { ownBefore } from "./good.ts";
import { guidanceRules, guidanceTexts } from "./guidance.ts";
import { Guided } from "./guided.ts";
import { Heads } from "./heads.ts";
import { LiveLink, type LiveState } from "./live.ts";
import { Model } from "./model.ts";
import { Outbox } from "./outbox.ts";
import { placementsOf } from "./samples.ts";
import { sayingsOf } from "./saying.ts";
import { type HeartFeed, phoneSensors, ReplaySensors, type Sensors } from "./sensors.ts";
import { bodyOf, type Server } from "./server.ts";
import { type KeptSession, type KeptTemplate, lockOf, type Store } from "./store.ts";
import { Strap } from "./strap.ts";
import { TEXTS } from "./texts.ts";
import { NOTHING_SEEN, type Seen, Training } from "./training.ts";

export type Screen = "train" | "calibrate" | "sessions" | "settings";
export type NoticeKey = keyof typeof TEXTS;
export type Values = Readonly<Record<string, string | number>>;

const DEMO = ["demo/student.distride", "demo/dora.head.safetensors", "demo/dora.csv"] as const;
const RECORDING = "recording"; // the choice of what is replayed
const STANDING: readonly NoticeKey[] = ["battery_low", "strap_lost"];
const TICK_MS = 250;
const LIVE_STATES: readonly LiveState[] = ["live", "waiting", "refused"];
const NO_PROFILE: Profile = { birth_year: Number.NaN, conditions: [], is_active: false };
const LIVE_NOTICES: readonly NoticeKey[] = [
  "motion_silent",
  "screen_may_sleep",
  "was_hidden",
  "replay_over",
  "live_live",
  "live_waiting",
  "live_refused",
];

/** What the athlete chose; kept from visit to visit. */
export interface Choices {
  readonly athlete: string;
  readonly profile: Profile;
  readonly motion: "phone" | "replay";
  readonly placement: string;
  readonly speed: "1" | "4" | "16";
  readonly isSpoken: boolean;
  readonly sendsRaw: boolean;
  /** Whether the model came from the server, which then gets the sessions. */
  readonly isLinked: boolean;
  /** Whether the coach may watch. */
  readonly isShared: boolean;
}

const CHOICES: Choices = {
  athlete: "me",
  profile: NO_PROFILE,
  motion: "phone",
  placement: "",
  speed: "1",
  isSpoken: false,
  sendsRaw: false,
  isLinked: false,
  isShared: false,
};

export class Phone {
  screen: Screen = "train";
  language: Language = preferredLanguage();
  theme: Theme = preferredTheme();
  model: Model | null = null;
  recording: Recording | null = null;
  seen: Seen = NOTHING_SEEN;
  sessions: readonly KeptSession[] = [];
  /** What the athlete's corrections taught. */
  learnt: readonly KeptTemplate[] = [];
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
  readonly heart: HeartFeed = { listener: null, strap: null };
  readonly say = speaker(TEXTS, () => this.language);
  readonly correction = new Correction(async (repetitions) => {
    await this.#training?.correct(repetitions);
    this.seen = this.#training?.seen ?? this.seen;
    this.redraw();
  });
  #working = 0;
  #training: Training | null = null;
  #sensors: Sensors | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #hiddenMs: number | null = null;
  #release: () => void = () => {};
  readonly #awake = new Awake();
  readonly #outbox: Outbox;
  readonly #heads: Heads;

  private constructor(
    readonly store: Store,
    readonly server: Server,
    readonly redraw: () => void,
    public choices: Choices,
  ) {
    this.#outbox = new Outbox(store, server);
    this.#heads = new Heads(store, server);
  }

  static async open(store: Store, server: Server, redraw: () => void): Promise<Phone> {
    const choices = { ...CHOICES, ...(await store.choice<Partial<Choices>>("choices", {})) };
    const phone = new Phone(store, server, redraw, choices);
    await store.closeRunning();
    phone.model = await Model.kept(store, choices.athlete);
    if (!isSecureContext) phone.notices.set("motion_insecure", {});
    const csv = await store.choice(RECORDING, "");
    if (csv) phone.recording = readRecordings(csv, choices.athlete)[0]!;
    await phone.listSessions();
    phone.#follow();
    if (!phone.model) phone.hasDemo = await isThere(DEMO[0]);
    return phone;
  }

  /** Whether something is being done that no second tap may begin. */
  get isBusy(): boolean {
    return this.#working > 0;
  }

  get isTraining(): boolean {
    return this.#training !== null;
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

  // ---- the model

  openBundle(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    return this.attempt(async () => {
      this.model = await Model.take(this.store, this.choices.athlete, bytes);
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

  /** What the coach has given; of the athlete's own heads the one that the server holds in use. */
  takeFromServer(): Promise<void> {
    return this.attempt(async () => {
      await this.#tellHeads(); // what the athlete chose last holds
      const account = await this.server.account();
      const bytes = account?.bundle ? await this.server.file(account.bundle) : null;
      if (!account || !bytes) return this.tell("no_account");
      await this.choose({ athlete: account.athlete, isLinked: true });
      const model = await Model.take(this.store, account.athlete, bytes);
      const head = account.head ? await this.server.file(account.head) : null;
      this.model = head ? await model.take(head, account.version) : await model.use(null);
      await this.#heads.heard(account.version);
    });
  }

  /** The coach sees which head is in use, its score and when it was made. */
  async #tellHeads(): Promise<void> {
    if (this.choices.isLinked && this.model) await this.#heads.tell(this.model);
  }

  tryDemo(): Promise<void> {
    return this.attempt(async () => {
      const [bundle, head, csv] = await Promise.all(DEMO.map(bytesOf));
      this.model = await Model.take(this.store, this.choices.athlete, bundle!);
      this.model = await this.model.take(head!);
      await this.openRecording(new TextDecoder().decode(csv));
      await this.choose({ motion: "replay" });
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

  // ---- sensors

  /** From a tap. */
  async connectStrap(): Promise<void> {
    for (const key of ["strap_missing", "strap_refused", "strap_failed"] as const) {
      this.notices.delete(key);
    }
    const strap = await Strap.choose(
      ({ bpm }) => this.heart.listener?.(bpm),
      (connected) => (connected ? this.untell("strap_lost") : this.tell("strap_lost")),
    );
    if (typeof strap === "string") return this.tell(strap);
    this.heart.strap = strap;
    this.redraw();
  }

  disconnectStrap(): void {
    this.heart.strap?.close();
    this.heart.strap = null;
    this.untell("strap_lost");
    this.redraw();
  }

  /** The chosen sensors, from a tap; null where there are none, which is then told. */
  async sensors(recording: Recording | null = this.recording): Promise<Sensors | null> {
    const { model, choices } = this;
    if (!model) return null;
    if (choices.motion === "replay") {
      const hz = recording && measuredHz(recording.t);
      return recording && new ReplaySensors(model, recording, hz!, Number(choices.speed));
    }
    const sensors = await phoneSensors(model, this.placement, this.heart);
    if (typeof sensors !== "string") return sensors;
    this.tell(sensors);
    return null;
  }

  /** Keep the screen on, and say so where that cannot be. */
  async stayAwake(): Promise<void> {
    if (!(await this.#awake.on()) && this.choices.motion === "phone") this.tell("screen_may_sleep");
  }

  mayLeave(): void {
    this.#awake.off();
  }

  // ---- a session

  /** From a tap; while it begins, further ones change nothing. */
  async start(): Promise<void> {
    if (this.isBusy || this.isTraining) return;
    this.clearNotices();
    await this.attempt(async () => {
      const sensors = await this.sensors();
      if (sensors) await this.#begin(sensors).catch((error: Error) => this.#giveUp(sensors, error));
    });
  }

  #giveUp(sensors: Sensors, error: Error): never {
    sensors.stop();
    this.mayLeave();
    throw error;
  }

  async #begin(sensors: Sensors): Promise<void> {
    await this.stayAwake();
    const { model, language } = this;
    const { student, own } = model!;
    const { manifest } = student.bundle;
    const session: KeptSession = {
      id: crypto.randomUUID(),
      athlete: model!.athlete,
      bundle: manifest.name,
      startedAt: new Date().toISOString(),
      durationS: 0,
      movements: [],
      sets: [],
      own: [],
      channels: manifest.signals.channels,
      state: "running",
      withRaw: this.choices.sendsRaw,
    };
    const stream = student.stream({ sourceHz: sensors.sourceHz, ...(own ? { head: own } : {}) });
    const voice = {
      rules: guidanceRules,
      texts: guidanceTexts,
      language,
      isCalibrated: own !== null,
    };
    const usual = ownBefore(await this.store.sessions(), model!.athlete);
    const guide = new Guide(this.day, voice, usual);
    const placement = this.choices.motion === "phone" ? this.placement : null;
    const counting = await Counting.of(model!, sensors.sourceHz, placement, this.store);
    this.#training = new Training(
      session,
      { stream, counting, guide },
      this.store,
      model!.task?.name ?? "",
      this.#linkOf(session),
    );
    this.#sensors = sensors;
    void navigator.locks.request(lockOf(session.id), () => {
      return new Promise<void>((over) => {
        this.#release = over;
      });
    });
    this.seen = NOTHING_SEEN;
    this.#timer = setInterval(() => void this.#tick(), TICK_MS);
  }

  /** To the coach, where the athlete wants to be seen. */
  #linkOf(session: KeptSession): LiveLink | null {
    if (!this.choices.isLinked || !this.choices.isShared) return null;
    return new LiveLink(this.server.liveAddress, session, this.store, (state) => {
      for (const one of LIVE_STATES) this.notices.delete(`live_${one}`);
      this.tell(`live_${state}`);
    });
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#sensors?.stop();
    this.mayLeave();
    hush();
    await this.correction.settle();
    const training = this.#training;
    [this.#training, this.#sensors] = [null, null];
    await this.attempt(async () => training?.end());
    this.#release();
    for (const key of LIVE_NOTICES) this.notices.delete(key);
    this.screen = "sessions";
    await this.listSessions();
    await this.sendKept();
  }

  async #tick(): Promise<void> {
    const [training, sensors] = [this.#training, this.#sensors];
    if (!training || !sensors) return;
    const events = await training.push(sensors.take()).catch((error: Error) => {
      this.tell("trouble", { message: error.message }); // as where the phone is full
      return [];
    });
    if (training !== this.#training) return;
    const before = this.seen;
    this.seen = training.seen;
    this.#sayNews(before, events);
    if (sensors.isSilent) this.tell("motion_silent");
    else this.notices.delete("motion_silent");
    if (sensors.isOver) this.tell("replay_over");
    this.redraw();
  }

  /** Movements, sets and advice, to the ear and to a screen reader. */
  #sayNews(before: Seen, events: readonly Event[]): void {
    const task = this.model?.task?.name ?? "";
    const was = before.states.get(task)?.movement ?? "";
    const is = this.seen.states.get(task)?.movement ?? "";
    const told = sayingsOf(events, was, is, this.say);
    const read = told.map((one) => one.read).filter(Boolean);
    if (read.length > 0) this.spoken = read.join(" ");
    if (!this.choices.isSpoken) return;
    for (const { aloud, turn } of told) speak(aloud, this.language, turn);
  }

  get day(): Day | null {
    const { profile } = this.choices;
    if (!Number.isFinite(profile.birth_year)) return null;
    const year = new Date().getFullYear();
    return { profile, year, symptoms: this.symptoms, isIll: this.isIll };
  }

  // ---- what is kept

  /** Sessions, and what corrections in them taught. */
  async listSessions(): Promise<void> {
    this.sessions = await this.store.sessions();
    this.learnt = await this.store.templates(this.choices.athlete);
    this.redraw();
  }

  async forgetCorrection({ athlete, sensors, template }: KeptTemplate): Promise<void> {
    await this.store.forgetTemplate(athlete, sensors, template.movement);
    await this.listSessions();
  }

  /** Send what is kept, if the athlete's model is a server's. */
  async sendKept(): Promise<void> {
    if (!this.choices.isLinked) return;
    await this.#tellHeads();
    const outcome = await this.#outbox.send();
    for (const key of ["sent", "nothing", "offline", "refused"] as const) {
      this.notices.delete(`outcome_${key}`);
    }
    if (outcome !== "nothing" && this.screen === "sessions") this.tell(`outcome_${outcome}`);
    await this.listSessions();
  }

  async deleteSession(id: string): Promise<void> {
    await this.store.deleteSession(id);
    await this.listSessions();
  }

  /** A session as the server would get it. */
  async fileOf(session: KeptSession): Promise<Blob> {
    const body = bodyOf(session, await this.store.chunks(session.id));
    return new Blob([JSON.stringify(body)], { type: "application/json" });
  }

  /** All that this phone keeps of the athlete, as JSON. */
  exportHere(): Promise<void> {
    return this.attempt(async () => {
      const all = JSON.stringify(await this.store.everything(), (_, value) =>
        ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value,
      );
      saveFile(new Blob([all], { type: "application/json" }), "distride-phone.json");
    });
  }

  async clear(): Promise<void> {
    await this.store.clear();
    location.reload();
  }

  /** All that the server keeps of the athlete. */
  exportFromServer(): Promise<void> {
    return this.attempt(async () => {
      const zip = await this.server.everything();
      if (zip) saveFile(zip, "distride-export.zip");
      else this.tell("server_silent");
    });
  }

  /** The account with all of it, and then all that is here. */
  clearEverywhere(): Promise<void> {
    return this.attempt(async () => {
      if (await this.server.forget()) await this.clear();
      else this.tell("server_silent");
    });
  }

  // ---- calibration

  /** From now on this model is used. */
  use(model: Model): void {
    this.model = model;
    void this.#tellHeads();
  }

  beginGuided(labels: readonly string[], isNew: (label: string) => boolean): void {
    this.guided = new Guided(this, labels, isNew);
    this.plan = { labels: new Set(), own: "" };
    this.redraw();
  }

  // ---- what happens to the phone

  #follow(): void {
    window.addEventListener("online", () => void this.sendKept());
    document.addEventListener("visibilitychange", () => this.#turned());
    void watchBattery((percent) => {
      if (percent === null) this.untell("battery_low");
      else this.tell("battery_low", { percent });
    });
    void this.sendKept();
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
