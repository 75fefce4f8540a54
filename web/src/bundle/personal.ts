/** The file of an athlete's own heads: a few kB that fit one body and no other. */

import { BundleError } from "../errors.ts";
import type { Head } from "../heads/linear.ts";
import { sha256 } from "./hash.ts";
import { FORMAT } from "./manifest.ts";
import { contentOf, load, save, type Tensor } from "./safetensors.ts";
import { integer, type Kind, list, mapping, number, parse, text } from "./strict.ts";
import { headsOf, tensorsOf } from "./tensors.ts";

const LARGEST = 16 * 2 ** 20;
const SHA256 = "sha256";
const KEYS = [
  "athlete",
  "body_sha256",
  "created",
  "format",
  "labels",
  "reasons",
  "scores",
  SHA256,
  "shots",
];

type Metadata = ReadonlyMap<string, string>;
type ByTask<T> = ReadonlyMap<string, T>;

/** One athlete's heads for all, some or no tasks of a body. */
export interface PersonalHead {
  readonly athlete: string;
  /** Of the body the heads fit. */
  readonly bodySha256: string;
  /** Date and time, ISO 8601. */
  readonly created: string;
  readonly heads: ByTask<Head>;
  /** By task, by label, how many windows it learnt from; of a regression under the label "". */
  readonly shots: ByTask<ReadonlyMap<string, number>>;
  /** By task, what the guard measured: `shared_score`, `personal_score`. */
  readonly scores: ByTask<ReadonlyMap<string, number>>;
  /** By task, why its head went live or why the shared one stays. */
  readonly reasons: ByTask<string>;
}

/** The bytes of `ATHLETE.head.safetensors`. */
export async function writeHead(personal: PersonalHead): Promise<Uint8Array<ArrayBuffer>> {
  const tensors = tensorsOf(personal.heads);
  const metadata = new Map([
    ["athlete", personal.athlete],
    ["body_sha256", personal.bodySha256],
    ["created", personal.created],
    ["format", String(FORMAT)],
    ["labels", json(new Map([...personal.heads].map(([task, head]) => [task, head.labels])))],
    ["reasons", json(personal.reasons)],
    ["scores", json(personal.scores)],
    ["shots", json(personal.shots)],
  ]);
  metadata.set(SHA256, await digestOf(metadata, tensors));
  return save({ tensors, metadata });
}

/**
 * Read an athlete's heads; throws `BundleError` where they are damaged or of another body.
 *
 * @param data The bytes of the file.
 * @param bodySha256 Of the body at hand.
 * @param shared The bundle's heads; their evidence and labels belong to an athlete's too.
 */
export async function readHead(
  data: Uint8Array,
  bodySha256: string,
  shared: ByTask<Head>,
): Promise<PersonalHead> {
  if (data.length > LARGEST) {
    throw new BundleError(`The head is larger than the ${LARGEST} bytes allowed: it is not ours.`);
  }
  const { tensors, metadata } = load(data, "The head");
  checkMetadata(metadata);
  if (metadata.get(SHA256) !== (await digestOf(metadata, tensors))) {
    throw new BundleError("The head is damaged: its content does not have its sha256.");
  }
  const body = metadata.get("body_sha256")!;
  if (body !== bodySha256) {
    throw new BundleError(
      `The head fits another body (${body.slice(0, 12)}…) than this bundle's ` +
        `(${bodySha256.slice(0, 12)}…): personalise again with this bundle.`,
    );
  }
  const labels = field(metadata, "labels", mapping(list(text)));
  checkLabels(labels, shared);
  return {
    athlete: metadata.get("athlete")!,
    bodySha256,
    created: metadata.get("created")!,
    heads: headsOf(tensors, labels, shared),
    shots: field(metadata, "shots", mapping(mapping(integer))),
    scores: field(metadata, "scores", mapping(mapping(number))),
    reasons: field(metadata, "reasons", mapping(text)),
  };
}

function checkMetadata(metadata: Metadata): void {
  if ([...metadata.keys()].sort().join() !== KEYS.join()) {
    throw new BundleError(
      `The file is no personal head: its metadata are [${[...metadata.keys()].slice(0, 9)}] and ` +
        `exactly [${KEYS}] are allowed.`,
    );
  }
  if (metadata.get("format") !== String(FORMAT)) {
    throw new BundleError(
      `The format number of the head is '${metadata.get("format")!.slice(0, 40)}' and this version ` +
        `reads ${FORMAT}: update distride, or personalise again.`,
    );
  }
}

function checkLabels(labels: ByTask<readonly string[]>, shared: ByTask<Head>): void {
  for (const [task, own] of labels) {
    const known = shared.get(task)?.labels;
    const extended = known?.length ? own.length >= known.length : own.length === 0;
    if (!known || !extended || !known.every((label, at) => own[at] === label)) {
      throw new BundleError(
        `The head has the labels [${own.slice(0, 9)}] for task '${task}': the bundle has tasks ` +
          `[${[...shared.keys()]}], and its own labels must come first.`,
      );
    }
    if (new Set(own).size < own.length) {
      throw new BundleError(`The head names a label of task '${task}' twice.`);
    }
  }
}

function field<T>(metadata: Metadata, key: string, kind: Kind<T>): T {
  return kind(parse(metadata.get(key)!, `'${key}' of a personal head`), key);
}

/** Over the metadata as JSON with sorted keys, and the numbers. */
function digestOf(metadata: Metadata, tensors: ReadonlyMap<string, Tensor>): Promise<string> {
  const texts = KEYS.filter((key) => key !== SHA256).map((key) => [key, metadata.get(key)]);
  const header = new TextEncoder().encode(JSON.stringify(Object.fromEntries(texts)));
  const content = contentOf(tensors);
  const all = new Uint8Array(header.length + content.length);
  all.set(header);
  all.set(content, header.length);
  return sha256(all);
}

function json(table: ReadonlyMap<string, unknown>): string {
  return JSON.stringify(table, (_, value) => {
    return value instanceof Map ? Object.fromEntries(value) : value;
  });
}
