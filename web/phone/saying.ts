/** What is worth saying of a session: safety first, and no repetition over anything else. */

import type { Say } from "../pages/language.ts";
import { named } from "../pages/names.ts";
import type { Event } from "../src/index.ts";
import type { Turn } from "./device.ts";
import type { TEXTS } from "./texts.ts";

export interface Saying {
  /** For the ear. */
  readonly aloud: string;
  /** For a screen reader, which is told no single repetitions. */
  readonly read: string;
  readonly turn: Turn;
}

/**
 * What events tell.
 *
 * @param was The movement before them; empty where the model did not know.
 * @param is The movement after them.
 */
export function sayingsOf(
  events: readonly Event[],
  was: string,
  is: string,
  say: Say<typeof TEXTS>,
): Saying[] {
  const last = <K extends Event["event"]>(kind: K) =>
    events.findLast((one): one is Extract<Event, { event: K }> => one.event === kind);
  const [advice, set, rep] = [last("advice"), last("set_ended"), last("rep")];
  const told: Saying[] = [];
  if (advice) told.push({ aloud: advice.spoken, read: advice.text, turn: "now" });
  if (is && is !== was) told.push({ aloud: named(is), read: named(is), turn: "next" });
  if (set) {
    const words = say("set_said", { repetitions: set.repetitions });
    told.push({ aloud: words, read: words, turn: "next" });
  } else if (rep) {
    told.push({ aloud: String(rep.number), read: "", turn: "if_quiet" });
  }
  return told;
}
