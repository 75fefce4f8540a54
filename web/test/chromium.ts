/** The browser that is installed, and files for it to open. */

import { existsSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";

import { type Browser, chromium } from "playwright-core";

const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"];
const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

const browserPath = process.env.CHROMIUM ?? BROWSERS.find(existsSync);

/** Why there is nothing to test with. */
export const skip = browserPath
  ? false
  : "there is no Chromium: apt-get install chromium, or set CHROMIUM";

export function launched(): Promise<Browser> {
  return chromium.launch({ executablePath: browserPath!, args: FLAGS });
}

/** What else than files a server answers; whether it did. */
export type Answering = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A server of files, and its address. */
export async function served(
  contentOf: (name: string) => Promise<Buffer | string>,
  answering: Answering = () => false,
): Promise<[Server, string]> {
  const server = createServer(async (request, response) => {
    if (answering(request, response)) return;
    const name = new URL(request.url ?? "/", "http://page").pathname.slice(1) || "index.html";
    response.setHeader("Content-Type", TYPES[extname(name)] ?? "application/octet-stream");
    const file = await contentOf(name).catch(() => null);
    response.writeHead(file === null ? 404 : 200).end(file);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return [server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`];
}
