/** Axes, and what stands around every plot: its title, and buttons that save it. */

import { html, nothing, type SVGTemplateResult, svg, type TemplateResult } from "lit-html";

import { type Cells, csvFile, saveFile, svgFile } from "./files.ts";
import type { Scale } from "./scale.ts";

export type Drawn = SVGTemplateResult | readonly SVGTemplateResult[] | typeof nothing;

export interface Figure {
  /** Its heading. */
  readonly title: TemplateResult;
  /** Of its files. */
  readonly name: string;
  readonly plot: TemplateResult;
  readonly rows: () => readonly Cells[];
  readonly tools?: TemplateResult;
  readonly saveAs: (format: string) => string;
}

/** A plot with its title, and buttons that save it as a drawing and as a table. */
export function figure({ title, name, plot, rows, tools, saveAs }: Figure): TemplateResult {
  const drawing = (event: Event) => {
    const drawn = (event.target as Element).closest("figure")!.querySelector("svg")!;
    saveFile(svgFile(drawn), `${name}.svg`);
  };
  const table = () => saveFile(csvFile(rows()), `${name}.csv`);
  return html`<figure class="figure">
    <figcaption class="row between">
      ${title}
      <span class="row tools"
        >${tools ?? nothing}${saving("SVG", saveAs, drawing)}${saving("CSV", saveAs, table)}</span
      >
    </figcaption>
    ${plot}
  </figure>`;
}

function saving(format: string, saveAs: (format: string) => string, act: (event: Event) => void) {
  return html`<button type="button" class="tool" aria-label=${saveAs(format)} @click=${act}>
    ${format}
  </button>`;
}

/** Lines and numbers of an upright axis on the left. */
export function upright(
  y: Scale,
  at: readonly number[],
  width: number,
  written: (value: number) => string = String,
): Drawn {
  return at.map((value) => {
    const pixel = Math.round(y.at(value)) + 0.5;
    return svg`<g class="axis"><line class="grid" x1="0" x2=${width} y1=${pixel} y2=${pixel} />
      <text x="-6" y=${pixel} dy="0.32em" text-anchor="end">${written(value)}</text></g>`;
  });
}
