/** An athlete's own windows in parts, of which some judge what the others taught. */

const BLOCKS = 3; // a label's windows are judged in so many parts
const APART = 2; // window lengths between the starts of windows that do not tell of each other
const CLOCK_ERROR_S = 1e-6; // sums of steps round otherwise when they are cut otherwise

/** Whether one window may not teach the head that judges another. */
export type Near = (window: number, other: number) => boolean;

/** What is left out together when an athlete's own windows judge a head. */
export interface Blocks {
  /** The block that each window is judged with. */
  readonly groups: readonly number[];
  readonly near: Near;
}

/**
 * Three parts of each label's windows: recordings where it has as many, else stretches of time.
 *
 * @param labels One a window; windows are in the order of time.
 * @param recording Each window's number of the recording.
 * @param startS Each window's start on its recording's clock.
 * @param windowS Length of a window.
 */
export function blocksOf(
  labels: readonly (string | number)[],
  recording: readonly number[],
  startS: readonly number[],
  windowS: number,
): Blocks {
  const groups = new Array<number>(labels.length);
  for (const label of new Set(labels)) {
    const rows = [...labels.keys()].filter((row) => labels[row] === label);
    const found = [...new Set(rows.map((row) => recording[row]!))];
    const count = Math.min(rows.length, BLOCKS);
    for (const [at, row] of rows.entries()) {
      groups[row] =
        found.length >= BLOCKS
          ? Math.floor((found.indexOf(recording[row]!) * BLOCKS) / found.length)
          : Math.floor((at * count) / rows.length);
    }
  }
  const near: Near = (one, other) =>
    recording[one] === recording[other] &&
    Math.abs(startS[one]! - startS[other]!) < APART * windowS - CLOCK_ERROR_S;
  return { groups, near };
}
