/** What the events of a session tell, as lanes and as a table. */

import { named } from "../../pages/names.ts";
import { qualityText } from "../../pages/troubles.ts";
import type { Advice, Drift, Quality } from "../../src/runtime/events.ts";
import type { Coach } from "../coach.ts";
import type { Cells } from "../plot/files.ts";
import type { Lane } from "../plot/lanes.ts";
import type { Story } from "../story.ts";
import { percent } from "./concerns.ts";
import { heartLane, heldLane, type Mark, marksLane, numberLane, setsLane } from "./lanes.ts";

const LABEL = "label"; // the task of movements has no name that a coach knows

export function storyLanes(coach: Coach, story: Story): Lane[] {
  const { say } = coach;
  const names = namesOf(story);
  const marks = marksOf(coach, story);
  const held = [...story.held].map(([task, one]) =>
    heldLane(task === LABEL ? say("movements") : named(task), one, names),
  );
  const numbers = [...story.numbers].map(([task, states]) => {
    const unit = states[0]?.unit;
    return numberLane(unit ? `${named(task)} (${unit})` : named(task), states);
  });
  const hasHeart = story.heart.some(({ bpm }) => bpm !== null);
  return [
    ...held,
    ...(story.sets.length ? [setsLane(say("sets"), story.sets)] : []),
    ...(hasHeart ? [heartLane(say("heart_axis"), story.heart)] : []),
    ...numbers,
    ...(marks.length ? [marksLane(say("said"), marks)] : []),
  ];
}

/** In the order in which they first were, so that each keeps its colour. */
function namesOf({ held }: Story): string[] {
  return [...new Set([...held.values()].flat().map(({ movement }) => movement))];
}

/** What was said and what was wrong, numbered by its place. */
export function marksOf(coach: Coach, { advice, troubles }: Story): Mark[] {
  const told = [...advice, ...troubles].map((one) => markOf(coach, one));
  return told.sort((one, other) => one.t - other.t);
}

export function markOf({ say }: Coach, told: Advice | Drift | Quality): Mark {
  const t = told.t_s;
  if (told.event === "advice") return { t, looks: told.severity, text: told.text, advice: told };
  const text = told.event === "drift" ? driftText(say, told) : qualityText(say, told);
  return { t, looks: told.event, text, advice: null };
}

function driftText(say: Coach["say"], { cause, share, seconds }: Drift): string {
  const told = { percent: percent(share), seconds: Math.round(seconds) };
  return say("drift_told", { cause: say(`drift_${cause}`), ...told });
}

/** The same as a table. */
export function rowsOf(coach: Coach, story: Story): Cells[] {
  const held = [...story.held].flatMap(([task, all]) =>
    all.map(({ from, to, movement }) => [task, from, to, movement, null] as const),
  );
  const sets = story.sets.map(
    ({ set }) => ["set", set.began_s, set.ended_s, set.movement, set.repetitions] as const,
  );
  const heart = story.heart.map(({ t_s, bpm }) => ["heart_rate", t_s, t_s, "", bpm] as const);
  const said = marksOf(coach, story).map(
    ({ t, looks, text }) => [looks, t, t, text, null] as const,
  );
  return [["what", "from_s", "to_s", "text", "value"], ...held, ...sets, ...heart, ...said];
}
