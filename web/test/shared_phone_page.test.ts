/** The phone's page in headless Chromium: a phone that several share, that is full, or that lost its network. */

import { deepEqual, equal } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { Server } from "node:http";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import type { Browser, Page, Route } from "playwright-core";

import { buildPages } from "../tools/pages.ts";
import { launched, served, skip } from "./chromium.ts";
import { checked } from "./looks.ts";

const WEB = fileURLToPath(new URL("../../", import.meta.url));
const OUT = fileURLToPath(new URL("../pages_under_test/", import.meta.url));
const BUNDLE = `${OUT}phone/demo/student.distride`;
const SMALL = { width: 360, height: 740 };
const PATIENCE_MS = 30_000;
const SHORT_ROWS = 2000; // a set and what follows it

describe("A phone", { skip }, () => {
  let server: Server;
  let address: string;
  let browser: Browser;

  before(async () => {
    await buildPages(WEB, OUT);
    [server, address] = await served((name) => readFile(`${OUT}phone/${name}`));
    browser = await launched();
  });

  after(async () => {
    await browser?.close();
    server?.close();
  });

  /** The page, and the server that it asks. */
  async function opened(script = "", at = address): Promise<[Page, StandIn]> {
    const options = { viewport: SMALL, locale: "en-GB", bypassCSP: true } as const;
    const context = await browser.newContext({ ...options, serviceWorkers: "block" });
    context.setDefaultTimeout(PATIENCE_MS);
    await context.addInitScript({ content: `${MOVING}${script}` });
    const standIn = new StandIn();
    await context.route("http://phone.lan/**", async (route) => {
      const url = route.request().url().replace("http://phone.lan/", address);
      await route.fulfill({ response: await route.fetch({ url }) });
    });
    await context.route("**/api/v1/**", (route) => standIn.answer(route));
    const page = await context.newPage();
    page.on("pageerror", (error) => {
      throw error;
    });
    await page.goto(at);
    await page.locator("h1").waitFor();
    return [page, standIn];
  }

  /** With the model that the coach gave to whoever is logged in. */
  async function linked(script = ""): Promise<[Page, StandIn]> {
    const [page, standIn] = await opened(script);
    await press(page, "Take mine from the server");
    await page.getByText("6 movements").waitFor();
    return [page, standIn];
  }

  test("that two share sends of each what is theirs, in their own name", async () => {
    const [page, standIn] = await linked();
    await go(page, "Settings");
    await page.locator("#birth_year").fill("1985");
    await page.locator("#birth_year").blur();
    await page.getByLabel("Send raw sensor data with sessions").check();
    await page.getByLabel("Let my coach watch my training live").check();
    standIn.status = null;
    await trained(page);
    await page.getByText("No connection: kept on this phone").waitFor();

    standIn.status = 201;
    standIn.posted.length = 0;
    standIn.athlete = "ben";
    await page.reload();
    await page.getByText("ben is logged in, and the model here is ann’s").waitFor();
    await go(page, "Sessions");
    await checked(page, "shared-other");
    await press(page, "Send to the server");
    await trained(page); // whoever trains now does so on ann's model
    await page.getByText("ben is logged in").waitFor();
    await go(page, "Settings");
    page.on("dialog", (asked) => asked.accept());
    await press(page, "Delete me on the server and here");
    await page.getByText("The server did not do it").waitFor();
    deepEqual(standIn.posted, [], "nothing is sent, nothing is deleted");

    await go(page, "Train");
    await press(page, "Take my coach’s newest");
    await page.getByText("ben is logged in").waitFor({ state: "detached" });
    await go(page, "Settings");
    await page.getByText("Logged in as ben.").waitFor();
    equal(await page.locator("#birth_year").inputValue(), "", "nobody else's year");
    equal(await page.getByLabel("Send raw sensor data").isChecked(), false);
    await trained(page);
    await page.getByText("sent", { exact: true }).waitFor();
    deepEqual(standIn.posted, ["sessions ben"]);

    standIn.athlete = "ann";
    await go(page, "Train");
    await press(page, "Take my coach’s newest");
    await go(page, "Sessions");
    await page.locator(".state.sent").nth(2).waitFor();
    deepEqual(standIn.posted, ["sessions ben", "sessions ann", "sessions ann"]);
    await go(page, "Settings");
    equal(await page.locator("#birth_year").inputValue(), "1985", "what each chose is theirs");
    await page.context().close();
  });

  test("whose coach's head is lost on the way keeps what it has, and the server what it holds", async () => {
    const [page, standIn] = await opened();
    await press(page, "Take mine from the server");
    await page.getByText("6 movements").waitFor();
    standIn.head = 3;
    await press(page, "Take my coach’s newest");
    await page.getByText("The server did not do it").waitFor();
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    standIn.isHeadLost = false;
    await press(page, "Take my coach’s newest");
    await page.getByText("In use: your own head").waitFor();
    standIn.isHeadLost = true;
    await press(page, "Take my coach’s newest");
    await page.getByText("The server did not do it").waitFor();
    await page.getByText("In use: your own head").waitFor();
    await page.locator("#bundle-file").setInputFiles(BUNDLE);
    await page.getByRole("button", { name: "Take mine from the server" }).waitFor();
    await press(page, "Take mine from the server");
    await page.getByText("The server did not do it").waitFor();
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    await go(page, "Calibrate");
    await press(page, "Back to the shared head");
    await page.getByText("In use: the shared head.").waitFor();
    deepEqual(standIn.posted, [], "with a bundle of their own nothing is told");
    await page.context().close();
  });

  test("over plain http says why it gives no motion", async () => {
    const [page] = await opened("", "http://phone.lan/");
    await page.getByText("Browsers give motion only to pages opened over https.").waitFor();
    await page.context().close();
  });

  test("whose bundle no longer opens says so, in the athlete's language", async () => {
    const [page] = await linked();
    await page.getByRole("button", { name: "中文" }).click();
    await page.evaluate(spoiled);
    await page.reload();
    await page.getByText("无法打开本机保存的内容").waitFor();
    await checked(page, "cannot-open");
    await page.context().close();
  });

  test("that is full when a session ends keeps its end once there is room", async () => {
    const [page] = await linked(FULL);
    await page.evaluate("isFull = true");
    await started(page);
    await press(page, "Stop");
    await page.getByText("tap Stop again").waitFor();
    await checked(page, "stop-again");
    await page.evaluate("isFull = false");
    await press(page, "Stop");
    await page.locator("li.card").waitFor();
    equal(await page.getByText("tap Stop again").count(), 0);
    await page.context().close();
  });

  test("that is full holds the athlete's count", async () => {
    const [page] = await opened(FULL);
    await press(page, "Try with a simulated athlete");
    const csv = String(await readFile(`${OUT}phone/demo/dora.csv`));
    const buffer = Buffer.from(csv.split("\r\n").slice(0, SHORT_ROWS).join("\r\n"));
    const file = { name: "short.csv", mimeType: "text/csv", buffer };
    await page.locator("#recording-file").setInputFiles(file);
    await press(page, "16×");
    await press(page, "Start");
    await page.getByText("The recording is over.").waitFor();
    await page.getByText("Set 1 is over:").waitFor();
    const counted = Number.parseInt((await page.locator(".reps .number").textContent())!, 10);
    await page.evaluate("isFull = 'templates'");
    await press(page, "One fewer");
    await page.getByText("That did not work:").waitFor();
    await press(page, "One fewer");
    await press(page, "Stop");
    await page.locator("dd b", { hasText: String(counted - 2) }).waitFor();
    await page.getByText("That did not work:").waitFor();
    await page.context().close();
  });

  test("sends no session again that is deleted while it is sent", async () => {
    const [page, standIn] = await linked();
    const asked = standIn.hold();
    await trained(page);
    const release = await asked;
    page.on("dialog", (one) => one.accept());
    await page.getByRole("button", { name: "Delete the session of" }).click();
    await page.getByText("No session yet.").waitFor();
    await release();
    await page.getByText("Sent.").waitFor();
    await page.getByText("No session yet.").waitFor();
    await page.context().close();
  });

  test("tells what the server refuses, and sends it again when it is asked to", async () => {
    const [page, standIn] = await linked();
    standIn.status = 422;
    await trained(page);
    await page.getByText("The session is longer than a day.").waitFor();
    await page.getByText("refused by the server").waitFor();
    await checked(page, "refused");
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    await page.getByText("The session is longer than a day.").waitFor({ state: "detached" });
    equal(standIn.posted.length, 1, "it is not sent at each start");
    standIn.status = 401;
    await press(page, "Send to the server");
    await page.getByText("log in again").waitFor();
    standIn.status = 201;
    await press(page, "Send to the server");
    await page.getByText("sent", { exact: true }).waitFor();
    await page.context().close();
  });
});

