/** The bundle: the one file that leaves training. */

import { BundleError } from "../errors.ts";
import type { Head } from "../heads/linear.ts";
import { BODY, BODY_INT8, CARD, HEAD, MANIFEST, unpack } from "./archive.ts";
import { sha256 } from "./hash.ts";
import { type Manifest, manifestFrom } from "./manifest.ts";
import { type PersonalHead, readHead } from "./personal.ts";
import { load } from "./safetensors.ts";
import { utf8 } from "./strict.ts";
import { headsOf } from "./tensors.ts";

/** What `docs/bundle.md` specifies, in memory. */
export class Bundle {
  private constructor(
    /** Preprocessing, tasks, thresholds and provenance. */
    readonly manifest: Manifest,
    /** The shared head of each task. */
    readonly heads: ReadonlyMap<string, Head>,
    /** The feature extractor, ONNX. */
    readonly bodyOnnx: Uint8Array,
    /** The same, quantised. */
    readonly bodyInt8: Uint8Array,
    /** The model card, Markdown. */
    readonly card: string,
    /** What a personal head names to say which body it fits. */
    readonly bodySha256: string,
  ) {}

  /** Read the bytes of a file; throws `BundleError` where they are not exactly as specified. */
  static async open(data: Uint8Array): Promise<Bundle> {
    const entries = unpack(data);
    const entry = (name: string) => entries.get(name)!;
    const manifest = manifestFrom(entry(MANIFEST));
    await checkDigests(entries, manifest.sha256);
    const labels = new Map(manifest.tasks.map((task) => [task.name, task.labels]));
    const heads = headsOf(load(entry(HEAD), HEAD).tensors, labels, null);
    checkFeatures(heads, manifest.body.features);
    const digest = manifest.sha256.get(BODY)!;
    return new Bundle(manifest, heads, entry(BODY), entry(BODY_INT8), cardOf(entry(CARD)), digest);
  }

  /** Read an athlete's heads made for this bundle's body, from the bytes of their file. */
  personalHead(data: Uint8Array): Promise<PersonalHead> {
    return readHead(data, this.bodySha256, this.heads);
  }
}

async function checkDigests(
  entries: ReadonlyMap<string, Uint8Array>,
  told: ReadonlyMap<string, string>,
): Promise<void> {
  const names = [BODY, BODY_INT8, HEAD, CARD];
  const found = await Promise.all(names.map((name) => sha256(entries.get(name)!)));
  const same = names.every((name, at) => told.get(name) === found[at]);
  if (!same || told.size !== names.length) {
    throw new BundleError(
      "The bundle is damaged: an entry has not the sha256 that the manifest names; copy it again " +
        "from its source.",
    );
  }
}

function checkFeatures(heads: ReadonlyMap<string, Head>, features: number): void {
  for (const { task, weight } of heads.values()) {
    if (weight.columns !== features) {
      throw new BundleError(
        `Head '${task}' takes ${weight.columns} features and the body gives ${features}: these ` +
          "must be equal.",
      );
    }
  }
}

function cardOf(bytes: Uint8Array): string {
  try {
    return utf8(bytes);
  } catch {
    throw new BundleError("The card of the bundle is not UTF-8: copy it again from its source.");
  }
}
