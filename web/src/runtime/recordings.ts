/** A recording from a CSV file, as `distride stream` reads it. */

import { Recording } from "../data/recording.ts";
import { DataError } from "../errors.ts";

const CLOCK = "t";
const RECORDING = "recording";
const LABEL = "label";
const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\r|\n|$)/y;
const NUMBER = /^\s*(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|nan|)\s*$/i;

/**
 * All recordings of an athlete's file.
 *
 * @param text CSV with a column `t` in seconds, columns of numbers named like channels, and columns
 *   of text as labels; an optional column `recording` tells one from the next. Empty cells are
 *   unknown.
 * @param athlete Who; also the name of a recording that has none.
 */
export function readRecordings(text: string, athlete: string): Recording[] {
  const columns = columnsOf(text);
  const clock = columns.get(CLOCK)!;
  if (!clock.every((cell) => Number.isFinite(numberOf(cell)))) {
    throw new DataError(`The column '${CLOCK}' of '${athlete}' must hold seconds in every row.`);
  }
  const names = columns.get(RECORDING) ?? clock.map(() => athlete);
  const rest = [...columns].filter(([name]) => name !== CLOCK && name !== RECORDING);
  const isLabel = (name: string, cells: readonly string[]) => {
    return name === LABEL || !cells.every((cell) => NUMBER.test(cell));
  };
  return [...new Set(names)].map((name) => {
    const rows = [...names.keys()].filter((row) => names[row] === name);
    const pick = (cells: readonly string[]) => rows.map((row) => cells[row]!);
    const numbers = rest.filter(([column, cells]) => !isLabel(column, cells));
    const labels = rest.filter(([column, cells]) => isLabel(column, cells));
    return new Recording(
      athlete,
      name,
      Float64Array.from(pick(clock), numberOf),
      new Map(numbers.map(([column, cells]) => [column, Float32Array.from(pick(cells), numberOf)])),
      new Map(labels.map(([column, cells]) => [column, pick(cells)])),
    );
  });
}

function columnsOf(text: string): Map<string, string[]> {
  const [header, ...rows] = rowsOf(text.replace(/^\uFEFF/, ""));
  if (!header?.includes(CLOCK) || rows.length === 0 || new Set(header).size < header.length) {
    throw new DataError(
      `The CSV has ${rows.length} rows under the header [${header?.slice(0, 9)}]: a column ` +
        `'${CLOCK}' in seconds is needed, every name once, and at least one row.`,
    );
  }
  const uneven = rows.findIndex((row) => row.length !== header.length);
  if (uneven >= 0) {
    throw new DataError(
      `Row ${uneven + 2} of the CSV has ${rows[uneven]!.length} cells and its header ` +
        `${header.length}: they must be equal.`,
    );
  }
  return new Map(header.map((name, at) => [name, rows.map((row) => row[at]!)]));
}

function rowsOf(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  CELL.lastIndex = 0;
  while (CELL.lastIndex < text.length || row.length > 0) {
    const cell = CELL.exec(text);
    if (!cell) throw new DataError(`Row ${rows.length + 1} of the CSV has a stray quote: mend it.`);
    row.push(cell[1]?.replaceAll('""', '"') ?? cell[2]!);
    if (cell[3] === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

function numberOf(cell: string): number {
  return cell.trim() === "" ? Number.NaN : Number(cell);
}
