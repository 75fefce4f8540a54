/** From raw windows to answers, as on the device. */

import type { Bundle } from "../bundle/bundle.ts";
import { scalerOf, specOf } from "../bundle/manifest.ts";
import type { PersonalHead } from "../bundle/personal.ts";
import type { BodyRunner } from "../bundle/session.ts";
import { BundleError, DataError } from "../errors.ts";
import { Familiarity } from "../heads/familiarity.ts";
import { type Head, probabilitiesOf, scoresOf } from "../heads/linear.ts";
import type { Matrix } from "../matrix.ts";
import type { Scaler } from "../signals/scale.ts";
import type { SignalSpec } from "../signals/spec.ts";

type ByTask<T> = ReadonlyMap<string, T>;

/** Answers for some windows. */
export interface Prediction {
  /** By classification task, `(window, class)`. */
  readonly probabilities: ByTask<Matrix>;
  /** By classification task, one a window: how like a taught movement, 0 to 1. */
  readonly familiarity: ByTask<Float64Array>;
  /** By regression task, one a window in the task's unit. */
  readonly values: ByTask<Float64Array>;
}

/** A bundle's scaler, body and heads, with an athlete's own heads where there are some. */
export class Predictor {
  private constructor(
    readonly bundle: Bundle,
    readonly heads: ByTask<Head>,
    readonly spec: SignalSpec,
    private readonly familiarity: ByTask<Familiarity>,
    private readonly scaler: Scaler,
    private readonly body: BodyRunner,
  ) {}

  /** With the shared heads. */
  static of(bundle: Bundle, body: BodyRunner): Predictor {
    const { manifest, heads } = bundle;
    const familiarity = new Map(
      classifying(heads).map(([task, head]) => [task, Familiarity.of(head)]),
    );
    const [spec, scaler] = [specOf(manifest), scalerOf(manifest)];
    return new Predictor(bundle, heads, spec, familiarity, scaler, body);
  }

  /** The same with an athlete's own heads; throws `BundleError` where they are of another body. */
  withHeads(own: PersonalHead): Predictor {
    if (own.bodySha256 !== this.bundle.bodySha256) {
      throw new BundleError(
        `The head of '${own.athlete}' fits another body than this bundle's: personalise again ` +
          "with this bundle.",
      );
    }
    const heads = new Map([...this.heads, ...own.heads]);
    const familiarity = new Map(
      [...this.familiarity].map(([task, shared]) => {
        const head = own.heads.get(task);
        return [task, head ? shared.withMovementsOf(head) : shared];
      }),
    );
    return new Predictor(this.bundle, heads, this.spec, familiarity, this.scaler, this.body);
  }

  /** Features `(window, feature)` of raw windows `(channel, time)` in SI units. */
  features(windows: readonly Float32Array[]): Promise<Matrix> {
    const size = this.spec.channels.length * this.spec.windowSamples;
    for (const { length } of windows) {
      if (length !== size) {
        throw new DataError(
          `A window holds ${length} numbers: ${this.spec.channels.length} channels of ` +
            `${this.spec.windowSamples} samples are what this bundle sees.`,
        );
      }
    }
    const scaled = windows.map((window) => this.scaler.scaled(window));
    return this.body.run(scaled, this.spec.channels.length);
  }

  /** Answers of every task for raw windows. */
  async predict(windows: readonly Float32Array[]): Promise<Prediction> {
    const features = await this.features(windows);
    const numbers = [...this.heads].filter(([, head]) => head.labels.length === 0);
    return {
      probabilities: new Map(
        classifying(this.heads).map(([task, head]) => [task, probabilitiesOf(head, features)]),
      ),
      familiarity: new Map([...this.familiarity].map(([task, one]) => [task, one.of(features)])),
      values: new Map(numbers.map(([task, head]) => [task, scoresOf(head, features).data])),
    };
  }
}

function classifying(heads: ByTask<Head>): [string, Head][] {
  return [...heads].filter(([, head]) => head.labels.length > 0);
}
