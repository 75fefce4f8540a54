/** The zip of a bundle: exactly its entries, stored, whole; the twin of `bundle/archive.py`. */

import { BundleError } from "../errors.ts";

export const MANIFEST = "manifest.json";
export const BODY = "body.onnx";
export const BODY_INT8 = "body.int8.onnx";
export const HEAD = "head.safetensors";
export const CARD = "card.md";

const MEBIBYTE = 2 ** 20;
const LIMITS: ReadonlyMap<string, number> = new Map([
  [MANIFEST, MEBIBYTE],
  [BODY, 64 * MEBIBYTE],
  [BODY_INT8, 64 * MEBIBYTE],
  [HEAD, 64 * MEBIBYTE],
  [CARD, MEBIBYTE],
]);
const LARGEST = [...LIMITS.values()].reduce((sum, limit) => sum + limit, MEBIBYTE);

const END = { signature: 0x06054b50, size: 22 }; // of the archive, before its comment
const LISTED = { signature: 0x02014b50, size: 46 }; // an entry in the list at the end
const LOCAL = { signature: 0x04034b50, size: 30 }; // before an entry's bytes
const LONGEST_COMMENT = 0xffff;
const UNREADABLE_FLAGS = 0x61; // encrypted, patched, strongly encrypted
const STORED = 0;

/** An entry as the archive lists it. */
interface Entry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly storedSize: number;
  readonly size: number;
  readonly offset: number;
}

/** The entries of a zip that holds exactly what a bundle holds, stored. */
export function unpack(data: Uint8Array): ReadonlyMap<string, Uint8Array> {
  if (data.length > LARGEST) {
    throw new BundleError(
      `The bundle is larger than the ${LARGEST} bytes allowed: it is not ours.`,
    );
  }
  try {
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    const entries = listed(view);
    checkNames(entries.map((entry) => entry.name));
    return new Map(entries.map((entry) => [entry.name, contentOf(entry, data, view)]));
  } catch (error) {
    if (error instanceof BundleError) throw error;
    throw damaged((error as Error).message); // a RangeError: something lies beyond the end
  }
}

function listed(view: DataView): Entry[] {
  const end = endOf(view);
  const count = view.getUint16(end + 10, true);
  const [size, start] = [view.getUint32(end + 12, true), view.getUint32(end + 16, true)];
  if (start + size !== end) throw damaged("its list of entries is not where it should be");
  const entries: Entry[] = [];
  let at = start;
  while (at < end) {
    expect(view, at, LISTED.signature);
    const nameLength = view.getUint16(at + 28, true);
    entries.push({
      name: textAt(view, at + LISTED.size, nameLength),
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      storedSize: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    });
    const [extra, comment] = [view.getUint16(at + 30, true), view.getUint16(at + 32, true)];
    at += LISTED.size + nameLength + extra + comment;
  }
  if (entries.length !== count)
    throw damaged(`it lists ${entries.length} entries and not ${count}`);
  return entries;
}

/** Where the archive's end record begins. */
function endOf(view: DataView): number {
  const last = view.byteLength - END.size;
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
    const found = view.getUint32(at, true) === END.signature;
    if (found && at + END.size + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  throw damaged("it has no end of a zip");
}

function contentOf(entry: Entry, data: Uint8Array, view: DataView): Uint8Array {
  checkEntry(entry);
  expect(view, entry.offset, LOCAL.signature);
  const nameLength = view.getUint16(entry.offset + 26, true);
  if (textAt(view, entry.offset + LOCAL.size, nameLength) !== entry.name) {
    throw damaged(`'${entry.name}' has another name where it lies`);
  }
  const extra = view.getUint16(entry.offset + 28, true);
  const start = entry.offset + LOCAL.size + nameLength + extra;
  const content = data.subarray(start, start + entry.size);
  if (content.length !== entry.size || crc32(content) !== entry.crc) {
    throw damaged(`'${entry.name}' is not what was written`);
  }
  return content;
}

function checkNames(names: readonly string[]): void {
  const allowed = [...LIMITS.keys()];
  if ([...names].sort().join("\n") !== [...allowed].sort().join("\n")) {
    const found = names.slice(0, 9).map((name) => name.slice(0, 60));
    throw new BundleError(
      `The bundle holds [${found}]: exactly [${allowed}], each once, are allowed.`,
    );
  }
}

function checkEntry({ name, size, storedSize, method, flags }: Entry): void {
  const limit = LIMITS.get(name)!;
  if (size > limit) {
    throw new BundleError(`The entry '${name}' has ${size} bytes: at most ${limit} are allowed.`);
  }
  if (method !== STORED || storedSize !== size) {
    throw new BundleError(`The entry '${name}' is compressed: only stored ones are read.`);
  }
  if (flags & UNREADABLE_FLAGS) {
    throw new BundleError(`The entry '${name}' is encrypted: bundles never are.`);
  }
}

function expect(view: DataView, at: number, signature: number): void {
  if (view.getUint32(at, true) !== signature) throw damaged(`byte ${at} is not a zip's`);
}

function textAt(view: DataView, at: number, length: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, length);
  return new TextDecoder().decode(bytes);
}

function damaged(why: string): BundleError {
  return new BundleError(`The bundle is damaged or none (${why}): copy it again from its source.`);
}

/** The checksum of zip files (polynomial 0xEDB88320, ISO 3309). */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ CRC_TABLE[(crc ^ byte) & 0xff]!;
  return ~crc >>> 0;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});
