/** The athlete's own count of the set that is over: it holds once they have stopped tapping. */

import type { SetEnded } from "../src/index.ts";

const SETTLES_MS = 1500;

export class Correction {
  /** Tapped so far; null: nothing. */
  given: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param tell Gets what holds. */
  constructor(private readonly tell: (repetitions: number) => Promise<unknown>) {}

  /** One more or one fewer. */
  tap(set: SetEnded, by: 1 | -1): void {
    this.given = Math.max((this.given ?? set.repetitions) + by, 0);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.settle(), SETTLES_MS);
  }

  /** What was tapped holds now. */
  async settle(): Promise<void> {
    clearTimeout(this.#timer);
    const { given } = this;
    this.given = null;
    if (given !== null) await this.tell(given);
  }
}
