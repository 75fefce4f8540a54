/** What a check expects, in Node and in a browser alike. */

/** A number or array of Python's; null is one that is not finite. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: readonly (number | null)[];
}

const TOLERANCE = 1e-4;
const DIGITS = /\d+(?:\.\d+)?(?:e-\d+)?/g;
const LAST_DIGIT = 0.011; // of a number in a sentence
const LONGEST = 400; // of what a message quotes

/** Throws where the two numbers of any pair differ by more than 1e-4, absolutely or relatively. */
export function close(
  actual: ArrayLike<number>,
  expected: Numbers | readonly (number | null)[],
  what: string,
  tolerance = TOLERANCE,
): void {
  const wanted = "data" in expected ? expected.data : expected;
  equal(actual.length, wanted.length, `${what}: count`);
  for (const [at, value] of wanted.entries()) {
    const found = actual[at]!;
    const allowed = tolerance * Math.max(1, Math.abs(value ?? 0));
    const same = value === null ? !Number.isFinite(found) : Math.abs(found - value) <= allowed;
    if (!same) throw new Error(`${what}: number ${at} is ${found} and not ${value}`);
  }
}

/** Throws where two values differ as JSON; the order of keys does not matter. */
export function equal(actual: unknown, expected: unknown, what: string): void {
  const [found, wanted] = [json(actual), json(expected)];
  if (found !== wanted) {
    throw new Error(`${what}: ${found.slice(0, LONGEST)} and not ${wanted.slice(0, LONGEST)}`);
  }
}

/** Throws where two sentences differ in more than the last digit of their numbers. */
export function sameSentence(actual: string, expected: string, what: string): void {
  equal(actual.replace(DIGITS, "#"), expected.replace(DIGITS, "#"), what);
  const numbers = (sentence: string) => (sentence.match(DIGITS) ?? []).map(Number);
  close(numbers(actual), numbers(expected), `${what}: ${actual}`, LAST_DIGIT);
}

function json(value: unknown): string {
  const inOrder = (_: string, one: unknown) => {
    const isTable = typeof one === "object" && one !== null && !Array.isArray(one);
    return isTable ? Object.fromEntries(Object.entries(one).sort()) : one;
  };
  return JSON.stringify(value, inOrder) ?? "nothing";
}
