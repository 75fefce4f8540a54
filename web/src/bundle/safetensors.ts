/** The safetensors format, as much of it as heads use: float32 arrays and texts. */

import { BundleError } from "../errors.ts";
import { integer, list, mapping, object, parse, text } from "./strict.ts";

/** A float32 array of any shape. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** What a file holds. */
export interface Tensors {
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Texts by name; none in a bundle's heads. */
  readonly metadata: ReadonlyMap<string, string>;
}

const METADATA = "__metadata__";
const PREFIX = 8; // bytes of the length of the header
const FLOAT32 = "F32";
const info = object({ dtype: text, shape: list(integer), data_offsets: list(integer) });
const metadata = mapping(text);

/** Arrays and texts of a file; throws `BundleError` where it is damaged or holds other types. */
export function load(bytes: Uint8Array, what: string): Tensors {
  if (bytes.length < PREFIX) throw damaged(what, "it is too short");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(bytes.length - PREFIX)) throw damaged(what, "its header is cut off");
  const start = PREFIX + Number(length);
  const header = parse(bytes.subarray(PREFIX, start), `The header of ${what}`);
  const { [METADATA]: texts, ...arrays } = (header ?? {}) as Record<string, unknown>;
  const infos = [...mapping(info)(arrays, what)];
  checkLayout(infos, bytes.length - start, what);
  return {
    tensors: new Map(infos.map(([name, one]) => [name, tensorOf(one, bytes, start)])),
    metadata: texts == null ? new Map() : metadata(texts, METADATA),
  };
}

/** The bytes of a file; arrays lie in the order of their names. */
export function save({ tensors, metadata }: Tensors): Uint8Array<ArrayBuffer> {
  const names = [...tensors.keys()].sort(byCodePoint);
  const header: Record<string, unknown> = { [METADATA]: Object.fromEntries(metadata) };
  let end = 0;
  for (const name of names) {
    const { shape, data } = tensors.get(name)!;
    const begin = end;
    end += data.byteLength;
    header[name] = { dtype: FLOAT32, shape, data_offsets: [begin, end] };
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = PREFIX + Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(start + end).fill(0x20, PREFIX, start);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - PREFIX), true);
  bytes.set(json, PREFIX);
  bytes.set(contentOf(tensors), start);
  return bytes;
}

/** All numbers, little endian, in the order of the sorted names. */
export function contentOf(tensors: ReadonlyMap<string, Tensor>): Uint8Array<ArrayBuffer> {
  const sorted = [...tensors.keys()].sort(byCodePoint).map((name) => tensors.get(name)!.data);
  const content = new Uint8Array(sorted.reduce((sum, data) => sum + data.byteLength, 0));
  let at = 0;
  for (const data of sorted) {
    content.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return content;
}

type Info = ReturnType<typeof info>;

/** Arrays must fill the file, one after the other, each as long as its shape says. */
function checkLayout(infos: readonly (readonly [string, Info])[], size: number, what: string) {
  const inOrder = infos.toSorted((one, other) => {
    const [[a, b], [c, d]] = [one[1].data_offsets, other[1].data_offsets] as [number[], number[]];
    return a! - c! || b! - d!;
  });
  let at = 0;
  for (const [name, { dtype, shape, data_offsets }] of inOrder) {
    if (dtype !== FLOAT32) throw damaged(what, `'${name}' is not made of float32 numbers`);
    const bytes = shape.reduce((count, length) => count * length, 4);
    const [begin, end] = data_offsets;
    const fits = shape.every((length) => length >= 0) && begin === at && end === at + bytes;
    if (!fits || data_offsets.length !== 2)
      throw damaged(what, `'${name}' is not where it should be`);
    at = end!;
  }
  if (at !== size) throw damaged(what, "its arrays do not fill it");
}

function tensorOf({ shape, data_offsets }: Info, bytes: Uint8Array, start: number): Tensor {
  const content = bytes.slice(start + data_offsets[0]!, start + data_offsets[1]!);
  return { shape, data: new Float32Array(content.buffer) };
}

/** As Python sorts texts; JavaScript's own order is by UTF-16 units. */
function byCodePoint(one: string, other: string): number {
  const [a, b] = [Array.from(one), Array.from(other)];
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const difference = a[at]!.codePointAt(0)! - b[at]!.codePointAt(0)!;
    if (difference) return difference;
  }
  return a.length - b.length;
}

function damaged(what: string, why: string): BundleError {
  return new BundleError(
    `${what} is damaged or no safetensors (${why}): copy it again from its source.`,
  );
}
