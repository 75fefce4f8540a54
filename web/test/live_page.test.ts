/** A session that is shared while it runs, in headless Chromium against the real server. */

import { deepEqual, equal, ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import { decode, encode } from "@msgpack/msgpack";
import type { APIRequestContext, Browser, Page, WebSocketRoute } from "playwright-core";

import { buildPages } from "../tools/pages.ts";
import { launched, skip } from "./chromium.ts";
import { checked } from "./looks.ts";
import { type Serving, serving } from "./serving.ts";

const WEB = fileURLToPath(new URL("../../", import.meta.url));
const SERVED = fileURLToPath(new URL("../../../src/distride/serve/pages/", import.meta.url));
const PASSWORD = "correct horse battery";
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

describe("A session that is shared live", { skip }, () => {
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

  /** The athlete's phone with their model, ready to replay a recording. */
  async function phone(
    routed: (socket: WebSocketRoute) => unknown,
    speed: string,
    viewport = WIDE,
  ): Promise<[Page, string[]]> {
    const asked = { headers: { Origin: new URL(server.link).origin } };
    const invitation = `${new URL(server.link).origin}/api/v1/athletes/${athlete}/invitation`;
    const { link } = (await (await coach.request.post(invitation, asked)).json()) as typeof server;
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

/** A page of whoever follows a link. */
async function entered(browser: Browser, link: string, viewport = WIDE): Promise<Page> {
  const bypassCSP = viewport === SMALL; // axe is put into the page
  const context = await browser.newContext({ locale: "en-GB", viewport, bypassCSP });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  await page.goto(link);
  await page.locator("#password").fill(PASSWORD);
  await page.locator(".main").click();
  await page.waitForURL(/\/(coach|phone)\//);
  return page;
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
