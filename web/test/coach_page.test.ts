/** The coach's page in headless Chromium, against the real server with simulated athletes. */

import { equal, match, ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import type { Browser, BrowserContextOptions, Download, Page } from "playwright-core";

import { buildPages } from "../tools/pages.ts";
import { launched, skip } from "./chromium.ts";
import { checked } from "./looks.ts";
import { type Serving, serving } from "./serving.ts";

const WEB = fileURLToPath(new URL("../../", import.meta.url));
const SERVED = fileURLToPath(new URL("../../../src/distride/serve/pages/", import.meta.url));
const ATHLETES = Number(process.env.ATHLETES ?? 8); // 40 to look at a large squad
const PASSWORD = "correct horse battery";
const [WIDE, NARROW] = [1280, 360];
const PATIENCE_MS = 20_000;

type Login = NonNullable<Exclude<BrowserContextOptions["storageState"], string>>;

describe("The coach's page", { skip }, () => {
  let server: Serving;
  let browser: Browser;
  let home: string;
  let login: Login;

  before(async () => {
    await buildPages(WEB, SERVED, ["login", "coach"]);
    [server, browser] = await Promise.all([serving(ATHLETES), launched()]);
    home = new URL("/coach/", server.link).href;
    const page = await browser.newPage();
    await page.goto(server.link);
    await page.locator("#password").fill(PASSWORD);
    await page.locator(".main").click();
    await page.waitForURL("**/coach/");
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
    const [drawing, table] = [await saved(page, "SVG"), await saved(page, "CSV")];
    match(drawing, /^<svg [\s\S]*stroke="rgb/);
    ok(!drawing.includes("var(--"), "its colours are its own");
    match(table, /what,from_s,to_s,text,value\r\n/);
    match(table, /\r\nset,/);
    await page.context().close();
  });

  test("a recording is uploaded, labelled, learnt from, and the way back is open", async () => {
    const page = await opened();
    await page.getByRole("link", { name: "Ann" }).click();
    const upload = page.locator("#upload");
    const broken = { name: "broken.fit", mimeType: "", buffer: Buffer.from("no fit file") };
    await upload.setInputFiles(broken);
    await page.getByRole("alert").getByText("broken.fit").waitFor();
    await upload.setInputFiles(join(WEB, "build/vectors/dora.csv"));
    await page.getByRole("link", { name: "dora" }).click();
    const labels = page.locator(".entries li");
    await labels.first().waitFor();
    const before = await labels.count();
    ok(before > 5, "labels of the file are there");
    const plot = page.getByRole("application");
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
    await page.getByRole("link", { name: "← Ann" }).click();
    await press(page, "Personalise");
    await page.getByText("The personalising is done.").waitFor();
    await page.getByRole("link", { name: "Athletes" }).click();
    await page.getByRole("link", { name: "Ann" }).click();
    const used = page.locator("li", { has: page.locator(".in-use") });
    await used.getByText("Version 3").waitFor();
    await press(page, "Use version 1");
    await page.getByText("Version 1 is in use.").waitFor();
    await press(page, "Undo");
    await page.getByText("Version 3 is in use.").waitFor();
    await page.context().close();
  });

  test("a training is asked for, watched and cancelled; what it may not be is told", async () => {
    const page = await opened();
    await page.getByRole("link", { name: "Training" }).click();
    await page.locator("#all").check();
    await page.getByText("Recipe", { exact: true }).click();
    await page.locator("#recipe").fill("[student]\nsize = 'huge'");
    await press(page, "Start training");
    await page.getByRole("alert").getByText("huge").waitFor();
    await page.locator("#recipe").fill("[student]\nsize = 'small'");
    await press(page, "Start training");
    const job = page.locator(".card", { hasText: `Training on ${ATHLETES} athletes` });
    await job.locator("progress").waitFor();
    await job.getByRole("button", { name: "Cancel" }).click();
    await job.waitFor({ state: "detached" });
    await page.context().close();
  });

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
      const shot = (name: string) =>
        checked(page, `coach-${locale}-${colorScheme}-${width}-${name}`);
      await shot("athletes");
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
      await page.locator(".block").first().waitFor();
      await shot("session");
      await page.goto(`${home}#jobs`);
      await page.locator("#all").waitFor();
      await shot("jobs");
      await page.context().close();
    });
  }
});

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
