/** Plain pieces that every page is made of; `base.css` has their looks. */

import { html, nothing, type TemplateResult } from "lit-html";

export type Part = TemplateResult | string | typeof nothing;

export interface Button {
  readonly label: string;
  readonly act: () => unknown;
  /** Of its looks: `main`, `harm`, `plain`, `wide`. */
  readonly looks?: string;
  readonly disabled?: boolean;
}

export function button({ label, act, looks = "", disabled = false }: Button): TemplateResult {
  return html`<button type="button" class="button ${looks}" ?disabled=${disabled} @click=${act}>
    ${label}
  </button>`;
}

export type Tone = "caution" | "harm" | "good";

/** Something the reader should know; a screen reader is told by the live region around it. */
export function notice(text: Part, tone: Tone = "caution"): TemplateResult {
  return html`<p class="notice ${tone}">${text}</p>`;
}

/** The title of a screen, at which a reader goes on. */
export function heading(title: string): TemplateResult {
  return html`<h1 tabindex="-1">${title}</h1>`;
}

export function card(title: string, ...parts: Part[]): TemplateResult {
  return html`<section class="card"><h2>${title}</h2>${parts}</section>`;
}

export interface Field {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
  readonly type?: "text" | "number" | "url" | "password";
  readonly change: (value: string) => unknown;
}

export function field({ id, label, value, hint, type = "text", change }: Field): TemplateResult {
  const told = hint ? html`<span class="small quiet" id="${id}-hint">${hint}</span>` : nothing;
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <input
      id=${id}
      type=${type}
      inputmode=${type === "number" ? "decimal" : nothing}
      autocomplete="off"
      .value=${value}
      aria-describedby=${hint ? `${id}-hint` : nothing}
      @change=${(event: Event) => change((event.target as HTMLInputElement).value)}
    />
    ${told}
  </div>`;
}

export interface Select<T extends string> {
  readonly id: string;
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [T, string])[];
  readonly change: (value: T) => unknown;
}

export function select<T extends string>(one: Select<T>): TemplateResult {
  return html`<div class="field">
    <label for=${one.id}>${one.label}</label>
    <select
      id=${one.id}
      @change=${(event: Event) => one.change((event.target as HTMLSelectElement).value as T)}
    >
      ${one.options.map(
        ([value, label]) =>
          html`<option value=${value} ?selected=${value === one.value}>${label}</option>`,
      )}
    </select>
  </div>`;
}

export interface Check {
  readonly id: string;
  readonly label: string;
  readonly checked: boolean;
  readonly hint?: string;
  readonly change: (checked: boolean) => unknown;
}

export function check({ id, label, checked, hint, change }: Check): TemplateResult {
  return html`<div class="check">
    <input
      id=${id}
      type="checkbox"
      .checked=${checked}
      aria-describedby=${hint ? `${id}-hint` : nothing}
      @change=${(event: Event) => change((event.target as HTMLInputElement).checked)}
    />
    <label for=${id}>${label}</label>
    ${hint ? html`<span class="small quiet" id="${id}-hint">${hint}</span>` : nothing}
  </div>`;
}

/** One of a few, as pressed buttons. */
export function choice<T extends string>(
  label: string,
  value: T,
  options: readonly (readonly [T, string, string?])[],
  change: (value: T) => unknown,
): TemplateResult {
  return html`<div class="choice" role="group" aria-label=${label}>
    ${options.map(
      ([one, name, lang]) => html`<button
        type="button"
        lang=${lang ?? nothing}
        aria-pressed=${one === value ? "true" : "false"}
        @click=${() => change(one)}
      >
        ${name}
      </button>`,
    )}
  </div>`;
}
