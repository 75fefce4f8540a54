/** How a page looks: kept as it is, measured, and judged by axe. */

import { equal, ok } from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";

import type { Page } from "playwright-core";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const SHOTS = process.env.SCREENSHOTS; // a folder, to look at the page

/** A screen as it is: its width, and what axe says of it. */
export async function checked(page: Page, name: string): Promise<void> {
  if (SHOTS) {
    await mkdir(SHOTS, { recursive: true });
    await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
  }
  const [width, allowed] = await page.evaluate(() => {
    return [document.documentElement.scrollWidth, innerWidth];
  });
  ok(width! <= allowed!, `${name} is ${width} pixels wide`);
  if (!(await page.evaluate(() => "axe" in window))) await page.addScriptTag({ path: AXE });
  const found = (await page.evaluate("axe.run()")) as {
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
  };
  const told = found.violations.map(({ id, nodes }) => {
    return `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join("; ")}`;
  });
  equal(told.join("\n"), "", name);
}
