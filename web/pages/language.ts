/** Texts in both languages, and which one this reader wants. */

import { filled, type Value } from "../src/guidance/wording.ts";

export type Language = "en" | "zh";

/** Sentences by key; `{name}` is filled in. */
export type Texts = Readonly<Record<string, Readonly<Record<Language, string>>>>;

/** One sentence in the language of now. */
export type Say<T extends Texts> = (
  key: keyof T & string,
  values?: Readonly<Record<string, Value>>,
) => string;

const KEPT = "distride.language";
const TAGS: Readonly<Record<Language, string>> = { en: "en", zh: "zh-CN" };

/** To choose from: each language, its own name for itself, and its tag. */
export const LANGUAGES = [
  ["en", "EN", TAGS.en],
  ["zh", "中文", TAGS.zh],
] as const;

/** What the reader chose before, else what their browser asks for first. */
export function preferredLanguage(): Language {
  const kept = localStorage.getItem(KEPT);
  if (kept === "en" || kept === "zh") return kept;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** Choose, for this page and the next visit. */
export function chooseLanguage(language: Language): void {
  localStorage.setItem(KEPT, language);
  showLanguage(language);
}

/** Tell screen readers and fonts which language the page speaks. */
export function showLanguage(language: Language): void {
  document.documentElement.lang = TAGS[language];
}

/** The tag under which a browser knows the language, as for speech. */
export function tagOf(language: Language): string {
  return TAGS[language];
}

/** What says the sentences of a page. */
export function speaker<T extends Texts>(texts: T, language: () => Language): Say<T> {
  return (key, values = {}) => filled(texts[key]![language()], values);
}
