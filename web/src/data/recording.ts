/** One athlete, one contiguous session. */

import { DataError } from "../errors.ts";

/** Columns over time. */
export class Recording {
  /**
   * @param athlete Who.
   * @param name Which session.
   * @param t Seconds, never falling.
   * @param channels Numbers by name in SI units, NaN where unknown.
   * @param labels Texts by task, empty where unknown.
   */
  constructor(
    readonly athlete: string,
    readonly name: string,
    readonly t: Float64Array,
    readonly channels: ReadonlyMap<string, Float32Array>,
    readonly labels: ReadonlyMap<string, readonly string[]> = new Map(),
  ) {
    for (const [column, values] of [...channels, ...labels]) {
      if (values.length !== t.length) {
        throw new DataError(
          `Recording '${name}' of '${athlete}': column '${column}' has ${values.length} rows, the ` +
            `clock ${t.length}; they must be equal.`,
        );
      }
    }
    if (!t.every((time, at) => Number.isFinite(time) && (at === 0 || time >= t[at - 1]!))) {
      throw new DataError(
        `Recording '${name}' of '${athlete}': the clock runs backwards or holds NaN; sort the rows ` +
          "or split the recording where the clock was set.",
      );
    }
  }

  /** The named channels as `(time, channel)`, row after row; one the recording lacks is NaN. */
  samples(channels: readonly string[]): Float32Array {
    const rows = new Float32Array(this.t.length * channels.length).fill(Number.NaN);
    for (const [column, name] of channels.entries()) {
      for (const [row, value] of this.channels.get(name)?.entries() ?? []) {
        rows[row * channels.length + column] = value;
      }
    }
    return rows;
  }
}
