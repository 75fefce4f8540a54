/** The steps of a guided calibration: get ready, count down, move, next; then judge. */

import { named } from "../pages/names.ts";
import type { Recording } from "../src/index.ts";
import { Calibration, stretchOf, type Verdict } from "./calibration.ts";
import { speak } from "./device.ts";
import type { Phone } from "./phone.ts";
import { type Sensors, Shown } from "./sensors.ts";

export type Phase = "ready" | "starting" | "countdown" | "moving" | "fitting" | "judged";

const COUNT_FROM = 3;
const TICK_MS = 200;
const WINDOWS_NEEDED = 6; // of each movement, for the guard to judge by
const WINDOWS_OF_NEW = 4; // three slow repetitions

export class Guided {
  phase: Phase = "ready";
  at = 0;
  countdown = COUNT_FROM;
  shownS = 0;
  verdict: Verdict | null = null;
  readonly #calibration: Calibration;
  #sensors: Sensors | null = null;
  #shown = new Shown();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly phone: Phone,
    readonly labels: readonly string[],
    readonly isNew: (label: string) => boolean,
  ) {
    const { model, store } = phone;
    this.#calibration = new Calibration(model!, model!.task!.name, store);
  }

  get label(): string {
    return this.labels[this.at]!;
  }

  /** Seconds of movement that are wanted. */
  get neededS(): number {
    const { windowS, hopS } = this.phone.model!.student.predictor.spec;
    const windows = this.isNew(this.label) ? WINDOWS_OF_NEW : WINDOWS_NEEDED;
    return windowS + (windows - 1) * hopS;
  }

  get isEnough(): boolean {
    return this.shownS >= this.neededS;
  }

  /** From a tap, which is when a browser may be asked for motion; further ones change nothing. */
  async ready(): Promise<void> {
    if (this.phase !== "ready") return;
    const { phone } = this;
    phone.clearNotices();
    const source = this.#recording();
    if (phone.choices.motion === "replay" && !source) {
      return phone.tell("no_stretch", { movement: named(this.label) });
    }
    this.phase = "starting";
    await phone.attempt(() => this.#start(source));
    if (this.phase !== "starting") return;
    this.phase = "ready";
    this.#rest();
    phone.redraw();
  }

  /** Count down, once there are sensors and unless the athlete has left meanwhile. */
  async #start(source: Recording | null): Promise<void> {
    const { phone } = this;
    this.#sensors = await phone.gear.sensors(source);
    if (!this.#sensors || phone.guided !== this) return;
    await phone.gear.stayAwake();
    if (phone.guided !== this) return;
    this.phase = "countdown";
    this.countdown = COUNT_FROM;
    this.#say(String(this.countdown));
    this.#timer = setInterval(() => this.#count(), this.#secondMs);
  }

  /** What is replayed: where the recording shows the movement, or what it leaves without a name. */
  #recording(): Recording | null {
    const { recording, model } = this.phone;
    const label = this.isNew(this.label) ? "" : this.label;
    return recording && stretchOf(recording, model!.task!.name, label);
  }

  /** A second of the countdown; shorter where a recording plays faster. */
  get #secondMs(): number {
    const { motion, speed } = this.phone.choices;
    return motion === "replay" ? 1000 / Number(speed) : 1000;
  }

  #count(): void {
    this.countdown -= 1;
    if (this.countdown > 0) this.#say(String(this.countdown));
    else this.#begin();
    this.phone.redraw();
  }

  #begin(): void {
    clearInterval(this.#timer);
    this.#say(this.phone.say("go"));
    this.#sensors!.take(); // what was measured while the athlete got ready
    this.#shown = new Shown();
    this.shownS = 0;
    this.phase = "moving";
    this.#timer = setInterval(() => this.#watch(), TICK_MS);
  }

  #watch(): void {
    const samples = this.#sensors!.take();
    this.#shown.add(samples);
    this.shownS = this.#shown.lastsS;
    if (this.#sensors!.isSilent) this.phone.tell("motion_silent");
    else this.phone.notices.delete("motion_silent");
    if (this.#sensors!.isOver) void this.done();
    this.phone.redraw();
  }

  /** The athlete has done what was asked. */
  async done(): Promise<void> {
    this.#rest();
    this.#calibration.show(this.label, this.#shown.samples);
    if (this.at + 1 < this.labels.length) {
      this.at += 1;
      this.phase = "ready";
      this.shownS = 0;
      return this.phone.redraw();
    }
    this.phase = "fitting";
    this.phone.redraw();
    await this.phone.attempt(async () => {
      this.verdict = await this.#calibration.judge();
      this.phase = "judged";
    });
    if (!this.verdict) this.phone.guided = null;
    this.phone.redraw();
  }

  accept(): Promise<void> {
    return this.phone.attempt(async () => {
      this.phone.use(await this.#calibration.accept(this.verdict!));
      this.#close("accepted");
    });
  }

  decline(): void {
    this.#close("declined");
  }

  cancel(): void {
    this.#rest();
    this.phone.guided = null;
    this.phone.redraw();
  }

  #close(told: "accepted" | "declined"): void {
    this.phone.guided = null;
    this.phone.clearNotices();
    this.phone.tell(told);
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#sensors?.stop();
    this.#sensors = null;
    this.phone.gear.mayLeave();
    this.phone.notices.delete("motion_silent");
  }

  #say(words: string): void {
    this.phone.spoken = words;
    if (this.phone.choices.isSpoken) speak(words, this.phone.language, "now");
  }
}
