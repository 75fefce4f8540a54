/** What the labelling screen of the coach's page does with labels, and takes back. */

import { deepEqual, equal } from "node:assert/strict";
import { describe, test } from "node:test";

import type { Coach } from "../coach/coach.ts";
import { Labelling } from "../coach/labelling.ts";
import type { Stretch } from "../coach/types.ts";

const LABELS = ["a", "b", "c"].map((label, at) => ({ from_s: at, to_s: at + 0.5, label }));

describe("Labelling", () => {
  test("a key that is pressed twice takes one step back, and loses none", async () => {
    const labelling = new Labelling(coachOf(LABELS), "athlete", "recording");
    labelling.stretches = LABELS;
    for (const one of LABELS.slice(0, 2)) await labelling.remove(one);
    await Promise.all([labelling.undo(), labelling.undo()]);
    deepEqual([namesOf(labelling), labelling.canUndo], ["bc", true]);
    await labelling.undo();
    deepEqual([namesOf(labelling), labelling.canUndo], ["abc", false]);
    await Promise.all([labelling.redo(), labelling.redo()]);
    deepEqual([namesOf(labelling), labelling.canRedo], ["bc", true]);
    await labelling.redo();
    equal(namesOf(labelling), "c");
  });
});

function namesOf({ stretches }: Labelling): string {
  return stretches.map(({ label }) => label).join("");
}

/** A page's coach whose server keeps labels. */
function coachOf(kept: readonly Stretch[]): Coach {
  const server = {
    send: async (_method: string, _path: string, sent: readonly Stretch[]) => {
      kept = sent;
    },
    get: async () => ({ items: kept }),
  };
  const coach = {
    server,
    isBusy: false,
    redraw: () => {},
    async attempt(work: () => Promise<unknown>) {
      coach.isBusy = true;
      await work();
      coach.isBusy = false;
      return true;
    },
  };
  return coach as unknown as Coach;
}
