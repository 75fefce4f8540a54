/** The checks in headless Chromium. */

import { readFile } from "node:fs/promises";
import type { Server } from "node:http";
import { after, before, describe, test } from "node:test";

import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";

import { checks } from "./checks.ts";
import { launched, served, skip } from "./chromium.ts";

const BUILD = new URL("../", import.meta.url);
const RUNTIME = new URL("../../node_modules/onnxruntime-web/dist/", import.meta.url);

describe("Chromium", { skip }, () => {
  let server: Server;
  let browser: Browser;
  let page: Page;

  before(async () => {
    const entry = new URL("test/page.js", BUILD).pathname;
    const outfile = new URL("page.js", BUILD).pathname;
    await build({ entryPoints: [entry], outfile, bundle: true, format: "esm", logLevel: "error" });
    const [started, address] = await served(contentOf);
    server = started;
    browser = await launched();
    page = await browser.newPage();
    await page.goto(address);
  });

  after(async () => {
    await browser?.close();
    server?.close();
  });

  for (const name of Object.keys(checks)) {
    test(`Chromium: ${name}`, async (context) => {
      const told = await page.evaluate(`run(${JSON.stringify(name)})`);
      if (told) context.diagnostic(String(told));
    });
  }
});

function contentOf(name: string): Promise<Buffer | string> {
  const script = '<script type="module" src="page.js"></script>';
  if (name === "index.html") return Promise.resolve(script);
  return readFile(new URL(name, name.endsWith(".wasm") ? RUNTIME : BUILD));
}
