/** The coach's page in headless Chromium, against the real server with simulated athletes. */

import { equal, match, ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import { encode } from "@msgpack/msgpack";
import type {
  Browser,
  BrowserContextOptions,
  Download,
  Locator,
  Page,
  WebSocketRoute,
} from "playwright-core";

import { buildPages } from "../tools/pages.ts";
import { launched, skip } from "./chromium.ts";
import { checked } from "./looks.ts";
import { enter, type Serving, serving } from "./serving.ts";

const WEB = fileURLToPath(new URL("../../", import.meta.url));
const SERVED = fileURLToPath(new URL("../../../src/distride/serve/pages/", import.meta.url));
const ATHLETES = Number(process.env.ATHLETES ?? 8); // 40 to look at a large squad
const [WIDE, NARROW] = [1280, 360];
const PATIENCE_MS = 60_000;
const LOOK_MS = 500;
const AT_ONCE = 2; // each has athletes of its own

const UPLOADS = { Ann: "ann", Ben: "ben", Cyd: "cyd", Fay: "dora" }; // whom, and what
const TINY_RECIPE = `
  [signals]
  posture = "off"
  [teacher]
  members = ["conv_lstm"]
  windows_seen = 64
  width = 8
  [student]
  windows_seen = 64
  size = "small"
  [distillation]
  alphas = [0.5]
  windows_asked = 64
  [personalization]
  shots = [0, 1]
  finetune_steps = 1
`;

type Login = NonNullable<Exclude<BrowserContextOptions["storageState"], string>>;

describe("The coach's page", { skip, concurrency: AT_ONCE }, () => {
  let server: Serving;
  let browser: Browser;
  let home: string;
  let login: Login;

  before(async () => {
    await buildPages(WEB, SERVED);
    [server, browser] = await Promise.all([serving(ATHLETES), launched()]);
    home = new URL("/coach/", server.link).href;
    const page = await browser.newPage();
    await enter(page, server.link);
    login = await page.context().storageState();
    await page.close();
  });

  after(async () => {
    await browser?.close();
    await server?.close();
  });

  async function opened(options: BrowserContextOptions = {}): Promise<Page> {
    const viewport = { width: WIDE, height: 900 };
    const common = { viewport, locale: "en-GB", storageState: login, acceptDownloads: true };
    const context = await browser.newContext({ ...common, ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    page.on("pageerror", (error) => {
      throw error;
    });
    page.on("dialog", (asked) => asked.accept());
    await page.goto(home);
    await page.locator(".squad tbody tr").first().waitFor();
    return page;
  }

  test("whoever needs attention comes first, with the reason", async () => {
    const page = await opened();
    equal(await page.locator(".squad tbody tr").count(), ATHLETES);
    const reasons = {
      Ben: "Calibrate again: movement unlike what the model knows",
      Cyd: "Score fell from 92 % to 81 %",
      Dora: "No session for 2",
      Eli: "above their own weeks",
      Fay: "Calibration failed: There is no labelled window",
      林晓雨: "No session yet",
    };
    for (const [name, reason] of Object.entries(reasons)) {
      const row = page.getByRole("row", { name });
      match((await row.locator(".concern").textContent())!, new RegExp(reason));
    }
    await page.getByRole("button", { name: "Need attention" }).click();
    equal(await page.locator(".squad tbody tr").count(), 6);
    await page.getByRole("searchbox").fill("cy");
    equal(await page.locator(".squad tbody tr").count(), 1);
    await page.locator("#new-name").fill("../Zoe");
    await press(page, "Make a link");
    await page.getByRole("alert").getByText("is no name").waitFor();
    await page.getByRole("searchbox").fill("Dora");
    await page.getByRole("link", { name: "Dora" }).click();
    await page.locator(".entries li", { hasText: "unfinished" }).getByRole("link").click();
    await page.getByText("went away before the session was over").waitFor();
    await page.context().close();
  });

  test("a session's timeline is moved by mouse and keyboard, and saved", async () => {
    const page = await opened();
    await page.getByRole("link", { name: "Ben" }).click();
    await page.locator(".entries a[href*='session/']").first().click();
    const plot = page.getByRole("application");
    await plot.locator(".block").first().waitFor();
    const times = () => plot.locator(".axis text").allTextContents();
    const whole = await times();
    await plot.focus();
    for (const key of ["+", "+", "PageDown", "ArrowRight"]) await page.keyboard.press(key);
    const closer = await times();
    ok(closer.join() !== whole.join(), "zoomed by keys");
    const box = (await plot.boundingBox())!;
    await page.mouse.move(box.x + 600, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + 300, box.y + 60, { steps: 4 });
    await page.mouse.up();
    ok((await times()).join() !== closer.join(), "moved by the mouse");
    await plot.focus();
    await page.keyboard.press("Home");
    equal((await times()).join(), whole.join());
    await page.getByTitle("Show set 2").click();
    match((await page.locator(".readout").textContent())!, /set 2/);
    await page.locator("#effort").selectOption("7");
    await page.getByText("The effort is kept.").waitFor();
    equal(await page.locator("#effort").inputValue(), "7");
    const [drawing, table] = [await saved(page, "SVG"), await saved(page, "CSV")];
    match(drawing, /^<svg [\s\S]*stroke="rgb/);
    ok(!drawing.includes("var(--"), "its colours are its own");
    match(table, /what,from_s,to_s,text,value\r\n/);
    match(table, /\r\nset,/);
    await page.context().close();
  });

  test("recordings are uploaded, labelled and learnt from, by a bundle and by a head of one's own", async () => {
    const page = await opened();
    for (const [name, file] of Object.entries(UPLOADS)) {
      await page.getByRole("link", { name, exact: true }).click();
      await page.locator("#upload").setInputFiles(join(WEB, `build/vectors/${file}.csv`));
      await page.getByRole("link", { name: file, exact: true }).waitFor();
      await page.getByRole("link", { name: "← Athletes" }).click();
    }
    await page.getByRole("link", { name: "Ann" }).click();
    const broken = { name: "broken.fit", mimeType: "", buffer: Buffer.from("no fit file") };
    await page.locator("#upload").setInputFiles(broken);
    await page.getByRole("alert").getByText("broken.fit").waitFor();
    await page.getByRole("link", { name: "ann", exact: true }).click();
    await labelled(page);
    await page.getByRole("link", { name: "Training" }).click();
    for (const name of Object.keys(UPLOADS)) await page.getByLabel(name, { exact: true }).check();
    await page.locator("#folds").selectOption("1");
    await page.getByText("Recipe", { exact: true }).click();
    await page.locator("#recipe").fill(TINY_RECIPE);
    await press(page, "Start training");
    const job = page.locator(".card", { hasText: "Training on 4 athletes" });
    match(await progressOf(job), /[a-z] \d+ \/ \d+/);
    await page.getByText("The training is done.").waitFor();
    await page.locator(".entries li", { hasText: "squad student · F1" }).waitFor();
    const report = await job.getByRole("link", { name: "Report" }).getAttribute("href");
    match(await (await page.request.get(report!)).text(), /<h1/);
    await job.getByRole("button", { name: "Give to these athletes" }).click();
    await page.getByText("The phone fetches it next time.").waitFor();
    await page.getByRole("link", { name: "Athletes" }).click();
    await page.getByRole("link", { name: "Ann" }).click();
    match((await page.locator("#bundle option:checked").textContent())!, /^\s*squad/);
    equal(await page.getByText("made for another bundle").count(), 2);
    await press(page, "Personalise");
    await page.getByText("The personalising is done.").waitFor();
    await page.getByRole("link", { name: "Athletes" }).click();
    await page.getByRole("link", { name: "Ann" }).click();
    const third = page.locator(".entries > li", { hasText: "Version 3" });
    match((await third.textContent())!, /in use|kept, never in use/); // as its guard decided
    const used = page.locator("li", { has: page.locator(".in-use") });
    const before = (await used.locator("strong").textContent())!;
    await press(page, "Use version 1");
    await page.getByText("Version 1 is in use.").waitFor();
    await press(page, "Undo");
    await page.getByText(`${before} is in use.`).waitFor();
    await page.context().close();
  });

  test("what a training may not be is told, and one that waits or runs is cancelled", async () => {
    const page = await opened();
    await page.getByRole("link", { name: "Training" }).click();
    for (const name of ["Ben", "Cyd"]) await page.getByLabel(name, { exact: true }).check();
    await page.getByText("Recipe", { exact: true }).click();
    await page.locator("#recipe").fill("[student]\nsize = 'huge'");
    await press(page, "Start training");
    await page.getByRole("alert").getByText("huge").waitFor();
    await page.locator("#recipe").fill("[student]\nsize = 'small'");
    await press(page, "Start training");
    const job = page.locator(".card", { hasText: "Training on 2 athletes" });
    await job.getByRole("button", { name: "Cancel" }).click();
    await job.waitFor({ state: "detached" });
    await page.context().close();
  });

  test("several athletes are watched live, also what was before, and after a lost connection", async () => {
    const page = await opened({ bypassCSP: true });
    const told = await eventsOf(page, "Ben");
    const batch = (seq: number, from: number, to: number) => {
      const events = told.filter(({ t_s }) => from < t_s && t_s <= to);
      return { type: "batch", seq, duration_s: to, events, samples: null };
    };
    const lines: WebSocketRoute[] = [];
    await page.routeWebSocket(/v1\/live$/, (socket) => {
      lines.push(socket);
      socket.connectToServer();
    });
    const cyd = await phone(page, "Cyd");
    const dora = await phone(page, "Dora");
    await cyd.send(batch(1, 0, 25));
    await page.getByRole("link", { name: "Live" }).click();
    const card = (name: string) => page.locator(".person", { hasText: name });
    await card("Cyd").getByText("squat").waitFor();
    await card("Dora").getByText("no movement").waitFor();
    await lines[0]!.close();
    await page.getByText("The connection is lost").waitFor();
    await cyd.send(batch(2, 25, 75));
    await card("Cyd")
      .getByText(/set [23]$/)
      .waitFor();
    await card("Cyd").getByText("Last ten minutes").click();
    await card("Cyd").locator(".set").nth(1).waitFor();
    await checked(page, `coach-live-${WIDE}`);
    await page.setViewportSize({ width: NARROW, height: 800 });
    await checked(page, `coach-live-${NARROW}`);
    await dora.leave();
    await card("Dora").getByText("phone is away").waitFor();
    await cyd.send({ type: "end", seq: 2 });
    await card("Cyd").getByRole("link", { name: "Open the session" }).click();
    await page.locator(".block").first().waitFor();
    await cyd.leave();
    await page.context().close();
  });

  /** An athlete's page that sends a session as a phone does. */
  async function phone(coach: Page, name: string): Promise<Phone> {
    await coach.goto(home);
    await coach.getByRole("link", { name, exact: true }).click();
    await press(coach, "New link");
    const link = await coach.locator(".link").inputValue();
    const page = await (await browser.newContext()).newPage();
    await enter(page, link);
    await page.evaluate(PHONE);
    const send = async (frame: object) => {
      await page.evaluate(`phone(${JSON.stringify([...encode(frame)])})`);
    };
    const told = { id: `live-${name}`, athlete: name, bundle: "student" };
    const started_at = new Date().toISOString();
    const channels = ["wrist_acc_x"];
    await send({ type: "begin", version: 1, ...told, started_at, channels, raw: false });
    return { send, leave: () => page.context().close() };
  }

  test("all of an athlete comes out as one file, and is gone once their name is typed", async () => {
    const page = await opened();
    await page.getByRole("link", { name: "Eli" }).click();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Export" }).click(),
    ]);
    equal(String(await readFile(await file.path())).slice(0, 2), "PK");
    const remove = page.getByRole("button", { name: "Delete everything" });
    equal(await remove.isDisabled(), true);
    await page.locator("#typed").fill("Eli");
    await remove.click();
    await page.getByText("Everything of Eli is deleted.").waitFor();
    equal(await page.getByRole("link", { name: "Eli" }).count(), 0);
    await page.context().close();
  });

  for (const [locale, colorScheme, width] of [
    ["en-GB", "light", WIDE],
    ["zh-CN", "dark", NARROW],
    ...(process.env.SCREENSHOTS
      ? ([
          ["en-GB", "dark", NARROW],
          ["zh-CN", "light", WIDE],
        ] as const)
      : []),
  ] as const) {
    test(`axe finds nothing, and nothing is too wide: ${locale}, ${colorScheme}, ${width}`, async () => {
      const viewport = { width, height: 800 };
      const page = await opened({ locale, colorScheme, viewport, bypassCSP: true });
      const shot = async (name: string) => {
        await checked(page, `coach-${locale}-${colorScheme}-${width}-${name}`);
        for (const format of ["SVG", "CSV"]) {
          const save = page.locator(".tool", { hasText: format });
          equal(await save.count(), await page.locator("svg.plot").count(), "each plot is saved");
        }
      };
      await shot("athletes");
      if (locale === "zh-CN") {
        await page.locator("#new-name").fill("../Zoe");
        await page.locator("form .main").click();
        await page.getByRole("alert").getByText("不能用作名称").waitFor();
      }
      await page.getByRole("link", { name: "Maximiliane" }).click();
      await page.locator(".dot").first().waitFor();
      await shot("athlete");
      await page.locator(".entries a[href*='recording/']").first().click();
      await page.locator(".line").first().waitFor();
      await page.locator("#from").fill("9");
      await page.locator("#to").fill("20");
      await page.locator("#label").fill("squat");
      await page.locator("form .main").click();
      await page.locator(".entries li").first().waitFor();
      await shot("recording");
      await page.goBack();
      await page.locator(".entries a[href*='session/']").first().click();
      await page.locator("h1").waitFor();
      await page.locator(".block").first().waitFor();
      await shot("session");
      await page.goto(`${home}#jobs`);
      await page.locator("#all").waitFor();
      await shot("jobs");
      await page.goto(`${home}#live`);
      await page.locator("main > p.quiet").waitFor();
      await shot("live");
      await page.context().close();
    });
  }
});

interface Phone {
  /** Until the server has answered. */
  send(frame: object): Promise<void>;
  leave(): Promise<void>;
}

const PHONE = `
  const socket = new WebSocket("/api/v1/phone/live");
  const opened = new Promise((done) => socket.addEventListener("open", done));
  window.phone = async (bytes) => {
    await opened;
    const answered = new Promise((done) => socket.addEventListener("message", done, { once: true }));
    socket.send(Uint8Array.from(bytes));
    await answered;
  };
`;

/** What is told of a job while it works; a busy machine takes its time. */
async function progressOf(job: Locator): Promise<string> {
  const [works, told] = [job.locator(".state.queued, .state.running"), job.locator(".progress")];
  await job.waitFor();
  let seen = "";
  while (await works.count()) {
    seen += (await told.allTextContents()).join();
    await job.page().waitForTimeout(LOOK_MS);
  }
  return seen;
}

/** Label a stretch of a recording by mouse, take that back, and another one by keys. */
async function labelled(page: Page): Promise<void> {
  const plot = page.getByRole("application");
  await plot.waitFor(); // the page before this one has entries too
  const labels = page.locator(".entries li");
  await labels.first().waitFor();
  const before = await labels.count();
  ok(before > 5, "labels of the file are there");
  const box = (await plot.boundingBox())!;
  await page.mouse.move(box.x + 60, box.y + 100);
  await page.mouse.down();
  await page.mouse.move(box.x + 160, box.y + 100, { steps: 4 });
  await page.mouse.up();
  await page.locator("#label").fill("warm up");
  await press(page, "Add");
  await page.locator(".entries", { hasText: "warm up" }).waitFor();
  await plot.focus();
  await page.keyboard.press("Control+z");
  await page.locator(".entries:not(:has-text('warm up'))").waitFor();
  equal(await labels.count(), before);
  for (const key of ["ArrowRight", "s", "ArrowRight", "ArrowRight", "e"]) {
    await page.keyboard.press(key);
  }
  await press(page, "Add");
  await page.locator(".entries", { hasText: "warm up" }).waitFor();
}

/** What was told in an athlete's last session. */
async function eventsOf(page: Page, name: string): Promise<readonly { readonly t_s: number }[]> {
  const asked = async (path: string) => {
    return (await page.request.get(new URL(`/api/v1/${path}`, page.url()).href)).json();
  };
  const athletes = (await asked("athletes")).items as { id: string; name: string }[];
  const { id } = athletes.find((one) => one.name === name)!;
  const [last] = (await asked(`athletes/${id}/sessions`)).items as { id: string }[];
  return (await asked(`sessions/${last!.id}`)).events;
}

/** The file that a plot's button saves. */
async function saved(page: Page, format: string): Promise<string> {
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: `save as ${format}` }).click(),
  ]);
  return String(await readFile(await (file as Download).path()));
}

function press(page: Page, name: string): Promise<void> {
  return page.getByRole("button", { name, exact: true }).click();
}
