/** The stretch of time that a plot shows, and the place that its reader points at. */

const CLOSEST_S = 0.5; // no closer: a sample every few pixels

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Closer to a time, or away from it, within what there is. */
export function zoomed({ from, to }: Span, factor: number, at: number, whole: Span): Span {
  const length = Math.min(
    whole.to - whole.from,
    Math.max(Math.min(CLOSEST_S, whole.to - whole.from), (to - from) * factor),
  );
  const share = to > from ? (at - from) / (to - from) : 0.5;
  return moved({ from: at - share * length, to: at + (1 - share) * length }, 0, whole);
}

/** As long, some seconds later, within what there is. */
export function moved({ from, to }: Span, seconds: number, whole: Span): Span {
  const length = Math.min(to - from, whole.to - whole.from);
  const start = Math.min(Math.max(from + seconds, whole.from), whole.to - length);
  return { from: start, to: start + length };
}

/** Moved by no more than is needed to show a time. */
export function showing(span: Span, time: number, whole: Span): Span {
  if (time < span.from) return moved(span, time - span.from, whole);
  return time > span.to ? moved(span, time - span.to, whole) : span;
}

export function clamped(time: number, { from, to }: Span): number {
  return Math.min(Math.max(time, from), to);
}
