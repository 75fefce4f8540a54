/** What the server answered with, as its reader is told. */

/** A sentence, and the tag of its language. */
export interface Told {
  readonly text: string;
  readonly lang: string;
}

/** What asks the server for the page's own language. */
export function askedLanguage(): { readonly "Accept-Language": string } {
  return { "Accept-Language": document.documentElement.lang };
}

/** Why the server refused; what only its library says is in English. */
export async function refusalOf(answer: Response): Promise<Told> {
  const told = await answer.json().catch(() => null);
  const text = told?.error?.message ?? `${answer.status} ${answer.statusText}`.trim();
  return { text, lang: answer.headers.get("Content-Language") ?? "en" };
}
