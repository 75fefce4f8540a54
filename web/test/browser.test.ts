/** The checks in headless Chromium. */

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";

import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";

import { checks } from "./checks.ts";

const BUILD = new URL("../", import.meta.url);
const RUNTIME = new URL("../../node_modules/onnxruntime-web/dist/", import.meta.url);
const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"];
const TYPES: Readonly<Record<string, string>> = {
  html: "text/html",
  js: "text/javascript",
  wasm: "application/wasm",
};

const browserPath = process.env.CHROMIUM ?? BROWSERS.find(existsSync);
const skip = browserPath
  ? false
  : "there is no Chromium: apt-get install chromium, or set CHROMIUM";

describe("Chromium", { skip }, () => {
  const server = createServer(async ({ url = "/" }, response) => {
    const name = url === "/" ? "page.html" : url.slice(1);
    response.setHeader("Content-Type", TYPES[name.split(".").pop()!] ?? "application/octet-stream");
    const file = await contentOf(name).catch(() => null);
    response.writeHead(file === null ? 404 : 200).end(file);
  });
  let browser: Browser;
  let page: Page;

  before(async () => {
    const entry = new URL("test/page.js", BUILD).pathname;
    const outfile = new URL("page.js", BUILD).pathname;
    await build({ entryPoints: [entry], outfile, bundle: true, format: "esm", logLevel: "error" });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    browser = await chromium.launch({ executablePath: browserPath!, args: FLAGS });
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });

  after(async () => {
    await browser?.close();
    server.close();
  });

  for (const name of Object.keys(checks)) {
    test(`Chromium: ${name}`, async (context) => {
      const told = await page.evaluate(`run(${JSON.stringify(name)})`);
      if (told) context.diagnostic(String(told));
    });
  }
});

function contentOf(name: string): Promise<Buffer | string> {
  if (name === "page.html") return Promise.resolve('<script type="module" src="page.js"></script>');
  return readFile(new URL(name, name.endsWith(".wasm") ? RUNTIME : BUILD));
}
