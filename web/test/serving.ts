/** The real server, in a process of its own, with a squad of simulated athletes. */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";

const PYTHON = process.env.PYTHON ?? "python3";
const WEB = fileURLToPath(new URL("../../", import.meta.url));
const VECTORS = join(WEB, "build/vectors");
const ONE_THREAD = { OMP_NUM_THREADS: "1" }; // beside browsers, threads that wait for each other wait long

/** Sets a password by a first-login link, which leads to the page of whoever opens it. */
export async function enter(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.locator("#password").fill("correct horse battery");
  await page.locator(".main").click();
  await page.waitForURL(/\/(coach|phone)\//);
}

export interface Serving {
  /** A link by which the coach chooses a password, once. */
  readonly link: string;
  close(): Promise<void>;
}

/** `distride serve` on a folder of its own. */
export async function serving(athletes: number): Promise<Serving> {
  const folder = await mkdtemp(join(tmpdir(), "distride-squad-"));
  const squad = [join(WEB, "vectors/squad.py"), folder, VECTORS, String(athletes)];
  execFileSync(PYTHON, squad, { stdio: "inherit" });
  const asked = ["-m", "distride", "serve", "--data", folder, "--port", "0", "--invite", "Kim"];
  const env = { ...process.env, ...ONE_THREAD };
  const server = spawn(PYTHON, asked, { env, stdio: ["ignore", "pipe", "ignore"] });
  const link = await firstLink(server);
  const close = async () => {
    const gone = once(server, "exit");
    server.kill("SIGINT");
    await gone;
    await rm(folder, { recursive: true });
  };
  return { link, close };
}

async function firstLink(server: ChildProcess): Promise<string> {
  let link = "";
  for await (const line of createInterface({ input: server.stdout! })) {
    link = /https?:\S+\/login\/#\S+/.exec(line)?.[0] ?? link;
    if (line.startsWith("Serving")) return link;
  }
  throw new Error("the server ended before it served");
}
