import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  accessibilityProblems,
  type ClientWorld,
  fresh,
  goTo,
  PASSWORD,
  signIn,
  signUp,
  startClientWorld,
  type Window,
} from "./client-world.ts";
import { firstScripts } from "./first-scripts.ts";

let world: ClientWorld;
/** Who signs up in the first story, and all others are hers; a second try of it makes her anew. */
let emma: Window;
let name: string;

beforeAll(async () => {
  world = await startClientWorld();
});

afterAll(async () => {
  await emma?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

const SMALL = { name: "packing list.md", mimeType: "text/markdown", buffer: Buffer.from("- skis\n") };
/** Three parts. */
const LARGE = { name: "IMG_2041 – Jökulsárlón.mp4", mimeType: "video/mp4", buffer: randomBytes(9_000_001) };

const row = (name: string | RegExp): Locator => emma.page.getByRole("row", { name });

/** In the folder in sight, as a person makes one. */
async function makeFolder(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "New", exact: true }).click();
  await page.getByRole("menuitem", { name: "New folder" }).click();
  await page.getByLabel("Name of the folder").fill(name);
  await page.keyboard.press("Enter");
}

/** Makes a folder at the root, goes in by keyboard, and puts files there. */
async function makeFolderWith(files: readonly (typeof SMALL)[]): Promise<string> {
  const { page } = emma;
  const name = fresh("Iceland");
  await goTo(page, `${world.origin}/files`);
  await makeFolder(page, name);
  await row(new RegExp(name)).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name }).waitFor();
  await page.getByLabel("Upload files").setInputFiles(files);
  for (const file of files) await row(new RegExp(file.name)).waitFor();
  return name;
}

describe("somebody who was invited", () => {
  it("makes an account; the invitation leaves the address bar and reaches no address that is asked for", async () => {
    if (emma !== undefined) await emma[Symbol.asyncDispose]();
    // With what moves on the screen: elsewhere nothing does.
    emma = await world.open({ reducedMotion: "no-preference" });
    name = `emma-${randomBytes(3).toString("hex")}`;
    const { page, asked } = emma;
    const invitation = await world.invitation();
    const [, code] = invitation.split("#invite=");
    await signUp(page, invitation, name);
    expect(page.url()).toBe(`${world.origin}/files`);
    expect(asked.filter((address) => address.includes(code as string))).toEqual([]);
    expect(asked.filter((address) => !address.startsWith(world.origin))).toEqual([]);
  });

  it("makes a folder, goes in by keyboard, uploads files under their names, and gets back exactly what was uploaded", async () => {
    const { page } = emma;
    await makeFolderWith([SMALL, LARGE]);
    // The address says which folder, and not what it is called.
    expect(page.url()).toMatch(/\/files\/[\w-]{22}$/);
    await page.getByText("2 files").waitFor();
    await row(/Jökulsárlón.*9 MB/).waitFor();
    for (const { name: file, buffer } of [SMALL, LARGE]) {
      const coming = page.waitForEvent("download");
      await row(new RegExp(file)).click({ button: "right" });
      await page.getByRole("menuitem", { name: "Download" }).click();
      const download = await coming;
      expect(download.suggestedFilename()).toBe(file);
      expect(Buffer.compare(await readFile(await download.path()), buffer)).toBe(0);
    }
  });

  it("renames with the ending kept apart, trashes by key, and deletes for good", async () => {
    const { page } = emma;
    await makeFolderWith([SMALL]);
    const renamed = fresh("skis");
    await row(/packing list/).click();
    await page.keyboard.press("F2");
    const field = page.getByLabel("New name");
    await expect
      .poll(() => field.evaluate((input: HTMLInputElement) => [input.selectionStart, input.selectionEnd]), {
        timeout: 30_000,
      })
      .toEqual([0, 12]);
    await page.keyboard.type(renamed);
    await page.keyboard.press("Enter");
    await row(new RegExp(`^${renamed}\\.md`)).waitFor();
    await row(new RegExp(`^${renamed}\\.md`)).click();
    await page.keyboard.press("Delete");
    await row(new RegExp(`^${renamed}\\.md`)).waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Trash" }).click();
    await page.getByRole("button", { name: `Actions for ${renamed}.md` }).click();
    await page.getByRole("menuitem", { name: "Delete for good" }).click();
    await page.locator("ion-modal").getByRole("button", { name: "Delete for good" }).click();
    await page.getByText("The trash is empty").waitFor();
  });

  it("sees in a second window, and in the first what the second does", async () => {
    const { page } = emma;
    const [here, there] = [fresh("Norway"), fresh("Sweden")];
    await goTo(page, `${world.origin}/files`);
    await makeFolder(page, here);
    await row(here).waitFor();
    await using second = await secondWindow();
    await second.page.getByRole("row", { name: here }).waitFor();
    await makeFolder(second.page, there);
    await row(there).waitFor();
  });

  it("locks: every window forgets the keys, and the password opens it again", async () => {
    const { page } = emma;
    await goTo(page, `${world.origin}/files`);
    await using second = await secondWindow();
    await page.getByRole("button", { name: `Account: ${name}` }).click();
    await page.getByRole("menuitem", { name: "Lock now" }).click();
    await page.getByRole("heading", { name: `Welcome back, ${name}` }).waitFor();
    await second.page.getByRole("heading", { name: `Welcome back, ${name}` }).waitFor();
    await page.getByLabel("Password", { exact: true }).fill("not the password");
    await page.getByRole("button", { name: "Unlock" }).click();
    await page.getByRole("alert").getByText("The name or the password is wrong.").waitFor();
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Unlock" }).click();
    await page.getByRole("heading", { name: "My files" }).waitFor();
  });

  it("stays signed in over a reload, and fetches no part of the program again", async () => {
    const { page } = emma;
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await page.reload();
    await page.getByRole("heading", { name: "My files" }).waitFor();
    const fetched: string[] = [];
    page.on("response", (response) => {
      if (!response.fromServiceWorker()) fetched.push(response.url());
    });
    await page.reload();
    await page.getByRole("heading", { name: "My files" }).waitFor();
    await expect.poll(() => fetched.length).toBeGreaterThan(0);
    // What the service worker has is not asked of the server; the drive is.
    const ofProgram = fetched.filter((address) => !address.startsWith(`${world.origin}/api/`));
    expect(ofProgram).toEqual([]);
  });

  it("finds nothing in the way: no violation of the policy, no error of the program", () => {
    const known = /the server responded with a status of 401/;
    expect(emma.complaints.filter((text) => !known.test(text))).toEqual([]);
  });
});

