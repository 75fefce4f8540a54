/** The phone's page in headless Chromium, against a stand-in for the server. */

import { deepEqual, equal, ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import type { Browser, BrowserContextOptions, Page } from "playwright-core";

import { buildPages } from "../tools/pages.ts";
import { launched, served, skip } from "./chromium.ts";
import { checked } from "./looks.ts";

const WEB = fileURLToPath(new URL("../../", import.meta.url));
const OUT = fileURLToPath(new URL("../pages_under_test/", import.meta.url));
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"; // all that the page needs
const SMALL = { width: 360, height: 740 };
const PATIENCE_MS = 30_000;
const READ_FROM_AFAR_PX = 52; // 5 mm capitals on a phone: nine minutes of arc at two metres
const AT_ONCE = 3; // they wait for recordings most of the time
const [SHORT_ROWS, HARD_BPM] = [2000, 150];

interface Sent {
  readonly id: string;
  readonly events: readonly { readonly event: string }[];
  readonly raw: { readonly samples: string } | null;
}

/** Takes each session once, by its key; may lose its answer on the way. */
class StandIn {
  readonly taken = new Map<string, Sent>();
  tries = 0;
  losesAnswers = false;

  readonly answer = (request: IncomingMessage, response: ServerResponse): boolean => {
    response.setHeader("Content-Security-Policy", POLICY);
    if (!request.url?.startsWith("/api/")) return false;
    if (request.method === "POST") void this.#take(request, response);
    else if (request.url.endsWith("/phone/me")) response.end(JSON.stringify(ACCOUNT));
    else void readFile(`${OUT}phone/demo/student.distride`).then((file) => response.end(file));
    return true;
  };

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    this.tries += 1;
    this.taken.set(
      String(request.headers["idempotency-key"]),
      JSON.parse(String(Buffer.concat(parts))),
    );
    if (this.losesAnswers) request.socket.destroy();
    else response.writeHead(201).end();
  }
}

const ACCOUNT = { id: "1", athlete: "dora", bundle: "phone/bundle", head: null, version: 0 };