/** A server of one bundle and one head, at which one athlete is logged in. */
class StandIn {
  athlete = "ann";
  /** The version in use. */
  head = 0;
  isHeadLost = true;
  /** What sessions are answered with; null: not at all. */
  status: number | null = 201;
  /** What was sent to be kept or changed, and whose it says that it is. */
  readonly posted: string[] = [];
  #held: ((release: () => Promise<void>) => void) | null = null;

  /** The next session is answered when the function that comes with it is called. */
  hold(): Promise<() => Promise<void>> {
    return new Promise((given) => {
      this.#held = given;
    });
  }

  async answer(route: Route): Promise<void> {
    const request = route.request();
    const path = request.url().split("/api/v1/")[1]!;
    if (path === "phone/me") return route.fulfill({ json: this.#account });
    if (path === "phone/bundle") return route.fulfill({ path: BUNDLE });
    if (path === "phone/head") {
      const file = { path: `${OUT}phone/demo/dora.head.safetensors` };
      return this.isHeadLost ? route.abort() : route.fulfill(file);
    }
    const { athlete = "" } = request.postDataJSON() ?? {};
    this.posted.push(`${path.split("/").at(-1)} ${athlete}`);
    const refusal = {
      error: { kind: "not_allowed", message: "The session is longer than a day." },
    };
    const { status } = this;
    if (status === null) return route.abort();
    const answered = () => route.fulfill({ status, json: refusal });
    if (!this.#held) return answered();
    this.#held(answered);
    this.#held = null;
  }

  get #account(): object {
    const { athlete, head } = this;
    const files = { bundle: "phone/bundle", head: head > 0 ? "phone/head" : null };
    return { id: athlete, athlete, ...files, version: head };
  }
}

/** A phone that lies still. */
const MOVING = `
  if (isSecureContext) setInterval(() => {
    dispatchEvent(new DeviceMotionEvent("devicemotion", {
      accelerationIncludingGravity: { x: 0.1 * Math.random(), y: 0, z: 9.8 },
      rotationRate: { alpha: 1, beta: 0, gamma: Math.random() },
      interval: 20,
    }));
  }, 20);
`;

/** A phone that has no room for chunks of sessions, or for what is named, as long as it is so. */
const FULL = `
  globalThis.isFull = false;
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...asked) {
    const request = put.apply(this, asked);
    if (isFull === this.name || (isFull === true && this.name === "chunks")) this.transaction.abort();
    return request;
  };
`;

/** What is kept of the bundle is no bundle. */
async function spoiled(): Promise<void> {
  const done = <T>(request: IDBRequest<T>) =>
    new Promise<T>((given) => {
      request.onsuccess = () => given(request.result);
    });
  const db = await done(indexedDB.open("distride"));
  const bundles = db.transaction("bundles", "readwrite").objectStore("bundles");
  await done(bundles.put({ name: "x", bytes: new Uint8Array(9) }, "bundle"));
  db.close();
}

/** A session of a second. */
async function trained(page: Page): Promise<void> {
  await started(page);
  await press(page, "Stop");
  await page.getByRole("heading", { name: "Sessions" }).waitFor();
}

async function started(page: Page): Promise<void> {
  await go(page, "Train");
  await press(page, "Start");
  await page.waitForFunction(() =>
    document.querySelector(".elapsed")?.textContent?.includes("0:01"),
  );
}

function press(page: Page, name: string): Promise<void> {
  return page.getByRole("button", { name, exact: true }).click();
}

function go(page: Page, name: string): Promise<void> {
  return page.getByRole("navigation").getByRole("button", { name }).click();
}
