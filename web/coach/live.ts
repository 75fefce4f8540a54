/** The screen of those who train now. */

import { decode, encode } from "@msgpack/msgpack";

import type { Coach } from "./coach.ts";
import { Timeline } from "./plot/timeline.ts";
import { type AllWatched, heard, SHOWN_S, type Told, type Watched } from "./watched.ts";

const [FIRST_WAIT_MS, LONGEST_WAIT_MS] = [1000, 30_000];
const DRAW_MS = 200; // many athletes tell several times a second
const BATCHES_SHOWN = 120; // a phone sends one every few seconds

export class Live {
  all: AllWatched = new Map();
  isConnected = false;
  /** What a screen reader says next. */
  spoken = "";
  /** Of sessions whose plot is open. */
  readonly timelines = new Map<string, Timeline>();
  #socket: WebSocket | null = null;
  #waitMs = FIRST_WAIT_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #drawing: ReturnType<typeof setTimeout> | undefined;
  #asking: ReturnType<typeof setTimeout> | undefined;
  #isLeft = false;

  constructor(readonly coach: Coach) {}

  async load(): Promise<boolean> {
    this.#connect();
    return true;
  }

  leave(): void {
    this.#isLeft = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#drawing);
    clearTimeout(this.#asking);
    this.#socket?.close();
  }

  /** By name, so that nobody moves while they are looked at. */
  get watched(): readonly Watched[] {
    return [...this.all.values()].sort((one, other) => one.name.localeCompare(other.name));
  }

  /** Take one that is over off the screen. */
  dismiss(session: string): void {
    this.all = new Map([...this.all].filter(([id]) => id !== session));
    this.timelines.delete(session);
    this.coach.redraw();
  }

  open(session: string, isOpen: boolean): void {
    if (isOpen === this.timelines.has(session)) return;
    if (isOpen) this.timelines.set(session, this.#timelineOf(this.all.get(session)!));
    else this.timelines.delete(session);
    this.coach.redraw();
  }

  #connect(): void {
    const address = this.coach.server.address("live").replace(/^http/, "ws");
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#watch();
    socket.onmessage = ({ data }) => this.#hear(decode(data as ArrayBuffer) as Told);
    socket.onclose = () => this.#lost();
    this.#socket = socket;
  }

  /** Of all athletes; those who are known go on where they were. */
  #watch(): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    const known = [...this.all.values()].filter(({ isOver }) => !isOver);
    const after = Object.fromEntries(known.map(({ session, seq }) => [session, seq]));
    const asked = { type: "watch", version: 1, athletes: null, samples: false, after };
    this.#socket.send(encode(asked));
    this.isConnected = true;
    this.#draw();
  }

  #hear(told: Told): void {
    if (told.type === "problem") {
      if (told.kind === "unknown_credential") location.replace("/login/");
      return;
    }
    this.#waitMs = FIRST_WAIT_MS; // whom the server refuses at once waits longer each time
    const isUnknown = told.type === "live" && !this.all.has(told.session);
    this.all = heard(this.all, told);
    if (isUnknown && told.seq > 0) this.#askForPast(told.session, told.seq);
    if (told.type === "batch") this.#follow(told.session, told.events);
    this.#draw();
  }

  /** What was told before anybody watched; of many sessions at once. */
  #askForPast(session: string, seq: number): void {
    const known = this.all.get(session)!;
    const from = Math.max(0, seq - BATCHES_SHOWN);
    this.all = new Map([...this.all, [session, { ...known, seq: from }]]);
    clearTimeout(this.#asking);
    this.#asking = setTimeout(() => this.#watch(), DRAW_MS);
  }

  #follow(session: string, events: (Told & { type: "batch" })["events"]): void {
    const known = this.all.get(session)!;
    const grave = events.find((one) => one.event === "advice" && one.severity !== "hint");
    if (grave && "text" in grave) this.spoken = `${known.name}: ${grave.text}`;
    const shown = this.timelines.get(session);
    if (shown && shown.cursor >= shown.whole.to) {
      this.timelines.set(session, this.#timelineOf(known)); // its end is looked at
    }
  }

  #timelineOf({ durationS }: Watched): Timeline {
    const to = Math.max(1, durationS);
    const whole = { from: Math.max(0, to - SHOWN_S), to };
    const timeline = new Timeline(whole, "moves", this.coach.redraw);
    timeline.cursor = to;
    return timeline;
  }

  #lost(): void {
    this.isConnected = false;
    if (this.#isLeft) return;
    this.#timer = setTimeout(() => this.#connect(), this.#waitMs);
    this.#waitMs = Math.min(2 * this.#waitMs, LONGEST_WAIT_MS);
    this.#draw();
  }

  #draw(): void {
    this.#drawing ??= setTimeout(() => {
      this.#drawing = undefined;
      this.coach.redraw();
    }, DRAW_MS);
  }
}