describe("The phone's page", { skip, concurrency: AT_ONCE }, () => {
  const standIn = new StandIn();
  let server: Server;
  let address: string;
  let browser: Browser;

  before(async () => {
    await buildPages(WEB, OUT);
    [server, address] = await served((name) => readFile(`${OUT}phone/${name}`), standIn.answer);
    browser = await launched();
  });

  after(async () => {
    await browser?.close();
    server?.close();
  });

  async function opened(options: BrowserContextOptions = {}, script = ""): Promise<Page> {
    const context = await browser.newContext({ viewport: SMALL, locale: "en-GB", ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    if (script) await context.addInitScript({ content: script });
    const page = await context.newPage();
    page.on("pageerror", (error) => {
      throw error;
    });
    await page.goto(address);
    await page.locator("h1").waitFor();
    return page;
  }

  async function demo(options: BrowserContextOptions = {}, script = ""): Promise<Page> {
    const page = await opened(options, script);
    await press(page, "Try with a simulated athlete");
    await page.getByRole("button", { name: "16×" }).click();
    return page;
  }

  test("a recording is replayed: movement, heart, zone, advice, and a session that stays", async () => {
    const page = await demo({}, EAR);
    await go(page, "Settings");
    await page.getByLabel("Voice").check();
    for (const [id, value] of [
      ["birth_year", "1985"],
      ["resting_bpm", "40"],
      ["max_bpm", "100"],
    ] as const) {
      await page.locator(`#${id}`).fill(value);
      await page.locator(`#${id}`).blur();
    }
    await go(page, "Train");
    await page.locator("#recording-file").setInputFiles(await shortRecording());
    await press(page, "Start");
    await page.getByText("Zone 4 of 4").waitFor();
    await page.locator(".movement:not(.idle) .word").waitFor();
    await page.getByText("The recording is over.").waitFor();
    await page.getByText("Set 1 is over: lunge").waitFor();
    const sizes = Object.entries((await page.evaluate("sizes")) as Record<string, number>);
    equal(sizes.length, 3);
    for (const [name, size] of sizes) ok(size >= READ_FROM_AFAR_PX, `${name} is ${size} px`);
    const said = (await page.evaluate("[...said]")) as string[];
    ok(
      said.some((text) => text.startsWith("Your heart rate is close to your maximum")),
      `advice is shown: ${said}`,
    );
    const heard = (await page.evaluate("heard")) as string[];
    ok(heard.includes("Heart near maximum. Ease off."), `advice is said: ${heard}`);
    ok(heard.includes("lunge"), `movements are said: ${heard}`);
    ok(heard.includes("Set over: 9"), `sets are said: ${heard}`);
    ok(
      heard.some((words) => /^\d+$/.test(words)),
      `and repetitions: ${heard}`,
    );
    await press(page, "One fewer");
    await page.getByText("corrected, and learnt.").waitFor();
    await press(page, "One fewer");
    await press(page, "Stop");
    await page.locator("dd b", { hasText: "7" }).waitFor();
    await go(page, "Calibrate");
    await press(page, "Forget how lunge is counted");
    await page.getByText("Learnt from your corrections").waitFor({ state: "detached" });
    await go(page, "Sessions");
    equal(await page.locator("li.card").count(), 1);
    equal(await page.getByText("on this phone").count(), 1);
    const send = page.getByRole("button", { name: "Send to the server" });
    equal(await send.count(), 0, "a model from a file: nothing is sent");
    page.on("dialog", (asked) => asked.accept());
    await page.getByRole("button", { name: "Delete the session of" }).click();
    await page.getByText("No session yet.").waitFor();
    await page.context().close();
  });

  test("calibration is accepted and rolled back, and a movement of one's own is learnt", async () => {
    const page = await demo();
    await go(page, "Calibrate");
    await page.getByLabel("A movement of your own").fill("burpee");
    await page.getByLabel("A movement of your own").blur();
    await calibrated(page, ["curl", "squat"], ["burpee"]);
    equal(await page.locator(".score").count(), 2);
    await press(page, "Use my own head");
    await page.getByText("Your own head is in use.").waitFor();
    equal(await page.getByText("in use", { exact: true }).count(), 1);
    await page.getByLabel("burpee", { exact: true }).waitFor();
    await press(page, "Back to the shared head");
    await page.getByText("In use: the shared head.").waitFor();
    await page.getByRole("button", { name: "Use this one" }).first().click();
    await page.getByText("in use", { exact: true }).waitFor();
    await page.reload();
    await page.getByText("In use: your own head").waitFor();
    await page.context().close();
  });

  test("without a network a session waits, and then arrives once", async () => {
    const page = await opened();
    await page.evaluate(() => navigator.serviceWorker.ready);
    const browser = await page.context().newCDPSession(page);
    const { installabilityErrors } = await browser.send("Page.getInstallabilityErrors");
    await browser.detach();
    deepEqual(
      installabilityErrors.map(({ errorId }) => errorId),
      ["in-incognito"],
      "it can be put on the home screen, but for the test's own browser",
    );
    await press(page, "Take mine from the server");
    await page.getByText("6 movements").waitFor();
    await page.context().setOffline(true);
    await page.reload();
    await page.getByText("6 movements").waitFor();
    await page.evaluate(() => {
      const ticks = setInterval(() => window.dispatchEvent(still()), 20);
      const still = () =>
        new DeviceMotionEvent("devicemotion", {
          accelerationIncludingGravity: { x: 0.1 * Math.random(), y: 0, z: 9.8 },
          rotationRate: { alpha: 1, beta: 0, gamma: Math.random() },
          interval: 20,
        });
      return ticks;
    });
    await press(page, "Start");
    await page.locator(".movement.idle").waitFor();
    await page.waitForFunction(() =>
      document.querySelector(".elapsed")?.textContent?.includes("0:01"),
    );
    await press(page, "Stop");
    await page.getByText("No connection: kept on this phone").waitFor();
    equal(standIn.taken.size, 0);
    standIn.losesAnswers = true;
    await page.context().setOffline(false);
    await until(() => standIn.tries > 0);
    standIn.losesAnswers = false;
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    await page.getByText("sent", { exact: true }).waitFor();
    await page.reload();
    await go(page, "Sessions");
    await page.getByText("sent", { exact: true }).waitFor();
    equal(standIn.taken.size, 1, "under one key");
    ok(standIn.tries >= 2);
    const [sent] = standIn.taken.values();
    equal(sent!.raw, null, "raw data stay without consent");
    const triesSoFar = standIn.tries;
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    await page.waitForTimeout(100);
    equal(standIn.tries, triesSoFar, "what was sent is not sent again");
    await page.context().close();
  });

  test("the phone's sensor and a strap are read in the bundle's units, with consent also kept", async () => {
    const page = await demo({}, STRAP);
    await page.getByRole("button", { name: "This phone" }).click();
    await go(page, "Settings");
    await page.getByLabel("Send raw sensor data with sessions").check();
    await go(page, "Train");
    await press(page, "Connect a chest strap");
    await page.getByText("Connected: Belt 7.").waitFor();
    await moved(page, { x: 0, y: 0, z: 9.5 }, { x: 0.5, y: 0, z: 0 });
    await page.getByRole("button", { name: "Start" }).evaluate((start: HTMLButtonElement) => {
      start.click();
      start.click();
    });
    await page.evaluate("setInterval(() => belt.tell(0x16, 150, 0, 4), 200)");
    await page.locator(".bpm", { hasText: "150" }).waitFor();
    const { held } = await page.evaluate(() => navigator.locks.query());
    equal(held?.length, 1, "one session, however often Start is tapped");
    await page.evaluate("belt.leave()");
    await page.getByText("The strap is lost").waitFor();
    await press(page, "Stop");
    const raw = await page.evaluate(rawOfFirst);
    equal(raw.withRaw, true);
    const row = raw.rows.find((one) => Number.isFinite(one[0]!) && Number.isFinite(one[3]!))!;
    ok(Math.abs(row[2]! - 9.5) < 0.2, `z is ${row[2]} m/s²`);
    ok(Math.abs(row[3]! - 0.5) < 0.02, `turning about x is ${row[3]} rad/s`);
    await page.context().close();
  });

  test("what is refused or missing is told plainly", async () => {
    const page = await demo({}, REFUSED);
    await page.getByRole("button", { name: "This phone" }).click();
    await press(page, "Start");
    await page.getByText("Motion was refused.").waitFor();
    await press(page, "Connect a chest strap");
    await page.getByText("cannot reach straps over Bluetooth").waitFor();
    await page.getByText("The battery is at 9 %.").waitFor();
    await page.evaluate("delete DeviceMotionEvent.requestPermission");
    await press(page, "Start");
    await page.getByText("The phone gives no motion.").waitFor();
    await page.getByText("This browser lets the screen go off").waitFor();
    await page.evaluate(TURNED, "hidden");
    await page.waitForTimeout(600);
    await page.evaluate(TURNED, "visible");
    await page.getByText("The screen was locked or another app was open for 1 s").waitFor();
    await press(page, "Stop");
    await go(page, "Train");
    await page.locator("#bundle-file").setInputFiles({
      name: "broken.distride",
      mimeType: "application/zip",
      buffer: Buffer.from("no bundle"),
    });
    await page.getByText("That did not work:").waitFor();
    await page.context().close();
  });

  for (const [language, colorScheme] of [
    ["en-GB", "light"],
    ["zh-CN", "dark"],
  ] as const) {
    test(`axe finds nothing, and nothing is wider than the phone: ${language}, ${colorScheme}`, async () => {
      const page = await opened({ locale: language, colorScheme, bypassCSP: true });
      const shot = (name: string) => checked(page, `${language}-${colorScheme}-${name}`);
      await shot("first");
      await page.locator("section.card .button").click();
      await page.locator(".huge").waitFor();
      await shot("train");
      const tabs = page.getByRole("navigation").getByRole("button");
      await tabs.nth(3).click();
      await page.locator("#birth_year").fill("1985");
      await page.locator("#birth_year").blur();
      await shot("settings");
      await tabs.nth(1).click();
      await page.getByRole("button", { name: "16×" }).click();
      for (const at of [0, 1, 2]) await page.locator(`#movement-${at}`).check();
      await shot("choose");
      await page.locator(".card .main").click();
      await shot("ready");
      for (const at of [1, 2, 3]) {
        await page.getByText(language === "en-GB" ? `${at} of 3` : `第 ${at} 个`).waitFor();
        await page.locator(".huge").click();
      }
      await page.locator(".verdict").waitFor();
      await shot("verdict");
      await page.locator(".verdict .button:not(.main)").click();
      await page.locator(".notice.good").waitFor(); // nothing was changed
      equal(await page.getByRole("listitem").count(), 1, "the head that came with the athlete");
      await tabs.nth(0).click();
      await page.locator("#recording-file").setInputFiles(await shortRecording());
      await page.locator(".huge").click();
      await page.locator(".zone").waitFor();
      await page.locator(".movement:not(.idle) .word").waitFor();
      await shot("live");
      await page.locator(".step").first().click();
      await page.locator(".reps.over").waitFor();
      await shot("set");
      await page.locator(".live .harm").click();
      await page.locator("li.card").waitFor();
      await shot("sessions");
      await page.context().close();
    });
  }

  test("the keyboard is enough", async () => {
    const page = await demo();
    await page.reload();
    await page.getByRole("heading", { name: "Train" }).waitFor();
    await page.keyboard.press("Tab");
    equal(await page.evaluate(() => document.activeElement?.className), "skip");
    await page.getByRole("button", { name: "Start" }).focus();
    await page.keyboard.press("Enter");
    await page.locator(".live").waitFor();
    equal(
      await page.evaluate(() => document.activeElement?.tagName),
      "H1",
      "a reader goes on here",
    );
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Sessions" }).waitFor();
    await page.context().close();
  });
});

/** Forty seconds of the simulated athlete, with a heart that works hard. */
async function shortRecording(): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const csv = String(await readFile(`${OUT}phone/demo/dora.csv`));
  const [header, ...rows] = csv.split("\r\n");
  const at = header!.split(",").indexOf("heart_rate");
  const short = rows.slice(0, SHORT_ROWS).map((row, number) => {
    return row
      .split(",")
      .with(at, String(HARD_BPM + (number % 2)))
      .join(",");
  });
  const buffer = Buffer.from([header, ...short].join("\r\n"));
  return { name: "short.csv", mimeType: "text/csv", buffer };
}

/** Keeps what the page says aloud and, however shortly it is shown, each cue and how large things are. */
const EAR = `
  globalThis.heard = [];
  speechSynthesis.speak = ({ text }) => heard.push(text);
  globalThis.said = new Set();
  globalThis.sizes = {};
  const look = () => {
    document.querySelectorAll(".said").forEach((one) => said.add(one.textContent));
    for (const name of [".movement:not(.idle) .word", ".number", ".bpm"]) {
      const one = document.querySelector(name);
      if (one) sizes[name] ??= parseFloat(getComputedStyle(one).fontSize);
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
`;

/** A strap of the standard service, which the test moves. */
const STRAP = `
  class Belt extends EventTarget {
    name = "Belt 7";
    measurement = Object.assign(new EventTarget(), { startNotifications: async () => this });
    gatt = {
      connect: async () => this.gatt,
      disconnect: () => {},
      getPrimaryService: async (name) => {
        if (name !== "heart_rate") throw new Error(name);
        return { getCharacteristic: async () => this.measurement };
      },
    };
    tell(...bytes) {
      this.measurement.value = new DataView(Uint8Array.from(bytes).buffer);
      this.measurement.dispatchEvent(new Event("characteristicvaluechanged"));
    }
    leave() {
      this.gatt.connect = () => Promise.reject(new Error("gone"));
      this.dispatchEvent(new Event("gattserverdisconnected"));
    }
  }
  window.belt = new Belt();
  Object.defineProperty(navigator, "bluetooth", { value: { requestDevice: async () => belt } });
`;

/** A phone that gives nothing. */
const REFUSED = `
  DeviceMotionEvent.requestPermission = async () => "denied";
  Object.defineProperty(navigator, "bluetooth", { value: undefined });
  Object.defineProperty(navigator, "wakeLock", { value: { request: () => Promise.reject() } });
  const battery = Object.assign(new EventTarget(), { level: 0.09, charging: false });
  navigator.getBattery = async () => battery;
`;

/** The screen goes off, or on again. */
const TURNED = (state: string) => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
};