/** Of hers, in the same browser; gone at the end. */
async function secondWindow(): Promise<{ readonly page: Page } & AsyncDisposable> {
  const page = await emma.context.newPage();
  await page.goto(`${world.origin}/files`);
  await page.getByRole("heading", { name: "My files" }).waitFor();
  return { page, [Symbol.asyncDispose]: () => page.close() };
}

describe("the first visit", () => {
  it("costs less than 250 kB of script before somebody signs in", async () => {
    await using window = await world.open();
    const { page } = window;
    await page.goto(`${world.origin}/sign-in`);
    await page.getByLabel("User name").waitFor();
    const { pageBytes, engineBytes } = await firstScripts(page);
    const told = [pageBytes, engineBytes].map((bytes) => `${Math.round(bytes / 1000)} kB`);
    process.stdout.write(`script before sign-in, compressed: ${told.join(" for the page, ")} for the engine\n`);
    // The goal is 250 kB for both (docs/performance.md): this holds what there is. With Ionic the page would have 220 kB,
    // with the drive the engine 160 kB.
    expect(pageBytes).toBeGreaterThan(50_000);
    expect(pageBytes).toBeLessThan(135_000);
    expect(engineBytes).toBeGreaterThan(50_000);
    expect(engineBytes).toBeLessThan(105_000);
  });
});

/** Both themes and both layouts, each once. */
const LOOKS = [
  { width: 390, colorScheme: "dark" },
  { width: 1440, colorScheme: "light" },
] as const;

describe("every page", () => {
  it("fits into 390 and 1440 pixels and can be used by everybody, dark and light", async () => {
    await using window = await world.open();
    const { page } = window;
    const check = async (width: number): Promise<void> => {
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    };
    /** What is in sight in either look; what would close when a window changes its size is opened in each. */
    const inBoth = async (look: (width: number) => Promise<void>): Promise<void> => {
      for (const { width, colorScheme } of LOOKS) {
        await page.setViewportSize({ width, height: 844 });
        await page.emulateMedia({ colorScheme });
        await page.waitForFunction(
          (isDark) => document.documentElement.classList.contains("dark") === isDark,
          colorScheme === "dark",
        );
        await look(width);
      }
    };
    for (const [address, heading] of [
      ["/", "A drive that only you can open"],
      ["/sign-in", "Sign in"],
      ["/recover", "Recover your account"],
      ["/sign-up", "Create your account"],
    ] as const) {
      await page.goto(`${world.origin}${address}`);
      await page.getByRole("heading", { name: heading }).waitFor();
      await inBoth(check);
    }
    await signIn(page, { origin: world.origin, name, password: PASSWORD });
    const folder = fresh("Oslo");
    await makeFolder(page, folder);
    await page.getByRole("row", { name: folder }).waitFor();
    await inBoth(async (width) => {
      const row = page.getByRole("row", { name: folder });
      // Of the height of this width before anybody touches it: it does not slip away from under a finger.
      await expect.poll(() => row.boundingBox().then((box) => box?.height)).toBe(width < 760 ? 62 : 52);
      await check(width);
      await page.getByRole("button", { name: `Actions for ${folder}` }).click();
      await page.getByRole("menuitem", { name: "Rename" }).waitFor();
      await check(width);
      await page.getByRole("menuitem", { name: "Rename" }).click();
      await page.getByLabel("New name").waitFor();
      await check(width);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    });
    await page.getByRole("link", { name: "Trash" }).click();
    await page.getByText("The trash is empty").waitFor();
    await inBoth(check);
    expect(window.complaints).toEqual([]);
  });
});
