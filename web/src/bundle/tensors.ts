/** Heads as safetensors: a bundle's with what personalisation needs, an athlete's own without. */

import { BundleError } from "../errors.ts";
import { checked, type Head } from "../heads/linear.ts";
import { withClasses } from "../heads/personal.ts";
import { Matrix } from "../matrix.ts";
import type { Tensor } from "./safetensors.ts";

type Named = ReadonlyMap<string, Tensor>;
type LabelsByTask = ReadonlyMap<string, readonly string[]>;
type HeadsByTask = ReadonlyMap<string, Head>;

const OWN = ["weight", "bias", "temperature", "sums"];
const SHARED = [...OWN, "evidence", "targets"];

/** Arrays of an athlete's own heads. */
export function tensorsOf(heads: HeadsByTask): Named {
  const tensors = new Map<string, Tensor>();
  for (const [task, head] of heads) {
    const outputs = head.weight.rows;
    tensors.set(`${task}.weight`, tensor(head.weight));
    tensors.set(`${task}.bias`, { shape: [outputs], data: Float32Array.from(head.bias) });
    tensors.set(`${task}.temperature`, { shape: [1], data: Float32Array.of(head.temperature) });
    tensors.set(`${task}.sums`, tensor(head.sums));
  }
  return tensors;
}

/**
 * Heads by task.
 *
 * @param tensors Arrays by name.
 * @param labels By task; these tasks and no others must be there.
 * @param shared Whose evidence and targets are used; null where the tensors hold their own.
 */
export function headsOf(
  tensors: Named,
  labels: LabelsByTask,
  shared: HeadsByTask | null,
): ReadonlyMap<string, Head> {
  const parts = shared ? OWN : SHARED;
  const expected = [...labels.keys()].flatMap((task) => parts.map((part) => `${task}.${part}`));
  if (tensors.size !== expected.length || !expected.every((name) => tensors.has(name))) {
    const found = [...tensors.keys()].slice(0, 9);
    throw new BundleError(`The heads hold [${found}]: exactly [${expected}] are allowed.`);
  }
  for (const [name, { data }] of tensors) {
    if (!data.every(Number.isFinite)) {
      throw new BundleError(`'${name}' of the heads is not made of finite float32 numbers.`);
    }
  }
  return new Map(
    [...labels].map(([task, own]) => [task, headOf(tensors, task, own, shared?.get(task))]),
  );
}

function headOf(
  tensors: Named,
  task: string,
  labels: readonly string[],
  shared: Head | undefined,
): Head {
  const part = (name: string) => tensors.get(`${task}.${name}`)!;
  const weight = matrix(part("weight"), `${task}.weight`);
  const trained = shared
    ? {
        evidence: shared.evidence,
        targets: withClasses(shared.targets, labels.length - shared.labels.length),
      }
    : {
        evidence: symmetric(part("evidence"), task, weight.columns + 1),
        targets: matrix(part("targets"), `${task}.targets`),
      };
  return checked({
    task,
    labels,
    weight,
    bias: Float64Array.from(vector(part("bias"), `${task}.bias`)),
    temperature: scalar(part("temperature"), `${task}.temperature`),
    sums: matrix(part("sums"), `${task}.sums`),
    ...trained,
  });
}

function tensor(values: Matrix): Tensor {
  return { shape: [values.rows, values.columns], data: Float32Array.from(values.data) };
}

function matrix({ shape, data }: Tensor, name: string): Matrix {
  if (shape.length !== 2) throw misshapen(name, shape, "two dimensions");
  return Matrix.of(shape[0]!, shape[1]!, data);
}

function vector({ shape, data }: Tensor, name: string): Float32Array {
  if (shape.length !== 1) throw misshapen(name, shape, "one dimension");
  return data;
}

function scalar({ shape, data }: Tensor, name: string): number {
  if (shape.length !== 1 || data.length !== 1) throw misshapen(name, shape, "one number");
  return data[0]!;
}

/** A symmetric matrix from its upper triangle, row after row. */
function symmetric({ shape, data }: Tensor, task: string, size: number): Matrix {
  if (shape.length !== 1 || data.length !== (size * (size + 1)) / 2) {
    throw misshapen(`${task}.evidence`, shape, `the upper triangle of ${size} × ${size}`);
  }
  return new Matrix(size, size).map((_, row, column) => {
    const [first, second] = [Math.min(row, column), Math.max(row, column)];
    return data[first * size - (first * (first - 1)) / 2 + second - first]!;
  });
}

function misshapen(name: string, shape: readonly number[], needed: string): BundleError {
  return new BundleError(`'${name}' of the heads has the shape (${shape}): ${needed} is needed.`);
}
