/** What the phone measures with, and its screen, which has to stay on meanwhile. */

import { measuredHz, type Recording } from "../src/index.ts";
import { Awake } from "./device.ts";
import type { Phone } from "./phone.ts";
import { type HeartFeed, phoneSensors, ReplaySensors, type Sensors } from "./sensors.ts";
import { Strap } from "./strap.ts";

export class Gear {
  readonly heart: HeartFeed = { listener: null, strap: null };
  readonly #awake = new Awake();

  constructor(readonly phone: Phone) {}

  /** From a tap. */
  async connectStrap(): Promise<void> {
    const { phone, heart } = this;
    for (const key of ["strap_missing", "strap_refused", "strap_failed"] as const) {
      phone.notices.delete(key);
    }
    const strap = await Strap.choose(
      ({ bpm }) => heart.listener?.(bpm),
      (connected) => (connected ? phone.untell("strap_lost") : phone.tell("strap_lost")),
    );
    if (typeof strap === "string") return phone.tell(strap);
    heart.strap = strap;
    phone.redraw();
  }

  disconnectStrap(): void {
    this.heart.strap?.close();
    this.heart.strap = null;
    this.phone.untell("strap_lost");
    this.phone.redraw();
  }

  /** The chosen sensors, from a tap; null where there are none, which is then told. */
  async sensors(recording: Recording | null = this.phone.recording): Promise<Sensors | null> {
    const { model, choices, placement } = this.phone;
    if (!model) return null;
    if (choices.motion === "replay") {
      const hz = recording && measuredHz(recording.t);
      return recording && new ReplaySensors(model, recording, hz!, Number(choices.speed));
    }
    const sensors = await phoneSensors(model, placement, this.heart);
    if (typeof sensors !== "string") return sensors;
    this.phone.tell(sensors);
    return null;
  }

  /** Keep the screen on, and say so where that cannot be. */
  async stayAwake(): Promise<void> {
    const { phone } = this;
    if (!(await this.#awake.on()) && phone.choices.motion === "phone")
      phone.tell("screen_may_sleep");
  }

  mayLeave(): void {
    this.#awake.off();
  }
}