/** Turn the browser's own sensors: m/s² with gravity, and rad/s. */
async function moved(
  page: Page,
  acc: Readonly<Record<"x" | "y" | "z", number>>,
  gyr: Readonly<Record<"x" | "y" | "z", number>>,
): Promise<void> {
  const browser = await page.context().newCDPSession(page);
  const readings = { accelerometer: acc, "linear-acceleration": acc, gyroscope: gyr } as const;
  for (const [type, xyz] of Object.entries(readings)) {
    const sensor = type as keyof typeof readings;
    await browser.send("Emulation.setSensorOverrideEnabled", {
      enabled: true,
      type: sensor,
      metadata: { available: true },
    });
    await browser.send("Emulation.setSensorOverrideReadings", { type: sensor, reading: { xyz } });
  }
}

/** The samples that the page keeps of its only session. */
async function rawOfFirst(): Promise<{ withRaw: boolean; rows: number[][] }> {
  const asked = <T>(request: IDBRequest<T>) =>
    new Promise<T>((given) => {
      request.onsuccess = () => given(request.result);
    });
  const db = await asked(indexedDB.open("distride"));
  const change = db.transaction(["sessions", "chunks"]);
  const [session] = await asked(change.objectStore("sessions").getAll());
  const chunks = await asked(change.objectStore("chunks").getAll());
  const width = session.channels.length;
  const rows = chunks.flatMap(({ samples }) => {
    const all = [...(samples?.rows ?? [])] as number[];
    return Array.from({ length: all.length / width }, (_, at) => {
      return all.slice(at * width, (at + 1) * width);
    });
  });
  return { withRaw: session.withRaw, rows };
}

function press(page: Page, name: string): Promise<void> {
  return page.getByRole("button", { name, exact: true }).click();
}

function go(page: Page, name: string): Promise<void> {
  return page.getByRole("navigation").getByRole("button", { name }).click();
}

/** Choose movements and show them, up to the verdict. */
async function calibrated(
  page: Page,
  known: readonly string[],
  own: readonly string[],
): Promise<void> {
  for (const movement of known) await page.getByLabel(movement, { exact: true }).check();
  await press(page, "Begin");
  for (const [at, movement] of [...known, ...own].entries()) {
    await page.getByText(`${at + 1} of ${known.length + own.length}`).waitFor();
    await page.getByText(movement).waitFor();
    await press(page, "I am ready");
    if (own.includes(movement)) await press(page, "Done");
  }
  await page.locator(".verdict").waitFor();
}

async function until(met: () => boolean): Promise<void> {
  const started = Date.now();
  while (!met()) {
    if (Date.now() - started > PATIENCE_MS) throw new Error("it did not happen in time");
    await new Promise((waited) => setTimeout(waited, 20));
  }
}
