/** What a phone does to a session: its screen, its battery, its voice. */

import { type Language, tagOf } from "../pages/language.ts";

const LOW = 0.15; // of a battery's charge

interface Battery extends EventTarget {
  readonly level: number;
  readonly charging: boolean;
}

/** Keeps the screen on while a session runs: a locked phone gives a page no motion. */
export class Awake {
  #lock: WakeLockSentinel | null = null;
  #wanted = false;

  constructor() {
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && this.#wanted) void this.#take();
    });
  }

  /** Whether the screen will stay on. */
  async on(): Promise<boolean> {
    this.#wanted = true;
    return this.#take();
  }

  off(): void {
    this.#wanted = false;
    void this.#lock?.release().catch(() => null);
    this.#lock = null;
  }

  async #take(): Promise<boolean> {
    if (!("wakeLock" in navigator)) return false;
    this.#lock = await navigator.wakeLock.request("screen").catch(() => null);
    return this.#lock !== null;
  }
}

/** Tells when the battery runs low or is charged again; silent where the browser does not say. */
export async function watchBattery(told: (percent: number | null) => void): Promise<void> {
  const { getBattery } = navigator as Navigator & { getBattery?: () => Promise<Battery> };
  const battery = await getBattery?.call(navigator).catch(() => null);
  if (!battery) return;
  const tell = () => {
    const isLow = battery.level <= LOW && !battery.charging;
    told(isLow ? Math.round(100 * battery.level) : null);
  };
  for (const name of ["levelchange", "chargingchange"]) battery.addEventListener(name, tell);
  tell();
}

/** When words are said: what was being said gives way, or they wait for it, or they give way to it. */
export type Turn = "now" | "next" | "if_quiet";

/** Says a few words. */
export function speak(words: string, language: Language, turn: Turn): void {
  if (!("speechSynthesis" in window)) return;
  if (turn === "if_quiet" && speechSynthesis.speaking) return;
  const said = new SpeechSynthesisUtterance(words);
  said.lang = tagOf(language);
  if (turn === "now") speechSynthesis.cancel();
  speechSynthesis.speak(said);
}

export function hush(): void {
  if ("speechSynthesis" in window) speechSynthesis.cancel();
}

export function canSpeak(): boolean {
  return "speechSynthesis" in window;
}
