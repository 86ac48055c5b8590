/** The built client on a server that lies: what the screen says, what is not released, and what is believed afterwards. */

import { type EvilProxy, problemAnswer, withBody } from "@excalibur/testing";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type ClientWorld, startClientWorld, type Window } from "./client-world.ts";

const FILM = { name: "film.mp4", content: Buffer.alloc(1_500_000, "frame ") };
const WRITES = ["putPages", "postBatch", "postCommit", "createUpload"];

let proxy: EvilProxy;
let world: ClientWorld;
let alice: Window;

beforeAll(async () => {
  world = await startClientWorld();
  proxy = await world.world.turnEvil();
  const laptop = await world.laptop("alice");
  for (const name of ["Salaries", "Lunch"]) await laptop.write(`/${name}/${name} 2026.txt`, name);
  await laptop.write(`/${FILM.name}`, FILM.content);
  alice = await freshWindow();
});

afterEach(() => proxy.behave());

afterAll(async () => {
  await alice?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

const row = (page: Page, name: string) => page.getByRole("row", { name: new RegExp(`^${name.replace(".", "\\.")}`) });

async function makeFolder(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "New", exact: true }).click();
  await page.getByRole("menuitem", { name: "New folder" }).click();
  await page.getByLabel("Name of the folder").fill(name);
  await page.keyboard.press("Enter");
  await row(page, name).waitFor();
}

async function openFolder(page: Page, name: string): Promise<string> {
  await row(page, name).dblclick();
  await page.getByRole("heading", { name }).waitFor();
  return new URL(page.url()).pathname.split("/").at(-1) as string;
}

/** A browser that has nothing of the drive yet. */
async function freshWindow(): Promise<Window> {
  const window = await world.enter("alice");
  await row(window.page, FILM.name).waitFor();
  return window;
}

describe("a server that shows yesterday", () => {
  it("D6 is told, nothing is taken for deleted or built upon it, and today is believed when it comes back", async () => {
    const { page } = alice;
    const yesterday = await world.world.backUp();
    await makeFolder(page, "Today");
    const today = await world.world.backUp();
    await world.world.restore(yesterday);
    const asked = proxy.asked.length;
    await page.reload();
    await page.getByText("The server shows an older state of the drive").first().waitFor();
    expect(await page.getByText("no longer there").count()).toBe(0);
    expect(proxy.asked.slice(asked).filter((route) => WRITES.includes(route))).toEqual([]);
    await world.world.restore(today);
    await page.reload();
    await row(page, "Today").waitFor();
    await makeFolder(page, "Tomorrow");
  });
});

describe("a server that lies about folders", () => {
  it("D1 exchanges the pages of two: neither shows anything of the other, and both say that something is wrong", async () => {
    const served = new Map<string, Buffer>();
    const ids: string[] = [];
    proxy.alter("fetchPages", (body) => {
      for (const record of recordsOf(body)) served.set(folderOf(record), record);
      return body;
    });
    {
      // Nobody lies yet.
      await using window = await freshWindow();
      for (const name of ["Salaries", "Lunch"]) {
        ids.push(await openFolder(window.page, name));
        await row(window.page, `${name} 2026.txt`).waitFor();
        await window.page.getByRole("link", { name: "My files" }).first().click();
      }
    }
    const [one, two] = ids.map((id) => Buffer.from(id, "base64url").toString("hex")) as [string, string];
    const swap = new Map([
      [one, two],
      [two, one],
    ]);
    proxy.alter("fetchPages", (body) =>
      pagesAnswer(recordsOf(body).map((record) => served.get(swap.get(folderOf(record)) ?? "") ?? record)),
    );
    await using window = await freshWindow();
    const { page } = window;
    for (const name of ["Salaries", "Lunch"]) {
      await row(page, name).dblclick();
      await page.getByText("A part of this folder is damaged or was exchanged").waitFor();
      expect(await page.getByText("no longer there").count()).toBe(0);
      expect(await page.getByText("2026").count()).toBe(0);
      await page.getByRole("link", { name: "My files" }).first().click();
    }
  });

  it("D7 keeps news from one browser: it shows what it knew, claims nothing, and has them when the server behaves", async () => {
    interface Commits {
      readonly headSequence: number;
      readonly headHash: string;
    }
    let known: Commits | undefined;
    proxy.alterJson<Commits>("listCommits", (answer) => (known = answer));
    await using window = await freshWindow();
    const { headSequence, headHash } = known!;
    proxy.alterJson<Commits>("listCommits", (answer) => ({
      ...answer,
      commits: [],
      more: false,
      headSequence,
      headHash,
    }));
    await makeFolder(alice.page, "News");
    await window.page.reload();
    await row(window.page, FILM.name).waitFor();
    expect(await row(window.page, "News").count()).toBe(0);
    expect(await window.page.getByRole("alert").count()).toBe(0);
    proxy.behave();
    await window.page.reload();
    await row(window.page, "News").waitFor();
  });
});

describe("a server that lies about files", () => {
  async function download(page: Page): Promise<void> {
    await row(page, FILM.name).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Download" }).click();
  }

  it("C5, C6 alters the bytes of one: the download fails, the browser keeps no file, and the page says why", async () => {
    const { page } = alice;
    proxy.alter("getObject", (body) => {
      const bytes = Buffer.from(body);
      const place = Math.min(1_000_000, bytes.length - 1);
      bytes[place] = bytes[place]! ^ 1;
      return bytes;
    });
    const coming = page.waitForEvent("download");
    await download(page);
    expect(await (await coming).failure()).not.toBeNull();
    await page.getByText("The server gave back something else than what was stored.").first().waitFor();
    proxy.behave();
    const again = page.waitForEvent("download");
    await download(page);
    expect(await (await again).failure()).toBeNull();
  });

  it("G6 has lost one: that is said, and the file stays listed", async () => {
    const { page } = alice;
    proxy.interfere("getObject", async () => problemAnswer("not_found", 404));
    await download(page);
    await page.getByText("does not have this file's contents").first().waitFor();
    await row(page, FILM.name).waitFor();
  });
});

describe("a server that answers nonsense", () => {
  it("G6 in HTML, with 502: it is no connection, nothing is said to be gone, and all is there when it behaves", async () => {
    const { page } = alice;
    proxy.interfere("*", async (exchange, ask) => {
      if (!exchange.path.startsWith("/api/") && exchange.route === exchange.path) return ask();
      const page = { status: 502, headers: { "content-type": "text/html" }, body: new Uint8Array() };
      return withBody(page, Buffer.from("<h1>Bad gateway</h1>"));
    });
    await page.reload();
    await page.getByText(/No connection to the server\. You see your drive as it was/).waitFor();
    await row(page, FILM.name).waitFor();
    expect(await page.getByText("no longer there").count()).toBe(0);
    proxy.behave();
    await page.reload();
    await row(page, FILM.name).waitFor();
    await row(page, "Salaries").waitFor();
  });
});

/** Cuts a `fetchPages` answer into its records. */
function recordsOf(body: Uint8Array): Buffer[] {
  const bytes = Buffer.from(body);
  const records: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    records.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return records;
}

// spec/volumes.md: the folder of a page record, in the clear.
function folderOf(record: Buffer): string {
  return record.subarray(20, 36).toString("hex");
}

function pagesAnswer(records: readonly Buffer[]): Buffer {
  return Buffer.concat(
    records.flatMap((record) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(record.length);
      return [length, record];
    }),
  );
}
