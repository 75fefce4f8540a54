/** What several screens show. */

import { html, type TemplateResult } from "lit-html";

import { button, notice, type Part, type Tone } from "../../pages/components.ts";
import type { NoticeKey, Phone, Values } from "../phone.ts";

const TONES: Partial<Record<NoticeKey, Tone>> = {
  trouble: "harm",
  server_silent: "harm",
  stop_again: "harm",
  outcome_refused: "harm",
  motion_silent: "harm",
  motion_refused: "harm",
  motion_missing: "harm",
  motion_insecure: "harm",
  strap_lost: "harm",
  accepted: "good",
  declined: "good",
  outcome_sent: "good",
  live_live: "good",
};

/** What the athlete must know now; a screen reader is told as it appears. */
export function notices(phone: Phone): TemplateResult {
  return html`<div class="notices" role="status">
    ${[...phone.notices].map(([key, values]) => notice(told(phone, key, values), TONES[key]))}
  </div>`;
}

/** What an error says is there in English alone; what a server says, in the language that it names. */
function told({ say }: Phone, key: NoticeKey, { message, lang = "en", ...values }: Values): Part {
  const text = say(key, values);
  return message === undefined ? text : html`${text} <span lang=${lang}>${message}</span>`;
}

/** A button that opens a file. */
export function fileButton(
  id: string,
  label: string,
  accept: string,
  opened: (bytes: Uint8Array<ArrayBuffer>) => unknown,
): TemplateResult {
  const read = async (event: Event) => {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    input.value = "";
    if (file) opened(new Uint8Array(await file.arrayBuffer()));
  };
  const open = () => (document.getElementById(id) as HTMLInputElement).click();
  return html`${button({ label, act: open })}
    <input id=${id} type="file" accept=${accept} hidden aria-label=${label} @change=${read} />`;
}
