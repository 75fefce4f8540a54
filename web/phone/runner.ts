/** Begins a session, feeds it with samples, says what is new, and ends it. */

import { Guide } from "../src/guidance/guide.ts";
import type { Event } from "../src/index.ts";
import { Correction } from "./correction.ts";
import { Counting } from "./counting.ts";
import { hush, speak } from "./device.ts";
import { ownBefore } from "./good.ts";
import { guidanceRules, guidanceTexts } from "./guidance.ts";
import { LiveLink, type LiveState } from "./live.ts";
import type { NoticeKey, Phone } from "./phone.ts";
import type { KeptSession } from "./records.ts";
import { sayingsOf } from "./saying.ts";
import type { Sensors } from "./sensors.ts";
import { lockOf } from "./store.ts";
import { NOTHING_SEEN, type Seen, Training } from "./training.ts";

const TICK_MS = 250;
const LIVE_STATES: readonly LiveState[] = ["live", "waiting", "refused"];
const LIVE_NOTICES: readonly NoticeKey[] = [
  "motion_silent",
  "screen_may_sleep",
  "was_hidden",
  "replay_over",
  "live_live",
  "live_waiting",
  "live_refused",
  "stop_again",
];

export class Runner {
  seen: Seen = NOTHING_SEEN;
  readonly correction = new Correction((repetitions) =>
    this.phone.attempt(async () => {
      const training = this.#training;
      await training?.correct(repetitions).finally(() => {
        this.seen = training.seen;
      });
    }),
  );
  #training: Training | null = null;
  #sensors: Sensors | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #release: () => void = () => {};

  constructor(readonly phone: Phone) {}

  get isRunning(): boolean {
    return this.#training !== null;
  }

  /** From a tap; while it begins, further ones change nothing. */
  async start(): Promise<void> {
    const { phone } = this;
    if (phone.isBusy || this.isRunning) return;
    phone.clearNotices();
    await phone.attempt(async () => {
      const sensors = await phone.gear.sensors();
      if (sensors) await this.#begin(sensors).catch((error: Error) => this.#giveUp(sensors, error));
    });
  }

  #giveUp(sensors: Sensors, error: Error): never {
    sensors.stop();
    this.phone.gear.mayLeave();
    throw error;
  }

  async #begin(sensors: Sensors): Promise<void> {
    const { phone } = this;
    await phone.gear.stayAwake();
    const { model, language, store, choices } = phone;
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
      withRaw: choices.sendsRaw,
      isLinked: choices.isLinked,
    };
    const stream = student.stream({ sourceHz: sensors.sourceHz, ...(own ? { head: own } : {}) });
    const voice = {
      rules: guidanceRules,
      texts: guidanceTexts,
      language,
      isCalibrated: own !== null,
    };
    const usual = ownBefore(await store.sessions(), model!.athlete);
    const guide = new Guide(phone.day, voice, usual);
    const placement = choices.motion === "phone" ? phone.placement : null;
    const counting = await Counting.of(model!, sensors.sourceHz, placement, store);
    const task = model!.task?.name ?? "";
    const parts = { stream, counting, guide };
    this.#training = new Training(session, parts, store, task, this.#linkOf(session));
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
    const { phone } = this;
    if (!phone.choices.isLinked || !phone.choices.isShared) return null;
    const login = () => phone.linking.login();
    return new LiveLink(phone.server.liveAddress, session, phone.store, login, (state) => {
      for (const one of LIVE_STATES) phone.notices.delete(`live_${one}`);
      phone.tell(`live_${state}`);
    });
  }

  /** From a tap; where the end could not be kept, all of it is still here for the next one. */
  async stop(): Promise<void> {
    const { phone } = this;
    if (phone.isBusy || !this.isRunning) return;
    this.#rest();
    await phone.attempt(async () => {
      await this.correction.settle();
      await this.#training?.end();
      this.#training = null;
    });
    if (this.isRunning) return phone.tell("stop_again");
    this.#release();
    for (const key of LIVE_NOTICES) phone.notices.delete(key);
    phone.screen = "sessions";
    await phone.kept.list();
    await phone.kept.send();
  }

  /** Nothing more is measured. */
  #rest(): void {
    clearInterval(this.#timer);
    this.#sensors?.stop();
    this.#sensors = null;
    this.phone.gear.mayLeave();
    hush();
  }

  async #tick(): Promise<void> {
    const { phone } = this;
    const [training, sensors] = [this.#training, this.#sensors];
    if (!training || !sensors) return;
    const events = await training.push(sensors.take()).catch((error: Error) => {
      phone.tell("trouble", { message: error.message }); // as where the phone is full
      return [];
    });
    if (sensors !== this.#sensors) return; // it was stopped meanwhile
    const before = this.seen;
    this.seen = training.seen;
    this.#sayNews(before, events);
    if (sensors.isSilent) phone.tell("motion_silent");
    else phone.notices.delete("motion_silent");
    if (sensors.isOver) phone.tell("replay_over");
    phone.redraw();
  }

  /** Movements, sets and advice, to the ear and to a screen reader. */
  #sayNews(before: Seen, events: readonly Event[]): void {
    const { phone } = this;
    const task = phone.model?.task?.name ?? "";
    const was = before.states.get(task)?.movement ?? "";
    const is = this.seen.states.get(task)?.movement ?? "";
    const told = sayingsOf(events, was, is, phone.say);
    const read = told.map((one) => one.read).filter(Boolean);
    if (read.length > 0) phone.spoken = read.join(" ");
    if (!phone.choices.isSpoken) return;
    for (const { aloud, turn } of told) speak(aloud, phone.language, turn);
  }
}
