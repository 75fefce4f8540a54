/** Plots as files. */

import { saveFile } from "../../pages/saving.ts";

export { saveFile };

export type Cells = readonly (string | number | null)[];

const LOOKS = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "font-family",
  "font-size",
  "font-weight",
  "text-anchor",
] as const;

/** A drawing that looks the same without the page's style sheet. */
export function svgFile(drawn: SVGSVGElement): Blob {
  const copy = drawn.cloneNode(true) as SVGSVGElement;
  const copies = [copy, ...copy.querySelectorAll("*")];
  for (const [at, element] of [drawn, ...drawn.querySelectorAll("*")].entries()) {
    const looks = getComputedStyle(element);
    for (const name of LOOKS) copies[at]!.setAttribute(name, looks.getPropertyValue(name));
  }
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const side of ["width", "height"]) paper.setAttribute(side, "100%");
  paper.setAttribute("fill", getComputedStyle(document.body).backgroundColor);
  copy.prepend(paper);
  return new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" });
}

/** A table as RFC 4180 has it, with the mark by which spreadsheets know UTF-8. */
export function csvFile(rows: readonly Cells[]): Blob {
  const lines = rows.map((cells) => cells.map(cellOf).join(","));
  return new Blob(["\ufeff", lines.join("\r\n"), "\r\n"], { type: "text/csv" });
}

/** Text that begins like a formula is quoted as text, so that no spreadsheet runs it. */
function cellOf(cell: string | number | null): string {
  if (typeof cell === "number") return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell ?? "") ? `'${cell}` : (cell ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
