/** Sentences with their numbers, as Python's `str.format` fills them in. */

import { fixed, general } from "../numbers.ts";

export type Value = string | number;

/** Sentences of guidance: kind, key, then language, or language with `_spoken`. */
export type GuidanceTexts = Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>
>;

const HOLE = /\{(\w+)(?::\.?(\d*)([fg%]))?\}/g;
const USUAL_G = 6; // digits of `:g` without a number

/** A sentence with `{name}`, `{name:.1f}`, `{name:g}` or `{name:.0%}` filled in. */
export function filled(sentence: string, values: Readonly<Record<string, Value>>): string {
  return sentence.replace(HOLE, (hole, name: string, digits: string, kind: string) => {
    const value = values[name];
    if (value === undefined) return hole;
    return typeof value === "string" || !kind ? String(value) : written(value, digits, kind);
  });
}

function written(value: number, digits: string, kind: string): string {
  if (kind === "g") return general(value, digits ? Number(digits) : USUAL_G);
  if (kind === "%") return `${fixed(100 * value, Number(digits))}%`;
  return fixed(value, Number(digits));
}

/** One sentence of guidance; throws where there is none. */
export function textOf(
  texts: GuidanceTexts,
  kind: string,
  key: string,
  language: string,
  values: Readonly<Record<string, Value>> = {},
): string {
  return filled(texts[kind]![key]![language]!, values);
}

export function hasText(texts: GuidanceTexts, kind: string, key: string): boolean {
  return texts[kind]?.[key] !== undefined;
}
