/** An athlete's phone, in headless Chromium against the real server. */

import { deepEqual, equal, ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import { decode, encode } from "@msgpack/msgpack";
import type { APIRequestContext, Browser, Page, WebSocketRoute } from "playwright-core";

import { buildPages } from "../tools/pages.ts";
import { launched, skip } from "./chromium.ts";
import { checked } from "./looks.ts";
import { enter, type Serving, serving } from "./serving.ts";

const WEB = fileURLToPath(new URL("../../", import.meta.url));
const SERVED = fileURLToPath(new URL("../../../src/distride/serve/pages/", import.meta.url));
const PATIENCE_MS = 30_000;
const [WIDE, SMALL] = [
  { width: 1280, height: 900 },
  { width: 360, height: 740 },
];
const ROWS = 1000; // twenty seconds

interface Frame {
  readonly type: string;
  readonly seq: number;
  readonly events: readonly object[];
}

describe("An athlete's phone", { skip }, () => {
  let server: Serving;
  let browser: Browser;
  let coach: Page;
  let athlete: string;

  before(async () => {
    await buildPages(WEB, SERVED);
    [server, browser] = await Promise.all([serving(1), launched()]);
    coach = await entered(browser, server.link);
    athlete = (await listed(coach.request, server, "athletes"))[0]!.id as string;
  });

  after(async () => {
    await browser?.close();
    await server?.close();
  });

  /** What the server answers the coach. */
  async function asked<T>(method: string, path: string, data?: object): Promise<T> {
    const { origin } = new URL(server.link);
    const sent = { method, headers: { Origin: origin }, ...(data ? { data } : {}) };
    const answer = await coach.request.fetch(`${origin}/api/v1/${path}`, sent);
    const text = await answer.text();
    return (text ? JSON.parse(text) : null) as T;
  }

  /** The athlete's phone with their model, ready to replay a recording. */
  async function phone(
    routed: (socket: WebSocketRoute) => unknown,
    speed: string,
    viewport = WIDE,
  ): Promise<[Page, string[]]> {
    const { link } = await asked<Serving>("POST", `athletes/${athlete}/invitation`);
    const page = await entered(browser, link, viewport);
    const posted: string[] = [];
    page.on("request", (one) => {
      if (one.method() === "POST") posted.push(one.url());
    });
    await page.routeWebSocket(/phone\/live/, routed);
    await press(page, "Take mine from the server");
    await page.getByText("6 movements").waitFor();
    await page.getByRole("button", { name: "A recording", exact: true }).click();
    const csv = String(await readFile(`${WEB}build/vectors/dora.csv`));
    const buffer = Buffer.from(csv.split("\r\n").slice(0, ROWS).join("\r\n"));
    const file = { name: "short.csv", mimeType: "text/csv", buffer };
    await page.locator("#recording-file").setInputFiles(file);
    await page.getByRole("button", { name: speed }).click();
    await page.getByRole("navigation").getByRole("button", { name: "Settings" }).click();
    await page.getByLabel("Let my coach watch my training live").check();
    if (viewport === SMALL) await checked(page, "live-settings");
    await page.getByRole("navigation").getByRole("button", { name: "Train" }).click();
    return [page, posted];
  }

  test("the coach sees it, also after a lost connection, and it is kept once", async () => {
    const lines: WebSocketRoute[] = [];
    const [page, posted] = await phone((socket) => {
      lines.push(socket);
      socket.connectToServer();
    }, "4×");
    const before = await listed(coach.request, server, `athletes/${athlete}/sessions`);
    await coach.evaluate(WATCH);
    await press(page, "Start");
    await page.getByText("Your coach can see this live.").waitFor();
    await page.waitForTimeout(1000);
    await lines[0]!.close();
    await page.getByText("No connection: your coach sees the rest later.").waitFor();
    await page.getByText("Your coach can see this live.").waitFor();
    await page.getByText("The recording is over.").waitFor();
    await press(page, "Stop");
    await page.getByText("sent", { exact: true }).waitFor();
    deepEqual(posted, [], "all of it was sent live");
    const sessions = await listed(coach.request, server, `athletes/${athlete}/sessions`);
    equal(sessions.length, before.length + 1);
    const address = `${new URL(server.link).origin}/api/v1/sessions/${sessions[0]!.id}`;
    const kept = (await (await coach.request.get(address)).json()) as { events: object[] };
    const frames = ((await coach.evaluate("frames")) as number[][]).map((bytes) => {
      return decode(Uint8Array.from(bytes)) as Frame;
    });
    const batches = frames.filter(({ type }) => type === "batch");
    deepEqual(
      batches.map(({ seq }) => seq),
      batches.map((_, at) => at + 1),
      "without gaps or repeats",
    );
    deepEqual(
      batches.flatMap(({ events }) => events),
      kept.events,
    );
    ok(kept.events.length > 10);
    equal(frames.at(-1)!.type, "ended");
    await page.context().close();
  });

  test("from the first login to the last: calibrate, train, lose the network, export, delete", async () => {
    const eve = await asked<Invited>("POST", "athletes", { name: "Eve" });
    const [bundle] = (await asked<Listed>("GET", "bundles")).items;
    await asked("PUT", `athletes/${eve.athlete}/bundle`, { bundle: bundle!.id });
    const page = await entered(browser, eve.link, SMALL);
    page.on("dialog", (one) => one.accept());
    await page.evaluate(() => navigator.serviceWorker.ready);
    await press(page, "Take mine from the server");
    await page.getByText("6 movements").waitFor();
    await press(page, "A recording");
    await page.locator("#recording-file").setInputFiles(`${WEB}build/vectors/dora.csv`);
    await press(page, "16×");

    await go(page, "Calibrate");
    for (const movement of ["curl", "squat"]) await page.getByLabel(movement).check();
    await press(page, "Begin");
    for (const at of [1, 2]) {
      await page.getByText(`${at} of 2`).waitFor();
      await press(page, "I am ready");
    }
    await page.locator(".verdict").waitFor();
    const [before, after] = await page.locator(".score").allTextContents();
    ok(Number.parseInt(before!, 10) < Number.parseInt(after!, 10), `${before}, then ${after}`);
    await page.getByText("Your coach sees this head").waitFor();
    await press(page, "Use my own head");
    await page.getByText("Your own head is in use.").waitFor();
    const calibrated = await until(
      () => asked<Heads>("GET", `athletes/${eve.athlete}/heads`),
      ({ live }) => live === 1,
    );
    const { scores, created, reason } = calibrated.versions[0]!;
    equal(`${Math.round(100 * scores.label!.personal_score!)} %`, after);
    ok(Math.abs(Date.now() - Date.parse(created)) < PATIENCE_MS);
    equal(reason, "phone");

    await go(page, "Settings");
    await page.getByLabel("Send raw sensor data").check();
    await go(page, "Train");
    await press(page, "Start");
    await page.locator(".movement:not(.idle) .word").waitFor();
    await page.context().setOffline(true);
    await press(page, "Stop");
    await page.getByText("No connection: kept on this phone").waitFor();
    await page.reload(); // it opens without a network too
    await page.getByText("In use: your own head").waitFor();
    await go(page, "Calibrate");
    await press(page, "Back to the shared head");
    equal((await asked<Listed>("GET", `athletes/${eve.athlete}/sessions`)).items.length, 0);
    await page.context().setOffline(false);
    const sessions = () => asked<Listed>("GET", `athletes/${eve.athlete}/sessions`);
    await until(sessions, ({ items }) => items.length > 0);
    await go(page, "Sessions");
    await page.getByText("sent", { exact: true }).waitFor();
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    const rolledBack = await until(
      () => asked<Heads>("GET", `athletes/${eve.athlete}/heads`),
      ({ live }) => live === 0,
    );
    equal(rolledBack.versions.length, 1);
    const [session, ...others] = (await sessions()).items;
    deepEqual(others, [], "exactly once");
    const { raw } = await asked<{ raw: object | null }>("GET", `sessions/${session!.id}`);
    ok(raw, "with consent, raw data too");

    await asked("POST", `athletes/${eve.athlete}/heads/rollback`, { to: 1 });
    await go(page, "Train");
    await press(page, "Take my coach’s newest");
    await page.getByText("In use: your own head").waitFor();

    await go(page, "Settings");
    await page.getByText("Logged in as Eve.").waitFor();
    const here = JSON.parse(String(await saved(page, "Save all that is on this phone")));
    const counts = ["heads", "lessons", "sessions"].map((name) => Object.keys(here[name]).length);
    deepEqual(counts, [1, 2, 1], "the head, what was shown for it, and the session");
    const zip = await saved(page, "Save all that the server has of me");
    for (const name of ["sessions/", "heads/Eve/versions.json", "bundle.distride"]) {
      ok(zip.includes(name), name);
    }
    await press(page, "Delete me on the server and here");
    await page.getByText("First, your model").waitFor();
    deepEqual(await page.evaluate(kept), []);
    const left = await asked<{ error?: { kind: string } }>("GET", `athletes/${eve.athlete}`);
    equal(left.error?.kind, "absent");
    await page.context().close();
  });

  test("where it cannot be sent live, it is sent at the end", async () => {
    const [page, posted] = await phone((socket) => socket.close(), "16×", SMALL);
    await press(page, "Start");
    await page.getByText("No connection: your coach sees the rest later.").waitFor();
    await checked(page, "live-waiting");
    await page.getByText("The recording is over.").waitFor();
    await press(page, "Stop");
    await page.getByText("sent", { exact: true }).waitFor();
    equal(posted.length, 1);
    await page.context().close();
  });
});

interface Invited {
  readonly athlete: string;
  readonly link: string;
}

interface Listed {
  readonly items: readonly { readonly id: string }[];
}

interface Heads {
  readonly live: number;
  readonly versions: readonly {
    readonly created: string;
    readonly reason: string;
    readonly scores: Readonly<Record<string, Readonly<Record<string, number>>>>;
  }[];
}

/** What a button has the browser save. */
async function saved(page: Page, button: string): Promise<Buffer> {
  const [download] = await Promise.all([page.waitForEvent("download"), press(page, button)]);
  return readFile(await download.path());
}

/** The stores of the phone in which something is kept. */
async function kept(): Promise<string[]> {
  const answer = <T>(request: IDBRequest<T>) =>
    new Promise<T>((given) => {
      request.onsuccess = () => given(request.result);
    });
  const db = await answer(indexedDB.open("distride"));
  const names = [...db.objectStoreNames];
  const counts = names.map((name) => answer(db.transaction(name).objectStore(name).count()));
  const found = await Promise.all(counts);
  return names.filter((_, at) => found[at]! > 0);
}

/** What is asked again and again, once it is as it should be. */
async function until<T>(ask: () => Promise<T>, met: (answer: T) => boolean): Promise<T> {
  const started = Date.now();
  for (;;) {
    const answer = await ask();
    if (met(answer)) return answer;
    if (Date.now() - started > PATIENCE_MS) throw new Error("it did not happen in time");
    await new Promise((waited) => setTimeout(waited, 50));
  }
}

/** A page of whoever follows a link. */
async function entered(browser: Browser, link: string, viewport = WIDE): Promise<Page> {
  const bypassCSP = viewport === SMALL; // axe is put into the page
  const context = await browser.newContext({ locale: "en-GB", viewport, bypassCSP });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  await enter(page, link);
  return page;
}

function go(page: Page, name: string): Promise<void> {
  return page.getByRole("navigation").getByRole("button", { name }).click();
}

async function press(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
}

async function listed(
  api: APIRequestContext,
  { link }: Serving,
  path: string,
): Promise<{ readonly id: string }[]> {
  const answer = await api.get(`${new URL(link).origin}/api/v1/${path}`);
  return ((await answer.json()) as { items: { id: string }[] }).items;
}

const ASK = encode({ type: "watch", version: 1, athletes: null, samples: false });

/** A coach's page that watches, and keeps the bytes that it is told. */
const WATCH = `
  globalThis.frames = [];
  const watching = new WebSocket("ws://" + location.host + "/api/v1/live");
  watching.binaryType = "arraybuffer";
  watching.onmessage = ({ data }) => frames.push([...new Uint8Array(data)]);
  new Promise((open) => {
    watching.onopen = open;
  }).then(() => watching.send(Uint8Array.from([${ASK}])));
`;
