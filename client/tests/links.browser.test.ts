import { readFile } from "node:fs/promises";
import type { Item } from "@excalibur/sdk";
import { type Device, passwordOf } from "@excalibur/testing";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accessibilityProblems, type ClientWorld, startClientWorld, type Window } from "./client-world.ts";
import { pngOf } from "./sample-files.ts";

const LINK_PASSWORD = "sand and salt";

let world: ClientWorld;
let alice: Window;
let stranger: Window;
let address: string;
let laptop: Device;

beforeAll(async () => {
  world = await startClientWorld();
  laptop = await world.laptop("alice");
  await laptop.write("/Holidays/view.png", pngOf({ width: 400, height: 300 }));
  await laptop.write("/Holidays/Beach/sand.txt", "warm");
  alice = await world.enter("alice");
  stranger = await world.open({ hasTouch: true });
});

afterAll(async () => {
  await alice?.[Symbol.asyncDispose]();
  await stranger?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

const row = (page: Page, name: RegExp): Locator => page.getByRole("row", { name });
const dialog = (): Locator => alice.page.locator("ion-modal");
const secretOf = (link: string): string => link.slice(link.indexOf("#1.") + 3);

async function openShareDialog(): Promise<void> {
  await row(alice.page, /^Holidays/).click();
  await alice.page.keyboard.press("Control+i");
  await dialog().getByRole("heading", { name: "Links" }).waitFor();
}

/** The browser itself remarks on every answer that turns somebody away. */
const isOurs = (complaint: string): boolean => !complaint.startsWith("Failed to load resource");

/** When the address was cleaned, and when what the page itself does not name was first asked for. */
async function orderOf(page: Page): Promise<{ readonly cleanedMs: number; readonly askedMs: number }> {
  const ofPage = await (await fetch(world.origin)).text();
  const { cleanedMs, asked } = await page.evaluate(() => ({
    cleanedMs: (window as unknown as { cleanedMs: number }).cleanedMs,
    asked: performance.getEntriesByType("resource").map(({ name, startTime }) => ({ name, startTime })),
  }));
  const byProgram = asked.filter(({ name }) => !ofPage.includes(new URL(name).pathname));
  return { cleanedMs, askedMs: Math.min(...byProgram.map(({ startTime }) => startTime)) };
}

describe("a link", () => {
  it("is made in the share dialog, and its address is shown there whenever it is wanted", async () => {
    await openShareDialog();
    await dialog().getByRole("button", { name: "Make a link" }).click();
    await dialog().getByLabel("Name, for your eyes only").fill("Family");
    await dialog().getByLabel("Password (if you want one)").fill(LINK_PASSWORD);
    expect(await accessibilityProblems(alice.page)).toEqual([]);
    await dialog().getByRole("button", { name: "Make the link" }).click();
    address = await dialog().getByRole("textbox", { name: "Address of Family" }).inputValue();
    expect(address).toMatch(new RegExp(`^${world.origin}/s/[\\w-]{22}#1\\.[\\w-]{43}$`));
    await dialog().getByText("with password").waitFor();
    expect(await accessibilityProblems(alice.page)).toEqual([]);
  });

  it("E2 is taken out of the address bar before anything is asked, and its secret stands in no question", async () => {
    const { page, context, asked } = stranger;
    const sent: string[] = [];
    context.on("request", (request) => sent.push(request.postData() ?? "", JSON.stringify(request.headers())));
    await page.addInitScript(() => {
      const replace = history.replaceState.bind(history);
      history.replaceState = (...given: Parameters<typeof replace>) => {
        replace(...given);
        if (location.hash === "") (window as unknown as { cleanedMs?: number }).cleanedMs ??= performance.now();
      };
    });
    await page.goto(address);
    await page.getByRole("heading", { name: "This link has a password" }).waitFor();
    expect(page.url()).toBe(address.split("#")[0]);
    const { cleanedMs, askedMs } = await orderOf(page);
    expect(cleanedMs).toBeLessThanOrEqual(askedMs);
    // The first is what was typed into the address bar; what stands behind # stays there.
    for (const text of [...asked.filter((each) => each !== address), ...sent]) {
      expect(text).not.toContain(secretOf(address));
    }
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it("opens with its password only", async () => {
    const { page } = stranger;
    const password = page.getByLabel("Password of the link");
    await password.fill("not that");
    await page.getByRole("button", { name: "Open" }).click();
    await page.getByRole("alert").getByText("not the password of this link").waitFor();
    await password.fill(LINK_PASSWORD);
    await page.getByRole("button", { name: "Open" }).click();
    await page.getByRole("heading", { name: "Holidays" }).waitFor();
    await page.getByText("Whoever runs this server cannot read them").waitFor();
    await row(page, /^view/).waitFor();
    // Nobody is signed in here.
    expect(await page.getByRole("button", { name: "Save to my drive" }).count()).toBe(0);
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it("is looked through, and what is in it is shown and downloaded, without anything being kept", async () => {
    const { page } = stranger;
    await row(page, /^Beach/).dblclick();
    await row(page, /^sand/).waitFor();
    await page.getByRole("navigation", { name: "Where you are" }).getByRole("link", { name: "Holidays" }).click();
    await row(page, /^view/).dblclick();
    const picture = page.getByRole("dialog", { name: /^Preview of view/ });
    await picture.getByRole("img", { name: /view\.png/ }).waitFor();
    await page.keyboard.press("Escape");
    await picture.waitFor({ state: "detached" });
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download all" }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe("Holidays.zip");
    expect((await readFile(await file.path())).toString("latin1")).toContain("Beach/sand.txt");
    const kept = await page.evaluate(async () => ({
      databases: (await indexedDB.databases()).map(({ name }) => name),
      stored: JSON.stringify({ ...localStorage, ...sessionStorage }),
    }));
    expect(kept.databases).toEqual([]);
    expect(kept.stored).not.toContain(secretOf(address));
  });

  it("tells its maker that it was used, and by what", async () => {
    await alice.page.getByText("“Family” was used just now").waitFor();
    await dialog().getByRole("button", { name: "What happened" }).click();
    await dialog().getByText("turned away: wrong password, ").waitFor();
    await dialog().getByText("downloaded, a browser").waitFor();
    await dialog().getByText("used once").waitFor();
  });

  it("has another name, end and number when its maker says so", async () => {
    await dialog().getByRole("button", { name: "Change…" }).click();
    const form = dialog().getByRole("form", { name: "Change the link" });
    await form.getByLabel("Name, for your eyes only").fill("Kin");
    await form.getByLabel("Ends").selectOption({ label: "In 7 days" });
    await form.getByLabel("Visitors who may download").fill("0");
    await form.getByText("Type a number from 1").waitFor();
    expect(await form.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
    await form.getByLabel("Visitors who may download").fill("5");
    expect(await accessibilityProblems(alice.page)).toEqual([]);
    await form.getByRole("button", { name: "Save" }).click();
    await dialog().getByText("used 1 of 5 times").waitFor();
    await dialog()
      .getByText(/with password · until /)
      .waitFor();
    await dialog().getByRole("button", { name: "Change…" }).click();
    await form.getByLabel("Name, for your eyes only").fill("Family");
    await form.getByLabel("Ends").selectOption({ label: "Never" });
    await form.getByLabel("Visitors who may download").fill("");
    await form.getByRole("button", { name: "Save" }).click();
    await dialog().getByRole("textbox", { name: "Address of Family" }).waitFor();
    await dialog()
      .getByText(/with password · made /)
      .waitFor();
    await dialog().getByText("used once").waitFor();
  });

  it("is paused and let go on, and the visitor is told", async () => {
    await dialog().getByRole("button", { name: "Pause" }).click();
    await dialog().getByText("Paused", { exact: true }).waitFor();
    await stranger.page.evaluate(() => void dispatchEvent(new Event("focus")));
    await stranger.page.getByText("This link is paused").waitFor();
    await dialog().getByRole("button", { name: "Let in again" }).click();
    await dialog().getByText("Open", { exact: true }).waitFor();
    await stranger.page.getByRole("button", { name: "Try again" }).click();
    await stranger.page.getByLabel("Password of the link").fill(LINK_PASSWORD);
    await stranger.page.getByRole("button", { name: "Open" }).click();
    await row(stranger.page, /^view/).waitFor();
  });

  it("is taken back after saying what visitors may still have; who is in is out, and is told why", async () => {
    await dialog().getByRole("button", { name: "Close" }).last().click();
    await alice.page.getByRole("link", { name: "Links" }).click();
    await alice.page.getByText("Family").first().waitFor();
    expect(await accessibilityProblems(alice.page)).toEqual([]);
    await alice.page.getByRole("button", { name: "Manage Family" }).click();
    await dialog().getByRole("button", { name: "Take back…" }).click();
    await dialog().getByText("may still have").waitFor();
    await dialog().getByRole("button", { name: "Take back", exact: true }).click();
    await dialog().getByText("No link leads here yet").waitFor();
    await stranger.page.evaluate(() => void dispatchEvent(new Event("focus")));
    await stranger.page.getByText("was taken back by whoever made it").waitFor();
    expect(await accessibilityProblems(stranger.page)).toEqual([]);
    await stranger.page.reload();
    await stranger.page.getByRole("heading", { name: "A part of the address is missing" }).waitFor();
  });

  it("takes files where it says so, and offers no download where it says so, on a phone as well", async () => {
    await laptop.catchUp();
    const { files, links } = await laptop.drive;
    const folder = (await files.list(files.rootId)).items.find(({ name }) => name === "Holidays") as Item;
    // Shared by itself, so that no link to what is around it leads there.
    await laptop.write("/Holidays/Ours/diary.txt", "ours");
    await links.create(await laptop.find("/Holidays/Ours"));
    await dialog().getByRole("button", { name: "Make a link" }).click();
    await dialog().getByText("does not lead into what is shared by itself inside: Ours").waitFor();
    const editor = await links.create(folder, { role: "editor" });
    const viewOnly = await links.create(folder, { viewOnly: true });
    const { page } = stranger;
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(editor.address as string);
    await row(page, /^view/).waitFor();
    await page.getByText("Shared separately, and not a part of this link: Ours").waitFor();
    await row(page, /^Ours/).tap();
    await page.getByText("Nothing is missing or lost; ask whoever gave you the link").waitFor();
    await page.goBack();
    await row(page, /^view/).waitFor();
    await (await laptop.drive).sharing.stop(await laptop.find("/Holidays/Ours"));
    await laptop.trash("/Holidays/Ours");
    const file = { name: "from a stranger.txt", mimeType: "text/plain", buffer: Buffer.from("hello") };
    await page.locator("input[type=file]").first().setInputFiles(file);
    await row(page, /^from a stranger/).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.goto(viewOnly.address as string);
    await page.getByText("no download is offered here").waitFor();
    await row(page, /^from a stranger/).tap();
    const shown = page.getByRole("dialog", { name: /^Preview of from a stranger/ });
    await shown.getByText("hello").waitFor();
    expect(await page.getByRole("button", { name: /Download/ }).count()).toBe(0);
    for (const { complaints } of [alice, stranger]) expect(complaints.filter(isOurs)).toEqual([]);
  });

  it("is saved into the drive of whoever is signed in here, which is open only for that; what fails leaves the rest", async () => {
    const { links } = await laptop.drive;
    const { address: link = "" } = await links.create(await laptop.find("/Holidays"));
    const bobs = await world.laptop("bob");
    await bobs.write("/Beach", "a file in the way");
    await using bob = await world.enter("bob");
    const { page, context } = bob;
    const saving = page.locator("ion-modal");
    await page.goto(link);
    await page.getByRole("button", { name: "Save to my drive" }).click();
    await saving.getByText("encrypted anew under keys of your own").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await saving.getByRole("button", { name: "Save here" }).click();
    await saving.getByText("2 files are in “My files” now").waitFor();
    await saving.getByText("1 could not be saved").waitFor();
    await saving.getByText("A file stands where this needs a folder").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await bobs.catchUp();
    expect(await bobs.names("/")).toEqual(["Beach", "from a stranger.txt", "view.png"]);
    expect(await bobs.readText("/from a stranger.txt")).toBe("hello");
    // Only what failed is tried again, and nothing that was saved comes twice.
    await bobs.trash("/Beach");
    await saving.getByRole("button", { name: "Try again" }).click();
    await saving.getByText("1 file is in “My files” now").waitFor();
    await bobs.catchUp();
    expect(await bobs.names("/")).toEqual(["Beach", "from a stranger.txt", "view.png"]);
    expect(await bobs.names("/Beach")).toEqual(["sand.txt"]);
    await saving.getByRole("button", { name: "Close" }).last().click();
    await saving.waitFor({ state: "detached" });

    // Another window locks the drive while it is open here.
    await page.getByRole("button", { name: "Save to my drive" }).click();
    await saving.getByRole("button", { name: "Save here" }).waitFor();
    const other = await context.newPage();
    await other.goto(world.origin);
    await other.getByRole("button", { name: /^Account/ }).click();
    await other.getByRole("menuitem", { name: "Lock now" }).click();
    await other.getByText("Welcome back, bob").waitFor();
    await saving.getByRole("button", { name: "Save here" }).click();
    await saving.getByRole("alert").waitFor();
    await saving.getByRole("button", { name: "Close" }).last().click();
    await saving.waitFor({ state: "detached" });

    await row(page, /^from a stranger/).click();
    await page.getByRole("button", { name: "Save to my drive" }).last().click();
    await saving.getByLabel("Password").first().fill(passwordOf("bob"));
    await saving.getByRole("button", { name: "Unlock" }).click();
    await saving.getByRole("button", { name: "Save here" }).click();
    await saving.getByText("1 file is in “My files” now").waitFor();
    await bobs.catchUp();
    expect(await bobs.names("/")).toContain("from a stranger (2).txt");
    const there = saving.getByRole("link", { name: "Show in my drive" });
    expect(await there.getAttribute("href")).toMatch(/^\/files\/[\w-]{22}$/);
    expect(bob.complaints.filter(isOurs)).toEqual([]);
  });
});
