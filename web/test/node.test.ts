/** The checks in Node, and what only Node can ask: whether Python reads what is written here. */

import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";

import { writeHead } from "../src/index.ts";
import { checks, groundOf } from "./checks.ts";
import { equal } from "./expect.ts";

const FOLDER = new URL("../vectors/", import.meta.url);
const PYTHON = process.env.PYTHON ?? "python3";
const load = async (name: string) => new Uint8Array(await readFile(new URL(name, FOLDER)));
const ground = groundOf(load);

for (const [name, check] of Object.entries(checks)) {
  test(`Node: ${name}`, async (context) => {
    const told = await check(await ground);
    if (told) context.diagnostic(told);
  });
}

test("Node: Python reads a head that was written here", async () => {
  const { student, vectors } = await ground;
  const own = await student.bundle.personalHead(await load("dora.head.safetensors"));
  await writeFile(new URL("written.head.safetensors", FOLDER), await writeHead(own));
  const script = new URL("../../vectors/read.py", import.meta.url).pathname;
  const read = spawnSync(PYTHON, [script, FOLDER.pathname, "written.head.safetensors"]);
  equal(read.status, 0, String(read.stderr));
  equal(JSON.parse(String(read.stdout)), vectors.personal, "what Python reads");
});
