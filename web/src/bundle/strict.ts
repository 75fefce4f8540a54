/**
 * JSON without tolerance: every key, the right type, finite numbers; the twin of `bundle/strict.py`.
 *
 * Leniency in a reader becomes part of a format; there is none here, so that what one device accepts
 * every device accepts.
 */

import { BundleError } from "../errors.ts";

/** Checks a parsed value and gives it its type, or throws `BundleError`. */
export type Kind<T> = (value: unknown, where: string) => T;

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * JSON of a UTF-8 file or a text; refuses what other readers would read otherwise: half a character, a
 * key twice, a number that is not finite or too large.
 */
export function parse(source: Uint8Array | string, what: string): unknown {
  try {
    const text = typeof source === "string" ? source : utf8(source);
    const value: unknown = JSON.parse(text);
    checkTokens(text);
    return value;
  } catch (error) {
    throw new BundleError(
      `${what} is not usable JSON (${(error as Error).message}): write it anew.`,
    );
  }
}

/** A text from bytes that are UTF-8; throws `TypeError` where they are not. */
export function utf8(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

export const anything: Kind<unknown> = (value) => value;

export const text: Kind<string> = (value, where) => {
  return typeof value === "string" ? value : refuse(value, where, "a text");
};

export const number: Kind<number> = (value, where) => {
  return typeof value === "number" ? value : refuse(value, where, "a number");
};

export const integer: Kind<number> = (value, where) => {
  return Number.isInteger(value) ? (value as number) : refuse(value, where, "a whole number");
};

export function list<T>(kind: Kind<T>): Kind<readonly T[]> {
  return (value, where) => {
    if (!Array.isArray(value)) return refuse(value, where, "a list");
    return value.map((item, at) => kind(item, `${where}[${at}]`));
  };
}

/** Values of one kind under any names. */
export function mapping<T>(kind: Kind<T>): Kind<ReadonlyMap<string, T>> {
  return (value, where) => {
    const pairs = Object.entries(table(value, where));
    return new Map(pairs.map(([key, item]) => [key, kind(item, `${where}.${key}`)]));
  };
}

/** Exactly these keys. */
export function object<T>(kinds: { readonly [Key in keyof T]: Kind<T[Key]> }): Kind<T> {
  return (value, where) => {
    const found = table(value, where);
    const allowed = Object.keys(kinds);
    const unknown = Object.keys(found).filter((key) => !allowed.includes(key));
    const missing = allowed.filter((key) => !Object.hasOwn(found, key));
    if (unknown.length || missing.length) {
      throw new BundleError(
        `'${where}' has unknown keys [${unknown}] and lacks [${missing}]: exactly [${allowed}] are ` +
          "allowed; was it written by another version?",
      );
    }
    const pairs = Object.entries<Kind<unknown>>(kinds);
    return Object.fromEntries(
      pairs.map(([key, kind]) => [key, kind(found[key], `${where}.${key}`)]),
    ) as T;
  };
}

function table(value: unknown, where: string): Record<string, unknown> {
  const isTable = typeof value === "object" && value !== null && !Array.isArray(value);
  return isTable ? (value as Record<string, unknown>) : refuse(value, where, "an object");
}

function refuse(value: unknown, where: string, kind: string): never {
  const given = JSON.stringify(value)?.slice(0, 80);
  throw new BundleError(`'${where}' is ${given}: it must be ${kind}.`);
}

/** What `JSON.parse` lets pass. */
function checkTokens(text: string): void {
  const tokens = text.match(TOKEN) ?? [];
  const open: Set<string>[] = [];
  for (const [at, token] of tokens.entries()) {
    if (token === "{" || token === "[") open.push(new Set());
    else if (token === "}" || token === "]") open.pop();
    else if (token.startsWith('"') && tokens[at + 1] === ":") addOnce(open.at(-1)!, token);
    checkScalar(token);
  }
}

function checkScalar(token: string): void {
  if (token.startsWith('"')) encodeURIComponent(JSON.parse(token)); // throws on half a character
  if (!/^[-\d]/.test(token)) return;
  const usable = /^-?\d+$/.test(token) ? Number.isSafeInteger : Number.isFinite;
  if (!usable(Number(token))) {
    throw new Error(`the number ${token.slice(0, 40)} is not finite, or too large`);
  }
}

function addOnce(keys: Set<string>, token: string): void {
  const key: string = JSON.parse(token);
  if (keys.has(key)) throw new Error(`the key ${token.slice(0, 60)} is there twice`);
  keys.add(key);
}
