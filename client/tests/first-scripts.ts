/** What a browser is sent of the program before somebody can sign in. */

import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Page } from "playwright-core";
import { CLIENT_FOLDER } from "../build/ensure-built.ts";

export interface FirstScripts {
  /** Compressed, as they are sent. */
  readonly pageBytes: number;
  readonly engineBytes: number;
}

/** Of a page that shows the form; waits for the worker, which is asked for once the form is there. */
export async function firstScripts(page: Page): Promise<FirstScripts> {
  await page.waitForFunction(() => performance.getEntriesByType("resource").some(({ name }) => /engine/.test(name)));
  const loaded = await page.evaluate(() => {
    const resources = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
    return resources.map((each) => [each.name, each.encodedBodySize] as const);
  });
  const scripts = loaded.filter(([name]) => name.endsWith(".js"));
  const [engine] = scripts.find(([name]) => name.includes("engine.worker")) ?? [];
  const ofEngine = new Set<string>();
  const engineBytes = await scriptBytes(path.basename(engine ?? ""), ofEngine);
  const ofPage = scripts.filter(([name]) => !ofEngine.has(path.basename(name)));
  return { pageBytes: ofPage.reduce((bytes, [, size]) => bytes + size, 0), engineBytes };
}

/** Of a script and all that it loads at once, as they are sent; `counted` gets their names. */
async function scriptBytes(file: string, counted: Set<string>): Promise<number> {
  if (counted.has(file)) return 0;
  counted.add(file);
  const place = path.join(CLIENT_FOLDER, "assets", file);
  const [text, { length }] = await Promise.all([readFile(place, "utf8"), readFile(`${place}.gz`)]);
  let bytes = length;
  for (const [, next] of text.matchAll(/(?:from|import)["'`]\.\/([\w.-]+\.js)["'`]/g)) {
    bytes += await scriptBytes(next as string, counted);
  }
  return bytes;
}
