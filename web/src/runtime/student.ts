/** What a device holds: a bundle that predicts, streams, and learns how an athlete moves. */

import { Bundle } from "../bundle/bundle.ts";
import type { PersonalHead } from "../bundle/personal.ts";
import { BodyRunner } from "../bundle/session.ts";
import type { Recording } from "../data/recording.ts";
import { WEIGHT } from "../heads/personal.ts";
import { personalHead } from "./adapt.ts";
import { Predictor } from "./predictor.ts";
import type { Smoothing } from "./smoothing.ts";
import { Stream } from "./stream.ts";

/** Which of the bundle's bodies runs. */
export type Precision = "fp32" | "int8";

/** How a live reading is done. */
export interface StreamOptions {
  /** The athlete's own. */
  readonly head?: PersonalHead;
  /** Rate at which samples will come; the bundle's own if not given. */
  readonly sourceHz?: number;
  /** How steady the answers are. */
  readonly smoothing?: Smoothing;
}

/** A bundle at work. */
export class Student {
  private constructor(
    readonly bundle: Bundle,
    /** With the shared heads. */
    readonly predictor: Predictor,
  ) {}

  /** Read the bytes of a bundle; throws `BundleError` where they are not exactly as specified. */
  static async open(data: Uint8Array, precision: Precision = "fp32"): Promise<Student> {
    const bundle = await Bundle.open(data);
    const body = await BodyRunner.of(precision === "fp32" ? bundle.bodyOnnx : bundle.bodyInt8);
    return new Student(bundle, Predictor.of(bundle, body));
  }

  /**
   * An athlete's own heads, in milliseconds; labels the model does not know are learnt too.
   *
   * Tasks in which the guard finds no sure gain keep the shared head; `reasons` says so.
   *
   * @param recordings Of one athlete, labelled.
   * @param weight Of a window of the athlete, as in `personalize`.
   * @param created Goes to the file.
   */
  personalize(
    recordings: readonly Recording[],
    weight = WEIGHT,
    created = new Date(),
  ): Promise<PersonalHead> {
    return personalHead(this.predictor, recordings, created, weight);
  }

  /** A live reading of one athlete. */
  stream({ head, sourceHz, smoothing }: StreamOptions = {}): Stream {
    const predictor = head ? this.predictor.withHeads(head) : this.predictor;
    return new Stream(predictor, sourceHz, smoothing);
  }
}
