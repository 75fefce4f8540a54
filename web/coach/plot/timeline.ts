/** A stretch of time that its reader moves through, by mouse, finger and keyboard. */

import { Scale } from "./scale.ts";
import { clamped, moved, type Span, showing, zoomed } from "./span.ts";

const CLOSER = 0.7;
const STEP = 1 / 50; // of what is shown: a step of the place that is pointed at
const CLICK_PX = 3; // a drag is longer
const WHEEL_PX = 400; // a turn that halves

/** What a drag does: take the plot along, or mark a stretch. */
export type Dragging = "moves" | "marks";

interface Drag {
  readonly fromX: number;
  readonly span: Span;
  readonly marks: boolean;
}

export class Timeline {
  span: Span;
  /** The time that is pointed at. */
  cursor: number;
  marked: Span | null = null;
  #drag: Drag | null = null;
  /** Of the last drawing: from times to pixels of the plot. */
  x = new Scale([0, 1], [0, 1]);

  constructor(
    readonly whole: Span,
    readonly dragging: Dragging,
    /** Called after each change. */
    readonly changed: () => void,
  ) {
    this.span = whole;
    this.cursor = whole.from;
  }

  zoom(factor: number, at = this.cursor): void {
    this.span = zoomed(this.span, factor, clamped(at, this.span), this.whole);
    this.changed();
  }

  /** Point at a time, and show it. */
  point(time: number): void {
    this.cursor = clamped(time, this.whole);
    this.span = showing(this.span, this.cursor, this.whole);
    this.changed();
  }

  /** Show a stretch with some room on either side. */
  show({ from, to }: Span): void {
    const room = Math.max(2, (to - from) / 2);
    this.span = {
      from: clamped(from - room, this.whole),
      to: clamped(to + room, this.whole),
    };
    this.point(from);
  }

  mark(marked: Span | null): void {
    this.marked = marked;
    this.changed();
  }

  closer = (): void => this.zoom(CLOSER);
  farther = (): void => this.zoom(1 / CLOSER);
  all = (): void => {
    this.span = this.whole;
    this.changed();
  };

  /** Keys of a plot that has the focus. */
  readonly key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const length = this.span.to - this.span.from;
    const step = length * (event.shiftKey ? 10 * STEP : STEP);
    const act = {
      ArrowLeft: () => this.point(this.cursor - step),
      ArrowRight: () => this.point(this.cursor + step),
      PageUp: () => this.#pan(-length / 2),
      PageDown: () => this.#pan(length / 2),
      Home: this.all,
      "+": this.closer,
      "=": this.closer,
      "-": this.farther,
      ...(this.dragging === "marks" ? this.#marking() : {}),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };

  /** With Ctrl, or two fingers drawn apart, closer or farther; sideways, along. */
  readonly wheel = (event: WheelEvent): void => {
    const aside = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    if (event.ctrlKey) this.zoom(2 ** (event.deltaY / WHEEL_PX), this.#timeOf(event));
    else if (aside !== 0) this.#pan(this.#seconds(aside));
    else return;
    event.preventDefault();
  };

  readonly down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    const marks = this.dragging === "marks" && !event.shiftKey;
    this.#drag = { fromX: event.clientX, span: this.span, marks };
  };

  readonly move = (event: PointerEvent): void => {
    const drag = this.#drag;
    if (drag === null || Math.abs(event.clientX - drag.fromX) <= CLICK_PX) {
      if (event.pointerType === "mouse") this.#hover(event);
      return;
    }
    const seconds = this.#seconds(event.clientX - drag.fromX);
    if (!drag.marks) {
      this.span = moved(drag.span, -seconds, this.whole);
      this.changed();
      return;
    }
    const to = clamped(this.#timeOf(event), this.whole);
    const from = clamped(this.#timeOf(event) - seconds, this.whole);
    this.cursor = to;
    this.mark({ from: Math.min(from, to), to: Math.max(from, to) });
  };

  readonly up = (event: PointerEvent): void => {
    const drag = this.#drag;
    this.#drag = null;
    if (drag && Math.abs(event.clientX - drag.fromX) <= CLICK_PX) this.#hover(event);
  };

  readonly double = (event: MouseEvent): void => this.zoom(CLOSER ** 2, this.#timeOf(event));

  #marking(): Record<string, () => void> {
    const { cursor, whole } = this;
    const marked = this.marked ?? { from: cursor, to: cursor };
    return {
      s: () => this.mark({ from: cursor, to: Math.max(cursor, this.marked?.to ?? cursor) }),
      e: () => this.mark({ from: Math.min(marked.from, cursor), to: clamped(cursor, whole) }),
      Escape: () => this.mark(null),
    };
  }

  #pan(seconds: number): void {
    this.span = moved(this.span, seconds, this.whole);
    this.changed();
  }

  #hover(event: MouseEvent): void {
    this.cursor = clamped(this.#timeOf(event), this.span);
    this.changed();
  }

  #timeOf(event: MouseEvent): number {
    const svg = event.currentTarget as Element;
    return this.x.back(event.clientX - svg.getBoundingClientRect().left);
  }

  #seconds(pixels: number): number {
    return this.x.back(pixels) - this.x.back(0);
  }
}
