/** How a page looks: kept as it is, measured, and judged by axe. */

import { equal, ok } from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";

import type { Page } from "playwright-core";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const SHOTS = process.env.SCREENSHOTS; // a folder, to look at the page

const PATIENCE_MS = 5000;

/** A screen once it has settled: its width, and what axe says of it. */
export async function checked(page: Page, name: string): Promise<void> {
  await page.locator("h1").first().waitFor();
  await page.waitForFunction(fits, undefined, { timeout: PATIENCE_MS }).catch(() => undefined);
  if (SHOTS) {
    await mkdir(SHOTS, { recursive: true });
    await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
  }
  ok(await page.evaluate(fits), `${name} is wider than its screen`);
  if (!(await page.evaluate(() => "axe" in window))) await page.addScriptTag({ path: AXE });
  const found = (await page.evaluate("axe.run()")) as {
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
  };
  const told = found.violations.map(({ id, nodes }) => {
    return `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join("; ")}`;
  });
  equal(told.join("\n"), "", name);
}

function fits(): boolean {
  return document.documentElement.scrollWidth <= innerWidth;
}
