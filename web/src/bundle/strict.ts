/**
 * JSON without tolerance: every key, the right type, finite numbers; the twin of `bundle/strict.py`.
 *
 * Leniency in a reader becomes part of a format; there is none here, so that what one device accepts
 * every device accepts.
 */

import { BundleError } from "../errors.ts";

/** Checks a parsed value and gives it its type, or throws `BundleError`. */
export type Kind<T> = (value: unknown, where: string) => T;

/** A number that is written with a point or an exponent: to Python `1.0` is no whole number. */
class Fraction {
  constructor(
    readonly value: number,
    private readonly written: string,
  ) {}

  toJSON(): string {
    return this.written;
  }
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * JSON of a UTF-8 file or a text, for kinds to check; refuses what other readers would read otherwise:
 * half a character, a key twice, a number that is not finite or too large.
 */
export function parse(source: Uint8Array | string, what: string): unknown {
  try {
    const text = typeof source === "string" ? source : utf8(source);
    JSON.parse(text); // throws on what is no JSON
    return read(text.match(TOKEN)!.reverse());
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

export const anything: Kind<unknown> = plain;

export const text: Kind<string> = (value, where) => {
  return typeof value === "string" ? value : refuse(value, where, "a text");
};

export const number: Kind<number> = (value, where) => {
  const found = plain(value);
  return typeof found === "number" ? found : refuse(value, where, "a number");
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
  const isTable =
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Fraction);
  return isTable ? (value as Record<string, unknown>) : refuse(value, where, "an object");
}

function refuse(value: unknown, where: string, kind: string): never {
  const given = JSON.stringify(value)?.slice(0, 80);
  throw new BundleError(`'${where}' is ${given}: it must be ${kind}.`);
}

/** The value of what is JSON, from its tokens, the first one last; refuses what `JSON.parse` lets pass. */
function read(tokens: string[]): unknown {
  const token = tokens.pop()!;
  if (token === "{") return readTable(tokens);
  return token === "[" ? readList(tokens) : readScalar(token);
}

function readTable(tokens: string[]): Record<string, unknown> {
  const pairs = new Map<string, unknown>();
  while (tokens.at(-1) !== "}") {
    const key = readScalar(tokens.pop()!) as string;
    if (pairs.has(key)) throw new Error(`the key '${key.slice(0, 60)}' is there twice`);
    tokens.pop(); // the colon
    pairs.set(key, read(tokens));
    if (tokens.at(-1) === ",") tokens.pop();
  }
  tokens.pop();
  return Object.fromEntries(pairs);
}

function readList(tokens: string[]): unknown[] {
  const items: unknown[] = [];
  while (tokens.at(-1) !== "]") {
    items.push(read(tokens));
    if (tokens.at(-1) === ",") tokens.pop();
  }
  tokens.pop();
  return items;
}

function readScalar(token: string): unknown {
  const value: unknown = JSON.parse(token);
  if (typeof value === "string") encodeURIComponent(value); // throws on half a character
  if (typeof value !== "number") return value;
  const isWhole = /^-?\d+$/.test(token);
  if (!(isWhole ? Number.isSafeInteger(value) : Number.isFinite(value))) {
    throw new Error(`the number ${token.slice(0, 40)} is not finite, or too large`);
  }
  return isWhole ? value : new Fraction(value, token);
}

/** With numbers as they are calculated with. */
function plain(value: unknown): unknown {
  if (value instanceof Fraction) return value.value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}
