/** What several screens show. */

import { html, nothing, type TemplateResult } from "lit-html";
import type { Told } from "../../pages/answers.ts";
import { dateOf } from "../../pages/clock.ts";
import { button, notice } from "../../pages/components.ts";
import { tagOf } from "../../pages/language.ts";
import type { Coach } from "../coach.ts";
import type { Bundle, Invitation } from "../types.ts";

/** What was done, with a way back, and what did not work; a screen reader is told as it appears. */
export function newsView(coach: Coach): TemplateResult {
  const { say, news, trouble } = coach;
  const undo = news?.undo;
  return html`<div class="notices" role="status">
      ${
        news
          ? html`<div class="notice good row between">
            <span>${news.text}</span>
            ${undo ? button({ label: say("undo"), act: undo, looks: "plain" }) : nothing}
          </div>`
          : nothing
      }
    </div>
    <div class="notices" role="alert">${trouble ? troubleView(coach, trouble) : nothing}</div>`;
}

/** What is known in another language alone is told so. */
function troubleView({ say, language }: Coach, { text, lang }: Told): TemplateResult {
  const lead = lang === tagOf(language) ? nothing : say("other_language");
  return notice(html`${lead}<span lang=${lang}>${text}</span>`, "harm");
}

export interface TextField {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
  readonly list?: readonly string[];
  readonly change: (value: string) => unknown;
}

/** A field that is read with every key. */
export function textField({ id, label, value, hint, list, change }: TextField): TemplateResult {
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <input
      id=${id}
      autocomplete="off"
      .value=${value}
      list=${list ? `${id}-list` : nothing}
      aria-describedby=${hint ? `${id}-hint` : nothing}
      @input=${(event: Event) => change((event.target as HTMLInputElement).value)}
    />
    ${list ? html`<datalist id="${id}-list">${list.map((one) => html`<option value=${one}></option>`)}</datalist>` : nothing}
    ${hint ? html`<span class="small quiet" id="${id}-hint">${hint}</span>` : nothing}
  </div>`;
}

/** A button that opens files. */
export function uploadView(
  { say, isBusy }: Coach,
  label: string,
  opened: (files: readonly File[]) => unknown,
): TemplateResult {
  const chosen = (event: Event) => {
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    input.value = "";
    if (files.length) opened(files);
  };
  const open = () => document.getElementById("upload")!.click();
  return html`${button({ label: isBusy ? say("working") : label, act: open, disabled: isBusy })}
    <input id="upload" type="file" multiple hidden aria-label=${label} @change=${chosen} />`;
}

export function bundleName({ language }: Coach, one: Bundle): string {
  const score = one.macro_f1 === null ? "" : ` · F1 ${one.macro_f1.toFixed(2)}`;
  return `${one.name}${score} · ${dateOf(one.created_at, language)}`;
}

export function invitationView(coach: Coach, { link, expires_at }: Invitation): TemplateResult {
  const { say, language } = coach;
  const copied = async () => {
    await navigator.clipboard.writeText(link);
    coach.tell(say("copied"));
  };
  return html`<div class="stack">
    <p>${say("hand_on", { until: dateOf(expires_at, language) })}</p>
    <div class="row asking">
      <div class="field handed">
        <input class="link" readonly aria-label=${say("link")} .value=${link} />
      </div>
      ${navigator.clipboard ? button({ label: say("copy"), act: copied }) : nothing}
    </div>
  </div>`;
}
