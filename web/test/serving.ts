/** The real server, in a process of its own, with a squad of simulated athletes. */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const PYTHON = process.env.PYTHON ?? "python3";
const WEB = fileURLToPath(new URL("../../", import.meta.url));
const VECTORS = join(WEB, "build/vectors");
const ONE_THREAD = { OMP_NUM_THREADS: "1" }; // beside browsers, threads that wait for each other wait long

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
