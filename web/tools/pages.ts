/**
 * Builds the pages: `node pages.js WEB OUT`. Each is a folder of WEB, with an `index.html` of its own or
 * that of `pages/`; files of its `public/` are copied, and a `worker/` becomes its service worker, told
 * of every file.
 */

import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join, relative } from "node:path";

import { build, type Plugin } from "esbuild";
import { parse } from "smol-toml";

const PAGES = ["login", "phone", "coach"];
const ICON = "phone/public/icon.svg";
const WASM = "node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm";
const DEMO = ["student.distride", "dora.head.safetensors", "dora.csv"]; // of `make vectors`: a simulated athlete

/** `import rules from "….toml"`: Python and the pages read one file. */
const toml: Plugin = {
  name: "toml",
  setup(one) {
    one.onLoad({ filter: /\.toml$/ }, async ({ path }) => ({
      contents: JSON.stringify(parse(await readFile(path, "utf8"))),
      loader: "json",
    }));
  },
};

export async function buildPages(web: string, out: string): Promise<void> {
  for (const page of PAGES) await buildPage(web, page, join(out, page));
}

async function buildPage(web: string, page: string, out: string): Promise<void> {
  const source = join(web, page);
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  await bundled([join(source, "app.ts"), join(source, "app.css")], out);
  await cp(join(web, ICON), join(out, "icon.svg"));
  const own = join(source, "index.html");
  await cp((await exists(own)) ? own : join(web, "pages/index.html"), join(out, "index.html"));
  if (await exists(join(source, "public"))) {
    await cp(join(source, "public"), out, { recursive: true });
  }
  if (page !== "phone") return;
  await cp(join(web, WASM), join(out, "ort-wasm-simd-threaded.wasm"));
  for (const name of DEMO) {
    const file = join(web, "build/vectors", name);
    if (await exists(file)) await cp(file, join(out, "demo", name));
  }
  const files = await filesIn(out);
  const define = {
    FILES: JSON.stringify(["./", ...files.filter((name) => !name.startsWith("demo/"))]),
    VERSION: JSON.stringify(await digestOf(out, files)),
  };
  await bundled([join(source, "worker/worker.ts")], out, define);
}

async function bundled(
  entryPoints: string[],
  outdir: string,
  define: Record<string, string> = {},
): Promise<void> {
  await build({
    entryPoints,
    outdir,
    define,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    logLevel: "error",
    plugins: [toml],
  });
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

async function digestOf(folder: string, files: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const name of files) hash.update(name).update(await readFile(join(folder, name)));
  return hash.digest("hex").slice(0, 16);
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

const [web, out] = process.argv.slice(2);
if (web && out) await buildPages(web, out);
