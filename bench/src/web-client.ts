/** The built web client on a real server, in a browser that nobody follows, and a plain page beside it to compare with. */

import { createWriteStream } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { passwordOf } from "@excalibur/testing";
import type { Page } from "playwright-core";
import { ensureBuilt } from "../../client/build/ensure-built.ts";
import { type ClientWorld, signIn, startClientWorld } from "../../client/tests/client-world.ts";
import { type PlainBrowser, startPlainBrowser } from "../../client/tests/plain-browser.ts";

export const PERSON = "alice";

/** A server with people, and the client as it is now. */
export async function startWebClient(): Promise<ClientWorld> {
  await ensureBuilt((line) => process.stdout.write(`${line}\n`));
  return await startClientWorld();
}

/** A browser of its own in which the person has signed in. The program is there from the service worker, as after the first visit. */
export async function enterPlainly({ origin }: ClientWorld): Promise<PlainBrowser> {
  const browser = await startPlainBrowser();
  try {
    await browser.watched(async (page) => {
      await signIn(page, { origin, name: PERSON, password: passwordOf(PERSON) });
      await page.evaluate("navigator.serviceWorker.ready.then(() => undefined)");
      await page.reload();
      await page.getByRole("heading", { name: "My files" }).waitFor();
    });
  } catch (error) {
    await browser[Symbol.asyncDispose]();
    throw error;
  }
  return browser;
}

/** Milliseconds of a first visit: from the beginning of the navigation until there is a form to type into, and again after a reload. */
export interface Visit {
  readonly usableMs: number;
  readonly againMs: number;
}

/** In a browser of its own that has never been there. `isUsable` is a script; what the page was sent comes by `look`. */
export async function visit<T>(
  address: string,
  isUsable: string,
  look: (page: Page) => Promise<T>,
): Promise<Visit & { readonly seen: T }> {
  await using browser = await startPlainBrowser();
  return await browser.watched(async (page) => {
    // Between two frames at most: what is not drawn yet is of no use to anybody.
    await page.addInitScript(`(() => {
      const look = () => { if (${isUsable}) globalThis.usableMs = performance.now(); else requestAnimationFrame(look); };
      look();
    })()`);
    const usable = (): Promise<number> =>
      page.evaluate<number>(`new Promise((done) => {
        const wait = () => (globalThis.usableMs === undefined ? requestAnimationFrame(wait) : done(globalThis.usableMs));
        wait();
      })`);
    await page.goto(address);
    const usableMs = await usable();
    const seen = await look(page);
    await page.reload();
    return { usableMs, againMs: await usable(), seen };
  });
}

/** What one upload took, as the page saw it. */
export interface UploadInPage {
  /** From the choice of the file until its row is listed: everything is durable on the server then. */
  readonly seconds: number;
  /** Of the page's own thread, while that lasted. */
  readonly longestTaskMs: number;
  /** Longer than 50 ms: what browsers call long. */
  readonly longTasks: number;
}

/** Chooses the file in the signed-in client and waits until it is listed. */
export async function uploadInClient(browser: PlainBrowser, path: string): Promise<UploadInPage> {
  const measured = browser.evaluate<UploadInPage>(`(async () => {
    const tasks = [];
    const watch = new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)));
    watch.observe({ type: "longtask" });
    await new Promise((done) => document.addEventListener("change", done, { once: true, capture: true }));
    const began = performance.now();
    const isListed = () => [...document.querySelectorAll(".row-title")].some(({ textContent }) => textContent === ${JSON.stringify(basename(path))});
    while (!isListed()) await new Promise(requestAnimationFrame);
    const seconds = (performance.now() - began) / 1000;
    tasks.push(...watch.takeRecords().map(({ duration }) => duration));
    watch.disconnect();
    return { seconds, longestTaskMs: Math.max(0, ...tasks), longTasks: tasks.length };
  })()`);
  await browser.pick("input[type=file]:not([webkitdirectory])", [path]);
  return await measured;
}

/** Sends the file as it is, in one request, from the plain page's only input. Seconds until the answer. */
export async function uploadPlainly(browser: PlainBrowser, path: string): Promise<number> {
  const measured = browser.evaluate<number>(`(async () => {
    // The same file again would be no change.
    document.querySelector("input").value = "";
    const { target } = await new Promise((done) => document.addEventListener("change", done, { once: true }));
    const began = performance.now();
    const { status } = await fetch(${JSON.stringify(`/${basename(path)}`)}, { method: "PUT", body: target.files[0] });
    if (status !== 204) throw new Error("The plain server answered " + status);
    return (performance.now() - began) / 1000;
  })()`);
  await browser.pick("input", [path]);
  return await measured;
}

/** Answers with these pages, by path, and keeps nothing of anybody, unless it has a folder for what is PUT. */
export interface PlainServer extends AsyncDisposable {
  readonly origin: string;
}

export async function startPlainServer(
  pages: Readonly<Record<string, { readonly type: string; readonly body: string }>>,
  { folder }: { readonly folder?: string } = {},
): Promise<PlainServer> {
  const server = createServer(async (request, response) => {
    if (request.method === "PUT" && folder !== undefined) {
      await store(request, folder);
      response.writeHead(204).end();
      return;
    }
    const page = pages[request.url ?? "/"];
    if (page === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": page.type, "cache-control": "no-store" }).end(page.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Durable when it is answered, as it is with the product. */
async function store(request: IncomingMessage, folder: string): Promise<void> {
  await pipeline(request, createWriteStream(join(folder, basename(request.url ?? "")), { flush: true }));
}

/** A browser of its own that shows a page of the plain server. */
export async function openPlainly({ origin }: PlainServer): Promise<PlainBrowser> {
  const browser = await startPlainBrowser();
  try {
    await browser.watched(async (page) => void (await page.goto(origin)));
  } catch (error) {
    await browser[Symbol.asyncDispose]();
    throw error;
  }
  return browser;
}
