/** The built web client on a real server, in a browser that nobody follows, and a plain page beside it to compare with. */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { passwordOf } from "@excalibur/testing";
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

/** Answers with these pages, by path, and keeps nothing of anybody. */
export interface PlainServer extends AsyncDisposable {
  readonly origin: string;
}

export async function startPlainServer(
  pages: Readonly<Record<string, { readonly type: string; readonly body: string }>>,
): Promise<PlainServer> {
  const server = createServer((request, response) => {
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
