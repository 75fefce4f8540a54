/** The coach's page in headless Chromium, against the real server with simulated athletes. */

import { equal, match, ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";
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
      await page.locator(".entries a[href*='session/']").first().click();
      await page.locator(".block").first().waitFor();
      await shot("session");
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
