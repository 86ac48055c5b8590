/** What stands on the browser itself, in the browser itself: its ciphers, by the suite that Node passes, and its memory. */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import fc from "fast-check";
import { chromium } from "playwright-core";
import { build } from "vite";
import { expect, it } from "vitest";
import { CHROMIUM } from "./client-world.ts";
import type { Outcome } from "./in-page/page-vitest.ts";

const FOLDER = path.resolve(import.meta.dirname, "in-page");

/** The page's program, in memory. */
async function programOf(entry: string): Promise<string> {
  const built = await build({
    ...{ configFile: false, logLevel: "error", root: FOLDER, publicDir: false },
    resolve: { alias: { vitest: path.join(FOLDER, "page-vitest.ts") } },
    build: {
      ...{ write: false, minify: false, target: "es2024" },
      rolldownOptions: { input: path.join(FOLDER, entry), output: { format: "iife" } },
    },
  });
  const [{ output }] = (Array.isArray(built) ? built : [built]) as [{ output: readonly { code?: string }[] }];
  return output[0]?.code ?? "";
}

/** On this machine's own name, which browsers take for a secure one. */
async function serve(program: string): Promise<AsyncDisposable & { readonly address: string }> {
  const server = createServer(({ url }, answer) => {
    const isPage = url !== "/program.js";
    answer.setHeader("content-type", `${isPage ? "text/html" : "text/javascript"}; charset=utf-8`);
    answer.end(isPage ? "<!doctype html><script src=/program.js></script>" : program);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

it("ciphers, hashes, signatures, cache and secret store do in Chromium what they have to", async () => {
  await using site = await serve(await programOf("main.ts"));
  const browser = await chromium.launch(CHROMIUM);
  try {
    const page = await browser.newPage();
    const { seed = 0 } = fc.readConfigureGlobal() ?? {};
    await page.goto(`${site.address}?seed=${seed}`);
    const { passed, failed } = await page.evaluate(() => globalThis.outcome as unknown as Promise<Outcome>);
    expect(failed).toEqual([]);
    // All of both suites: what was not told would not fail.
    expect(passed).toBeGreaterThan(45);
  } finally {
    await browser.close();
  }
});
