/** The server that this page came from; `docs/server.md` says what is asked of it. */

import { askedLanguage, refusalOf, type Told } from "../pages/answers.ts";
import type { Page } from "./types.ts";

const MOST_LISTED = 1000;

/** A request that was answered with no, or by nobody. */
export class Refused extends Error {
  override name = "Refused";

  constructor(
    /** 0 where nobody answered. */
    readonly status: number,
    /** What to tell the reader; null where nobody answered. */
    readonly told: Told | null,
  ) {
    super(told?.text);
  }
}

type Method = "GET" | "POST" | "PUT" | "DELETE";

export class Server {
  constructor(readonly base: URL) {}

  address(path: string): string {
    return new URL(path, this.base).href;
  }

  async get<T>(path: string): Promise<T> {
    return this.#asked("GET", path);
  }

  /** A list to its end, or to a thousand of it. */
  async list<T>(path: string): Promise<readonly T[]> {
    const items: T[] = [];
    let next: string | null = "0";
    while (next !== null && items.length < MOST_LISTED) {
      const page: Page<T> = await this.get(`${path}?after=${next}`);
      items.push(...page.items);
      next = page.next;
    }
    return items;
  }

  /** Send JSON, or a file as it is. */
  async send<T = void>(method: Method, path: string, body?: object): Promise<T> {
    if (body === undefined) return this.#asked(method, path);
    if (body instanceof Blob) return this.#asked(method, path, body);
    const type = { "Content-Type": "application/json" };
    return this.#asked(method, path, JSON.stringify(body), type);
  }

  async #asked<T>(method: Method, path: string, body?: BodyInit, type = {}): Promise<T> {
    const headers = { ...askedLanguage(), ...type };
    const asked = fetch(this.address(path), { method, headers, ...(body && { body }) });
    const answer = await asked.catch(() => null);
    if (answer === null) throw new Refused(0, null);
    if (!answer.ok) throw new Refused(answer.status, await refusalOf(answer));
    return answer.status === 204 ? (undefined as T) : answer.json();
  }
}
