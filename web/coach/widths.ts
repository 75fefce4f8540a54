/** How wide the places of plots are: text in a plot that is stretched cannot be read. */

const UNKNOWN = 640;

export class Widths {
  readonly #known = new Map<string, number>();
  readonly #observer: ResizeObserver;

  constructor(changed: () => void) {
    this.#observer = new ResizeObserver((entries) => {
      let isNew = false;
      for (const { target, contentRect } of entries) {
        const name = (target as HTMLElement).dataset.width!;
        const width = Math.floor(contentRect.width);
        isNew ||= width > 0 && this.#known.get(name) !== width;
        if (width > 0) this.#known.set(name, width);
      }
      if (isNew) changed();
    });
  }

  /** Of the element whose `data-width` is this name. */
  of(name: string): number {
    return this.#known.get(name) ?? UNKNOWN;
  }

  /** Follow the places that are there now. */
  watch(root: Element): void {
    for (const place of root.querySelectorAll("[data-width]")) this.#observer.observe(place);
  }
}
