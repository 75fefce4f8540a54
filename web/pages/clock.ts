/** Times as people read them. */

import { type Language, tagOf } from "./language.ts";

/** `3:07`, or `1:02:03`; with digits behind the point as asked. */
export function clock(seconds: number, digits = 0): string {
  const tens = 10 ** digits;
  const whole = Math.floor(Math.max(0, seconds) * tens + 1e-6) / tens;
  const [h, m] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const s = (whole % 60).toFixed(digits).padStart(digits ? 3 + digits : 2, "0");
  return h > 0 ? `${h}:${String(m).padStart(2, "0")}:${s}` : `${m}:${s}`;
}

export function dateOf(iso: string, language: Language): string {
  const style = { dateStyle: "medium", timeStyle: "short" } as const;
  return new Date(iso).toLocaleString(tagOf(language), style);
}

export function dayOf(iso: string, language: Language): string {
  return new Date(iso).toLocaleDateString(tagOf(language), { dateStyle: "medium" });
}
