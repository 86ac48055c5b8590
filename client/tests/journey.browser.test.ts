import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLIENT_FOLDER } from "../build/ensure-built.ts";
import {
  accessibilityProblems,
  type ClientWorld,
  PASSWORD,
  signUp,
  startClientWorld,
  type Window,
} from "./client-world.ts";

let world: ClientWorld;
let alice: Window;

beforeAll(async () => {
  world = await startClientWorld();
  // With what moves on the screen: elsewhere nothing does.
  alice = await world.open({ reducedMotion: "no-preference" });
});

afterAll(async () => {
  await alice?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

const SMALL = { name: "packing list.md", mimeType: "text/markdown", buffer: Buffer.from("- skis\n") };
/** Three parts. */
const LARGE = { name: "IMG_2041 – Jökulsárlón.mp4", mimeType: "video/mp4", buffer: randomBytes(9_000_001) };

describe("somebody who was invited", () => {
  it("makes an account; the invitation leaves the address bar and reaches no address that is asked for", async () => {
    const { page, asked } = alice;
    const invitation = await world.invitation();
    const [, code] = invitation.split("#invite=");
    await signUp(page, invitation, "emma");
    expect(page.url()).toBe(`${world.origin}/files`);
    expect(asked.filter((address) => address.includes(code as string))).toEqual([]);
    expect(asked.filter((address) => !address.startsWith(world.origin))).toEqual([]);
  });

  it("makes a folder, goes in by keyboard, and uploads files that lie there under their names", async () => {
    const { page } = alice;
    await page.getByRole("button", { name: "New", exact: true }).click();
    await page.getByRole("menuitem", { name: "New folder" }).click();
    await page.getByLabel("Name of the folder").fill("Iceland");
    await page.keyboard.press("Enter");
    await page.getByRole("row", { name: /Iceland/ }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Iceland" }).waitFor();
    // The address says which folder, and not what it is called.
    expect(page.url()).toMatch(/\/files\/[\w-]{22}$/);
    await page.getByLabel("Upload files").setInputFiles([SMALL, LARGE]);
    await page.getByText("Everything is there").waitFor();
    await page.getByText("2 files").waitFor();
    expect(await page.getByRole("row", { name: /Jökulsárlón.*9 MB/ }).count()).toBe(1);
  });

  it("gets back exactly what was uploaded, written by the browser as a download", async () => {
    const { page } = alice;
    for (const { name, buffer } of [SMALL, LARGE]) {
      const coming = page.waitForEvent("download");
      await page.getByRole("row", { name: new RegExp(name) }).click({ button: "right" });
      await page.getByRole("menuitem", { name: "Download" }).click();
      const download = await coming;
      expect(download.suggestedFilename()).toBe(name);
      expect(Buffer.compare(await readFile(await download.path()), buffer)).toBe(0);
    }
  });

  it("renames with the ending kept apart, trashes by key, restores, and deletes for good", async () => {
    const { page } = alice;
    await page.getByRole("row", { name: /packing list/ }).click();
    await page.keyboard.press("F2");
    const field = page.getByLabel("New name");
    await expect
      .poll(() => field.evaluate((input: HTMLInputElement) => [input.selectionStart, input.selectionEnd]), {
        timeout: 30_000,
      })
      .toEqual([0, 12]);
    await page.keyboard.type("skis");
    await page.keyboard.press("Enter");
    await page.getByRole("row", { name: /^skis\.md/ }).waitFor();
    await page.getByRole("row", { name: /^skis\.md/ }).click();
    await page.keyboard.press("Delete");
    await page.getByText("“skis.md” is in the trash.").waitFor();
    await page.getByRole("link", { name: "Trash" }).click();
    await page.getByRole("button", { name: "Actions for skis.md" }).click();
    await page.getByRole("menuitem", { name: "Delete for good" }).click();
    await page.locator("ion-modal").getByRole("button", { name: "Delete for good" }).click();
    await page.getByText("The trash is empty").waitFor();
  });

  it("sees in a second window, and in the first what the second does", async () => {
    const second = await alice.context.newPage();
    await second.goto(`${world.origin}/files`);
    await second.getByRole("row", { name: /Iceland/ }).waitFor();
    await alice.page.getByRole("link", { name: "My files" }).click();
    await second.getByRole("button", { name: "New", exact: true }).click();
    await second.getByRole("menuitem", { name: "New folder" }).click();
    await second.getByLabel("Name of the folder").fill("Norway");
    await second.keyboard.press("Enter");
    await alice.page.getByRole("row", { name: /Norway/ }).waitFor();
    await second.close();
  });

  it("locks: every window forgets the keys, and the password opens it again", async () => {
    const { page } = alice;
    const second = await alice.context.newPage();
    await second.goto(`${world.origin}/files`);
    await second.getByRole("row", { name: /Norway/ }).waitFor();
    await page.getByRole("button", { name: "Account: emma" }).click();
    await page.getByRole("menuitem", { name: "Lock now" }).click();
    await page.getByRole("heading", { name: "Welcome back, emma" }).waitFor();
    await second.getByRole("heading", { name: "Welcome back, emma" }).waitFor();
    await second.close();
    await page.getByLabel("Password", { exact: true }).fill("not the password");
    await page.getByRole("button", { name: "Unlock" }).click();
    await page.getByRole("alert").getByText("The name or the password is wrong.").waitFor();
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Unlock" }).click();
    await page.getByRole("row", { name: /Norway/ }).waitFor();
  });

  it("stays signed in over a reload, and fetches no part of the program again", async () => {
    const { page } = alice;
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await page.reload();
    await page.getByRole("row", { name: /Norway/ }).waitFor();
    const fetched: string[] = [];
    page.on("response", (response) => {
      if (!response.fromServiceWorker()) fetched.push(response.url());
    });
    await page.reload();
    await page.getByRole("row", { name: /Norway/ }).waitFor();
    // What the service worker has is not asked of the server; the drive is.
    const ofProgram = fetched.filter((address) => !address.startsWith(`${world.origin}/api/`));
    expect(ofProgram).toEqual([]);
    expect(fetched.length).toBeGreaterThan(0);
  });

  it("finds nothing in the way: no violation of the policy, no error of the program", () => {
    const known = /the server responded with a status of 401/;
    expect(alice.complaints.filter((text) => !known.test(text))).toEqual([]);
  });
});

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

describe("the first visit", () => {
  it("costs less than 250 kB of script before somebody signs in", async () => {
    await using window = await world.open();
    const { page } = window;
    await page.goto(`${world.origin}/sign-in`);
    await page.getByLabel("User name").waitFor();
    // The worker is asked for once the form is there, and waited for by nobody.
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
    const pageBytes = ofPage.reduce((bytes, [, size]) => bytes + size, 0);
    const told = [pageBytes, engineBytes].map((bytes) => `${Math.round(bytes / 1000)} kB`);
    process.stdout.write(`script before sign-in, compressed: ${told.join(" for the page, ")} for the engine\n`);
    expect(pageBytes).toBeGreaterThan(50_000);
    expect(pageBytes).toBeLessThan(250_000);
    // The goal is 250 kB for both (docs/performance.md): this holds what there is. With the drive it would be 160 kB.
    expect(engineBytes).toBeGreaterThan(50_000);
    expect(engineBytes).toBeLessThan(115_000);
  });
});

describe("every page", () => {
  // Both themes and both layouts, each once.
  it.each([
    { width: 390, colorScheme: "dark" },
    { width: 1440, colorScheme: "light" },
  ] as const)("fits into $width pixels and can be used by everybody, $colorScheme", async ({ width, colorScheme }) => {
    await using window = await world.open({ viewport: { width, height: 844 }, colorScheme });
    const { page } = window;
    const check = async (): Promise<void> => {
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    };
    for (const [address, heading] of [
      ["/", "A drive that only you can open"],
      ["/sign-in", "Sign in"],
      ["/recover", "Recover your account"],
      ["/sign-up", "Create your account"],
    ] as const) {
      await page.goto(`${world.origin}${address}`);
      await page.getByRole("heading", { name: heading }).waitFor();
      await check();
    }
    await page.goto(`${world.origin}/sign-in`);
    await page.getByLabel("User name").fill("emma");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("row", { name: /Norway/ }).waitFor();
    await check();
    await page.getByRole("button", { name: "Actions for Norway" }).click();
    await page.getByRole("menuitem", { name: "Rename" }).waitFor();
    await check();
    await page.getByRole("menuitem", { name: "Rename" }).click();
    await page.getByLabel("New name").waitFor();
    await check();
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "Trash" }).click();
    await page.getByText("The trash is empty").waitFor();
    await check();
    expect(window.complaints).toEqual([]);
  });
});
