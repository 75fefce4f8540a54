/** A recording from a CSV file, as `distride stream` reads it. */

import { Recording } from "../data/recording.ts";
import { DataError } from "../errors.ts";
import { isWaveform } from "../signals/spec.ts";

const CLOCK = "t";
const RECORDING = "recording";
const LABEL = "label";
const HEART_RATE = "heart_rate";
const UNKNOWN = new Set(["", "nan", "null", "none", "na", "n/a", "-"]);
const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\r|\n|$)/y;
const NUMBER = /^\s*(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|nan|)\s*$/i;

/**
 * All recordings of an athlete's file.
 *
 * @param text CSV with a column `t` in seconds, columns of numbers named like channels, and columns
 *   of text as labels; an optional column `recording` tells one from the next. Empty cells are
 *   unknown; in a channel so are those that say `n/a`, `null` and the like.
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
  const numbers = rest.flatMap(([name, cells]): [string, Float32Array][] => {
    const values = valuesOf(name, cells);
    return values ? [[name, values]] : [];
  });
  const isChannel = new Set(numbers.map(([name]) => name));
  const labels = rest.filter(([name]) => !isChannel.has(name));
  return [...new Set(names)].map((name) => {
    const rows = [...names.keys()].filter((row) => names[row] === name);
    return new Recording(
      athlete,
      name,
      Float64Array.from(rows, (row) => numberOf(clock[row]!)),
      new Map(
        numbers.map(([one, values]) => [one, Float32Array.from(rows, (row) => values[row]!)]),
      ),
      new Map(labels.map(([task, cells]) => [task, rows.map((row) => cells[row]!.trim())])),
    );
  });
}

/** A column's numbers, NaN where unknown; null for a column of text, which no channel is. */
function valuesOf(column: string, cells: readonly string[]): Float32Array | null {
  if (column === LABEL) return null;
  if (cells.every((cell) => NUMBER.test(cell))) return Float32Array.from(cells, numberOf);
  if (!isWaveform(column) && column !== HEART_RATE) return null;
  const known = cells.map((cell) => (UNKNOWN.has(cell.trim().toLowerCase()) ? "" : cell));
  const wrong = known.findIndex((cell) => !NUMBER.test(cell));
  if (wrong >= 0) {
    throw new DataError(
      `Row ${wrong + 2} of the CSV has '${cells[wrong]}' under '${column}': a channel holds ` +
        "numbers, and an empty cell where it is unknown.",
    );
  }
  return Float32Array.from(known, numberOf);
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
