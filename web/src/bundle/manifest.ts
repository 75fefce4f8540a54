/** What a bundle says of itself; `docs/bundle.md` is the specification. */

import { BundleError } from "../errors.ts";
import { Scaler } from "../signals/scale.ts";
import { SignalSpec } from "../signals/spec.ts";
import { anything, integer, list, mapping, number, object, parse, text } from "./strict.ts";

export const FORMAT = 1;
const LARGEST = 1e30; // of the scaler's numbers
const SHIPPED = [
  "student",
  "student_alone",
  "student_label_smoothing",
  "student_hard_labels",
  "student_without_base",
];

const taskCard = object({
  name: text,
  kind: text,
  labels: list(text),
  unit: text,
  abstain_below: number,
  unknown_below: number,
});

const manifest = object({
  format: integer,
  name: text,
  signals: object({
    channels: list(text),
    units: list(text),
    rate_hz: number,
    window_s: number,
    hop_s: number,
  }),
  scaler: object({ mean: list(number), scale: list(number) }),
  body: object({ features: integer, params: integer, input: text, output: text }),
  tasks: list(taskCard),
  distillation: object({ shipped: text, alpha: number, temperature: number }),
  training: object({
    cohort: text,
    licence: text,
    citation: text,
    athletes: integer,
    protocol: mapping(anything),
    scores: mapping(anything),
  }),
  versions: mapping(text),
  sha256: mapping(text),
});

/** One task: what its head's outputs mean, and when not to trust them. */
export type TaskCard = ReturnType<typeof taskCard>;

/** Everything of a bundle that is not weights, as `manifest.json` has it. */
export type Manifest = ReturnType<typeof manifest>;

/** From `manifest.json`; throws `BundleError` where the specification does not allow it. */
export function manifestFrom(json: Uint8Array): Manifest {
  const table = parse(json, "manifest.json");
  const format = (table as { format?: unknown } | null)?.format;
  if (format !== FORMAT) {
    throw new BundleError(
      `The bundle's format number is ${JSON.stringify(format)?.slice(0, 40)} and this version ` +
        `reads ${FORMAT}: update distride, or train anew.`,
    );
  }
  const found = manifest(table, "manifest.json");
  checkSignals(found);
  checkBody(found);
  checkTasks(found.tasks);
  specOf(found); // its own checks
  return found;
}

/** What a window is. */
export function specOf({ signals }: Manifest): SignalSpec {
  return new SignalSpec(signals.channels, signals.rate_hz, signals.window_s, signals.hop_s);
}

/** What windows go through before the body. */
export function scalerOf({ scaler }: Manifest): Scaler {
  return new Scaler(scaler.mean, scaler.scale);
}

function checkSignals({ signals, scaler }: Manifest): void {
  const lengths = [signals.units, scaler.mean, scaler.scale].map((each) => each.length);
  const fits =
    scaler.mean.every((mean) => Math.abs(mean) <= LARGEST) &&
    scaler.scale.every((scale) => scale >= 1 / LARGEST && scale <= LARGEST);
  if (!lengths.every((length) => length === signals.channels.length) || !fits) {
    throw new BundleError(
      `The bundle has ${lengths} units, means and scales for ${signals.channels.length} channels: ` +
        `there must be one each, scales are positive, and no number is beyond ${LARGEST}.`,
    );
  }
}

function checkBody({ body, distillation, sha256 }: Manifest): void {
  if (body.features < 1 || body.params < 0) {
    throw new BundleError(
      `The bundle's body has ${body.features} features and ${body.params} parameters: at least ` +
        "one feature is needed.",
    );
  }
  if (!SHIPPED.includes(distillation.shipped)) {
    throw new BundleError(`The bundle ships '${distillation.shipped}': allowed are ${SHIPPED}.`);
  }
  if (![...sha256.values()].every((digest) => /^[0-9a-f]{64}$/.test(digest))) {
    throw new BundleError("The bundle's manifest holds a sha256 that is none.");
  }
}

function checkTasks(tasks: readonly TaskCard[]): void {
  const names = tasks.map((task) => task.name);
  if (names.length === 0 || new Set(names).size < names.length) {
    throw new BundleError(`The bundle's tasks are [${names}]: at least one, each once.`);
  }
  tasks.forEach(checkTask);
}

function checkTask({ name, kind, labels, abstain_below, unknown_below }: TaskCard): void {
  const known =
    (kind === "classification" && labels.length >= 2) ||
    (kind === "regression" && labels.length === 0);
  if (!name || !known || new Set(labels).size < labels.length) {
    throw new BundleError(
      `Task '${name}' is a ${kind} with the labels [${labels}]: it needs a name, and either two ` +
        "labels or more, each once, as a classification or none as a regression.",
    );
  }
  if (![abstain_below, unknown_below].every((below) => below >= 0 && below <= 1)) {
    throw new BundleError(
      `Task '${name}' abstains below a confidence of ${abstain_below} and a familiarity of ` +
        `${unknown_below}: 0 to 1 is allowed.`,
    );
  }
}
