/** The body on a device: onnxruntime in WebAssembly, on one thread, silent. */

import { env, InferenceSession, Tensor } from "onnxruntime-web/wasm";

import { joined } from "../arrays.ts";
import { BundleError } from "../errors.ts";
import { Matrix } from "../matrix.ts";
import { Turns } from "../turns.ts";

const WINDOWS_AT_ONCE = 256;
const TURNS = new Turns(); // onnxruntime-web cannot run two batches at once, not even of two bodies

env.wasm.numThreads = 1; // a window is so small that sharing it out costs more than it saves
env.logLevel = "error";

/** Scaled windows to features. */
export class BodyRunner {
  readonly #session: InferenceSession;
  readonly #input: string;
  readonly #output: string;

  private constructor(session: InferenceSession, input: string, output: string) {
    this.#session = session;
    this.#input = input;
    this.#output = output;
  }

  /** Make a body ready to run; throws `BundleError` where it is no usable ONNX. */
  static async of(body: Uint8Array): Promise<BodyRunner> {
    const session = await InferenceSession.create(body, {
      executionProviders: ["wasm"],
      logSeverityLevel: 3,
    }).catch((error: Error) => {
      throw new BundleError(`The bundle's body is no usable ONNX: ${error.message}`);
    });
    const { inputNames, outputNames } = session;
    if (inputNames.length !== 1 || outputNames.length !== 1) {
      throw new BundleError(
        `The bundle's body has ${inputNames.length} inputs and ${outputNames.length} outputs: one ` +
          "each is needed.",
      );
    }
    return new BodyRunner(session, inputNames[0]!, outputNames[0]!);
  }

  /** Features `(window, feature)` of scaled windows, each `(channel, time)`. */
  async run(windows: readonly Float32Array[], channels: number): Promise<Matrix> {
    let features = new Float32Array();
    for (let start = 0; start < windows.length; start += WINDOWS_AT_ONCE) {
      const some = windows.slice(start, start + WINDOWS_AT_ONCE);
      features = joined(features, await this.#features(some, channels));
    }
    return Matrix.of(windows.length, features.length / Math.max(windows.length, 1), features);
  }

  async #features(windows: readonly Float32Array[], channels: number): Promise<Float32Array> {
    const samples = windows[0]!.length;
    const batch = new Float32Array(windows.length * samples);
    for (const [at, window] of windows.entries()) batch.set(window, at * samples);
    const input = new Tensor("float32", batch, [windows.length, channels, samples / channels]);
    const run = () => this.#session.run({ [this.#input]: input });
    const outputs = await TURNS.take(run).catch((error: Error) => {
      throw new BundleError(
        `The bundle's body cannot take windows of shape (${input.dims}): ${error.message}`,
      );
    });
    return outputs[this.#output]!.data as Float32Array;
  }
}
