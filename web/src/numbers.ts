/** Numbers in texts, written as Python writes them. */

/**
 * A finite number below 10²¹ as Python's `:.1f`: a half that is exactly one goes to the even digit, and
 * not up, as with `toFixed`.
 */
export function fixed(value: number, digits: number): string {
  const size = Math.abs(value);
  const isHalf = (size * 2 ** (digits + 1)) % 2 === 1; // only such numbers end right after a 5
  const below = size.toFixed(digits + 1).slice(0, digits ? -1 : -2);
  const isEven = Number(below.at(-1)) % 2 === 0;
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  return sign + (isHalf && isEven ? below : size.toFixed(digits));
}

/** A finite number to so many digits in all, as Python's `:.2g`; halves go up where it has an exponent. */
export function general(value: number, digits: number): string {
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e") as [string, string];
  const power = Number(exponent);
  if (power >= -4 && power < digits) return String(Number(fixed(value, digits - 1 - power)));
  return `${Number(mantissa)}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
}
