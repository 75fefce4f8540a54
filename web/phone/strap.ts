/** A chest strap that speaks the standard heart-rate service of Bluetooth (0x180D). */

const SERVICE = "heart_rate";
const MEASUREMENT = "heart_rate_measurement";
const RR_UNIT_S = 1 / 1024;
const FLAGS = { is16Bit: 1, hasContact: 2, knowsContact: 4, hasEnergy: 8, hasBeats: 16 } as const;

export type StrapTrouble = "strap_missing" | "strap_refused" | "strap_failed";

/** One notification of a strap. */
export interface Beat {
  /** NaN where the strap says that it touches no skin. */
  readonly bpm: number;
  /** Seconds between beats since the last notification. */
  readonly rrS: readonly number[];
}

/** The little of Web Bluetooth that is needed; TypeScript has no types of it. */
interface Bluetooth {
  requestDevice(options: { filters: { services: string[] }[] }): Promise<Device>;
}
interface Device extends EventTarget {
  readonly name?: string;
  readonly gatt?: Gatt;
}
interface Gatt {
  connect(): Promise<Gatt>;
  disconnect(): void;
  getPrimaryService(name: string): Promise<Service>;
}
interface Service {
  getCharacteristic(name: string): Promise<Characteristic>;
}
interface Characteristic extends EventTarget {
  readonly value?: DataView;
  startNotifications(): Promise<Characteristic>;
}

const RETRY_MS = 2000;

/** A heart-rate measurement (0x2A37): flags, rate, energy, beats. */
export function beatOf(data: DataView): Beat {
  const flags = data.getUint8(0);
  const has = (flag: number) => (flags & flag) !== 0;
  const bpm = has(FLAGS.is16Bit) ? data.getUint16(1, true) : data.getUint8(1);
  const untouched = has(FLAGS.knowsContact) && !has(FLAGS.hasContact);
  const from = (has(FLAGS.is16Bit) ? 3 : 2) + (has(FLAGS.hasEnergy) ? 2 : 0);
  const count = has(FLAGS.hasBeats) ? Math.floor((data.byteLength - from) / 2) : 0;
  const rrS = Array.from({ length: count }, (_, at) => {
    return data.getUint16(from + 2 * at, true) * RR_UNIT_S;
  });
  return { bpm: untouched || bpm === 0 ? Number.NaN : bpm, rrS };
}

/** A strap that comes back by itself when it was lost. */
export class Strap {
  #closed = false;

  private constructor(
    private readonly device: Device,
    private readonly heard: (beat: Beat) => void,
    private readonly turned: (connected: boolean) => void,
  ) {
    device.addEventListener("gattserverdisconnected", () => {
      if (this.#closed) return;
      turned(false);
      void this.#again();
    });
  }

  /** Let the athlete choose one, from a tap; a text says why there is none. */
  static async choose(
    heard: (beat: Beat) => void,
    turned: (connected: boolean) => void,
  ): Promise<Strap | StrapTrouble> {
    const { bluetooth } = navigator as Navigator & { bluetooth?: Bluetooth };
    if (!bluetooth) return "strap_missing";
    const filters = [{ services: [SERVICE] }];
    const device = await bluetooth.requestDevice({ filters }).catch(() => null);
    if (!device) return "strap_refused";
    const strap = new Strap(device, heard, turned);
    return strap.#connect().then(
      () => strap,
      () => "strap_failed",
    );
  }

  get name(): string {
    return this.device.name ?? "";
  }

  close(): void {
    this.#closed = true;
    this.device.gatt?.disconnect();
  }

  async #connect(): Promise<void> {
    const gatt = await this.device.gatt!.connect();
    const service = await gatt.getPrimaryService(SERVICE);
    const measurement = await service.getCharacteristic(MEASUREMENT);
    measurement.addEventListener("characteristicvaluechanged", () => {
      if (measurement.value) this.heard(beatOf(measurement.value));
    });
    await measurement.startNotifications();
    this.turned(true);
  }

  async #again(): Promise<void> {
    while (!this.#closed) {
      await new Promise((waited) => setTimeout(waited, RETRY_MS));
      const back = await this.#connect().then(
        () => true,
        () => false,
      );
      if (back) return;
    }
  }
}
