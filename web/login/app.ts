/** The entrance: log in by name and password, or choose a password by a link. */

import { html, nothing, render, type TemplateResult } from "lit-html";

import { askedLanguage, refusalOf, type Told } from "../pages/answers.ts";
import { choice, notice } from "../pages/components.ts";
import {
  chooseLanguage,
  LANGUAGES,
  preferredLanguage,
  showLanguage,
  speaker,
  tagOf,
} from "../pages/language.ts";
import { preferredTheme, showTheme } from "../pages/theme.ts";
import { TEXTS } from "./texts.ts";

const API = new URL("/api/v1/", location.href);
const LONGEST = 200;

/** All that the page shows. */
const state = {
  language: preferredLanguage(),
  link: location.hash.slice(1),
  trouble: null as Told | null,
  isBusy: false,
};
const say = speaker(TEXTS, () => state.language);

function pageView(): TemplateResult {
  const { link, trouble, isBusy } = state;
  return html`<main class="stack">
    <div class="row between">
      <span class="brand">Distride</span>
      ${choice(say("language"), state.language, LANGUAGES, (one) => {
        state.language = one;
        state.trouble = null;
        chooseLanguage(one);
        redraw();
      })}
    </div>
    <h1>${say(link ? "first_login" : "log_in")}</h1>
    <div aria-live="assertive">${trouble ? notice(html`<span lang=${trouble.lang}>${trouble.text}</span>`, "harm") : nothing}</div>
    <form class="stack" @submit=${submit}>
      ${link ? nothing : inputView("name", "text", "username")}
      ${inputView("password", "password", link ? "new-password" : "current-password")}
      <button class="button main wide" ?disabled=${isBusy}>
        ${say(link ? "go_on" : "log_in")}
      </button>
    </form>
  </main>`;
}

function inputView(id: "name" | "password", type: string, autocomplete: string): TemplateResult {
  const told = state.link
    ? html`<span class="small quiet" id="hint">${say("at_least")}</span>`
    : "";
  return html`<div class="field">
    <label for=${id}>${say(id)}</label>
    <input
      id=${id}
      name=${id}
      type=${type}
      autocomplete=${autocomplete}
      maxlength=${LONGEST}
      aria-describedby=${state.link ? "hint" : nothing}
      required
    />
    ${told}
  </div>`;
}

async function submit(event: SubmitEvent): Promise<void> {
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(event.target as HTMLFormElement));
  const { link } = state;
  state.isBusy = true;
  redraw();
  const answer = await fetch(new URL(link ? "first-login" : "login", API), {
    method: "POST",
    headers: { "Content-Type": "application/json", ...askedLanguage() },
    body: JSON.stringify(link ? { ...fields, link } : fields),
  }).catch(() => null);
  state.isBusy = false;
  if (answer?.ok) return goOn();
  state.trouble = answer ? await refusalOf(answer) : own("offline");
  if (answer?.status === 401) state.link = "";
  redraw();
}

function own(key: "offline" | "no_page"): Told {
  return { text: say(key), lang: tagOf(state.language) };
}

/** The server knows everybody's page; where it leads back here, there is none. */
async function goOn(): Promise<void> {
  const home = await fetch("/").catch(() => null);
  if (home?.ok && new URL(home.url).pathname !== location.pathname) {
    location.replace(home.url);
    return;
  }
  state.trouble = own("no_page");
  redraw();
}

function redraw(): void {
  render(pageView(), document.getElementById("app")!);
}

showLanguage(state.language);
showTheme(preferredTheme());
redraw();
window.addEventListener("hashchange", () => location.reload());
