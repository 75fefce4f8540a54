/** The phone's page. */

import { html, nothing, render, type TemplateResult } from "lit-html";

import { choice, notice } from "../pages/components.ts";
import { LANGUAGES, preferredLanguage, showLanguage, speaker } from "../pages/language.ts";
import { showTheme } from "../pages/theme.ts";
import { Phone, type Screen } from "./phone.ts";
import { Server } from "./server.ts";
import { Store } from "./store.ts";
import { TEXTS } from "./texts.ts";
import { calibrateView } from "./views/calibrate.ts";
import { liveView } from "./views/live.ts";
import { sessionsView } from "./views/sessions.ts";
import { settingsView } from "./views/settings.ts";
import { trainView } from "./views/train.ts";

const VIEWS: Readonly<Record<Screen, (phone: Phone) => TemplateResult>> = {
  train: trainView,
  calibrate: calibrateView,
  sessions: sessionsView,
  settings: settingsView,
};
const SCREENS = Object.keys(VIEWS) as Screen[];
const API = new URL("/api/v1/", location.href);

function pageView(phone: Phone): TemplateResult {
  const { say, isTraining } = phone;
  return html`<a class="skip" href="#main">${say("skip")}</a>
    ${isTraining ? nothing : headerView(phone)}
    <main id="main" tabindex="-1" class="stack">
      ${isTraining ? liveView(phone) : VIEWS[phone.screen](phone)}
    </main>
    ${isTraining ? nothing : navigation(phone)}
    <p class="unseen" aria-live="polite">${phone.spoken}</p>`;
}

function headerView(phone: Phone): TemplateResult {
  return html`<header class="top row between">
    <span class="brand">Distride</span>
    ${choice(phone.say("language"), phone.language, LANGUAGES, (one) => phone.speakLanguage(one))}
  </header>`;
}

function navigation(phone: Phone): TemplateResult {
  return html`<nav class="tabs" aria-label=${phone.say("pages")}>
    ${SCREENS.map(
      (screen) => html`<button
        type="button"
        aria-current=${phone.screen === screen ? "page" : nothing}
        @click=${() => phone.go(screen)}
      >
        ${phone.say(screen)}
      </button>`,
    )}
  </nav>`;
}

async function main(): Promise<void> {
  const root = document.getElementById("app")!;
  let shown = "";
  let phone: Phone | null = null;
  const redraw = () => {
    if (!phone) return;
    render(pageView(phone), root);
    const screen = phone.isTraining ? "live" : phone.screen;
    if (shown && shown !== screen) root.querySelector("h1")?.focus(); // where a reader goes on
    shown = screen;
  };
  phone = await Phone.open(await Store.open(), new Server(API), redraw);
  showLanguage(phone.language);
  showTheme(phone.theme);
  redraw();
  if ("serviceWorker" in navigator) {
    await navigator.serviceWorker.register("worker.js", { type: "module" }).catch(() => null);
  }
}

/** In place of the page, where what is kept cannot be opened. */
function failureView(error: unknown): TemplateResult {
  const language = preferredLanguage();
  showLanguage(language);
  const say = speaker(TEXTS, () => language);
  const message = error instanceof Error ? error.message : String(error);
  return html`<header class="top row"><h1>Distride</h1></header>
    <main class="stack">
      ${notice(html`${say("cannot_open")} <span lang="en">${message}</span>`, "harm")}
    </main>`;
}

await main().catch((error) => render(failureView(error), document.getElementById("app")!));
