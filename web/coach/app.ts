/** The coach's page. */

import { html, nothing, render, type TemplateResult } from "lit-html";

import { button, choice } from "../pages/components.ts";
import { LANGUAGES, showLanguage } from "../pages/language.ts";
import { showTheme, type Theme } from "../pages/theme.ts";
import { Coach } from "./coach.ts";
import { Jobs } from "./jobs.ts";
import { Labelling } from "./labelling.ts";
import { Live } from "./live.ts";
import { Person } from "./person.ts";
import { hashOf, type Place, placeOf } from "./place.ts";
import { Server } from "./server.ts";
import { SessionScreen } from "./session.ts";
import { Squad } from "./squad.ts";
import { jobsView } from "./views/jobs.ts";
import { labellingView } from "./views/labelling.ts";
import { liveView } from "./views/live.ts";
import { newsView } from "./views/parts.ts";
import { personView } from "./views/person.ts";
import { sessionView } from "./views/session.ts";
import { squadView } from "./views/squad.ts";
import { Widths } from "./widths.ts";

const API = new URL("/api/v1/", location.href);
const TABS = ["athletes", "live", "jobs"] as const;

/** A screen: what it holds is loaded when it is opened. */
interface Screen {
  /** Whether all that it shows is there. */
  load(): Promise<boolean>;
  leave(): void;
  view(): TemplateResult;
}

/** What holds a screen's state, and what draws it. */
function screenOf(coach: Coach, { screen, athlete, id }: Place, widths: Widths): Screen {
  switch (screen) {
    case "athlete":
      return drawn(new Person(coach, athlete), (one) => personView(one, widths));
    case "live":
      return drawn(new Live(coach), (one) => liveView(one, widths));
    case "jobs":
      return drawn(new Jobs(coach), jobsView);
    case "recording":
      return drawn(new Labelling(coach, athlete, id), (one) => labellingView(one, widths));
    case "session":
      return drawn(new SessionScreen(coach, athlete, id), (one) => sessionView(one, widths));
    default:
      return drawn(new Squad(coach), squadView);
  }
}

function drawn<T extends Omit<Screen, "view">>(state: T, view: (state: T) => TemplateResult) {
  return { load: () => state.load(), leave: () => state.leave(), view: () => view(state) };
}

/** Without a screen: it is not there yet, or could not be loaded. */
function pageView(
  coach: Coach,
  place: Place,
  screen: Screen | null,
  again: () => unknown,
): TemplateResult {
  const { say } = coach;
  return html`<a class="skip" href="#main" @click=${toMain}>${say("skip")}</a>
    ${headerView(coach, place)}
    <main id="main" tabindex="-1" class="stack" aria-busy=${coach.isBusy ? "true" : "false"}>
      ${newsView(coach)} ${screen ? screen.view() : waitingView(coach, again)}
    </main>`;
}

function waitingView({ say, trouble }: Coach, again: () => unknown): TemplateResult {
  return trouble
    ? html`<p>${button({ label: say("try_again"), act: again })}</p>`
    : html`<p class="quiet" role="status">${say("loading")}</p>`;
}

function toMain(event: Event): void {
  event.preventDefault(); // what stands behind `#` is the place
  document.getElementById("main")!.focus();
}

function headerView(coach: Coach, place: Place): TemplateResult {
  const { say } = coach;
  const themes: readonly (readonly [Theme, string])[] = [
    ["auto", say("theme_auto")],
    ["light", say("theme_light")],
    ["dark", say("theme_dark")],
  ];
  return html`<header class="top">
    <span class="brand">Distride</span>
    <nav aria-label=${say("pages")}>
      ${TABS.map(
        (tab) => html`<a href=${hashOf(tab)} aria-current=${tab === place.screen ? "page" : nothing}
          >${say(tab)}</a
        >`,
      )}
    </nav>
    <div class="row looks">
      ${choice(say("looks"), coach.theme, themes, (one) => coach.wear(one))}
      ${choice(say("language"), coach.language, LANGUAGES, (one) => coach.speakLanguage(one))}
      ${button({ label: say("log_out"), act: () => coach.logOut(), looks: "plain" })}
    </div>
  </header>`;
}

async function main(): Promise<void> {
  const root = document.getElementById("app")!;
  let place = placeOf(location.hash);
  let opening: Screen | null = null;
  let screen: Screen | null = null;
  const redraw = () => {
    render(pageView(coach, place, screen, open), root);
    widths.watch(root);
  };
  const widths = new Widths(redraw);
  const coach = new Coach(new Server(API), redraw);
  const open = async () => {
    opening?.leave();
    place = placeOf(location.hash);
    const next = screenOf(coach, place, widths);
    [opening, screen] = [next, null];
    if (!(await next.load()) || opening !== next) return; // its reader went elsewhere meanwhile
    screen = next;
    redraw();
    coach.arrive();
  };
  showLanguage(coach.language);
  showTheme(coach.theme);
  window.addEventListener("hashchange", async () => {
    await open();
    root.querySelector("h1")?.focus(); // where a reader goes on
  });
  if (await coach.meet()) await open();
}

await main();
