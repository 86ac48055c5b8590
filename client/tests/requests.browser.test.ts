import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accessibilityProblems, type ClientWorld, holdBack, startClientWorld, type Window } from "./client-world.ts";

let world: ClientWorld;
let alice: Window;
let stranger: Window;
/** As alice copies it. */
let address: string;
let folder: string;

beforeAll(async () => {
  world = await startClientWorld();
  alice = await world.enter("alice");
  folder = await mkdtemp(join(tmpdir(), "excalibur-sent-"));
  await mkdir(join(folder, "Album", "Evening"), { recursive: true });
  await writeFile(join(folder, "Album", "Evening", "dance.jpg"), "a picture, more or less");
  await writeFile(join(folder, "letter.txt"), "Dear Alice");
});

afterAll(async () => {
  await alice?.[Symbol.asyncDispose]();
  await stranger?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Of the page in sight: those that were left stay, hidden. */
const inSight = (page: Page): Locator => page.locator(".ion-page:not(.ion-page-hidden):not(.ion-page-invisible)");
const row = (page: Page, name: string | RegExp): Locator => page.getByRole("row", { name });

/** Somebody who was given an address opens it in the window that there is. */
async function open(page: Page, place: string): Promise<void> {
  // Going to the same page with another fragment would only be a step within it.
  await page.goto("about:blank");
  await page.goto(place);
}

describe("an upload request", () => {
  it("is made with a title and a word to senders, and gives an address to copy at any time", async () => {
    const { page } = alice;
    await page.getByRole("link", { name: "Requests" }).click();
    await page.getByRole("heading", { name: "Ask for files" }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "New request" }).click();
    const dialog = page.locator("ion-modal.show-modal");
    await dialog.getByLabel("What is it for?").fill("Wedding");
    await dialog.getByLabel("A word to whoever sends").fill("Your pictures, please.\n<b>All</b> of them.");
    await dialog.getByText("Limits").click();
    await dialog.getByLabel("Altogether, in GB").fill("none");
    await dialog.getByRole("button", { name: "Create" }).click();
    await dialog.getByText("numbers above zero").waitFor();
    await dialog.getByLabel("Altogether, in GB").fill("1,5");
    expect(await accessibilityProblems(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Create" }).click();
    address = await dialog.getByLabel("Address", { exact: true }).inputValue();
    expect(address).toMatch(new RegExp(`^${world.origin}/r/[\\w-]{22}#[\\w-]{86}$`));
    await dialog.getByRole("button", { name: "Done" }).click();
    await page.getByRole("link", { name: "Wedding" }).waitFor();
    await page.getByText("Nothing has arrived yet").waitFor();
  });

  it("E13 is opened by a stranger: the key leaves the address bar before anything is asked and never goes out", async () => {
    stranger = await world.open();
    const { page, context, asked } = stranger;
    const shown: string[] = [];
    context.on("request", (request) => {
      if (request.url().includes("/api/")) shown.push(page.url());
    });
    await page.goto(address);
    await page.getByRole("heading", { name: "Wedding" }).waitFor();
    const [bare = "", key = "no key"] = address.split("#");
    expect(shown.length).toBeGreaterThan(0);
    expect(new Set(shown)).toEqual(new Set([bare]));
    expect(asked.filter((url) => url.includes(key) && !url.startsWith(bare))).toEqual([]);
    // Words of a stranger, and never more than words.
    await page.getByText("<b>All</b> of them.").waitFor();
    await page.getByText("Up to 1.5 GB and 1,000 files").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it("takes a folder and a file with a note, and gives a receipt", async () => {
    const { page } = stranger;
    await page.getByLabel("Choose a folder").setInputFiles(join(folder, "Album"));
    await page.getByLabel("Choose files").setInputFiles(join(folder, "letter.txt"));
    await page.getByText("Album / Evening / dance.jpg").waitFor();
    await page.getByLabel("Your name (optional)").fill("Gwen");
    await page.getByLabel("A note (optional)").fill("From the second evening");
    await page.getByRole("button", { name: /^Send 2 files/ }).click();
    await page.getByRole("heading", { name: "Receipt" }).waitFor();
    await page
      .getByText(/^2 files arrived/)
      .first()
      .waitFor();
    await page.getByText("Everything has arrived").waitFor();
    expect(await page.locator(".receipt-number").innerText()).toMatch(/(\d{5} ){3}\d{5}/);
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it("tells its owner at once, who sees what it is and that nobody knows whose, and files it", async () => {
    const { page } = alice;
    await page.getByText("2 files arrived for “Wedding”").waitFor();
    await page.getByText("2 files wait").first().waitFor();
    await page.getByRole("link", { name: "Open the inbox" }).click();
    await row(page, /letter\.txt/).dblclick();
    const dialog = page.locator("ion-modal.show-modal");
    await dialog.getByText("Sender unknown, wrote “Gwen”").waitFor();
    await dialog.getByText("From the second evening").waitFor();
    await dialog.getByRole("button", { name: "Check all bytes" }).click();
    await dialog.getByText("Checked, whole").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Close" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "File everything…" }).click();
    await dialog.getByRole("button", { name: "File here" }).click();
    await page.getByText("2 items are in “My files” now.").waitFor();
    await page.getByRole("heading", { name: "The inbox is empty" }).waitFor();
    await page.getByRole("link", { name: "Go there" }).click();
    await row(page, /^letter\.txt/).waitFor();
    await row(page, /^Album/).dblclick();
    await row(page, /^Evening/).dblclick();
    await row(page, /^dance\.jpg/).waitFor();
  });

  it("lets a sender who comes back see what was taken over, and go on with what had not arrived", async () => {
    const { page, context } = stranger;
    await page.reload();
    await page.getByRole("heading", { name: "A part of the address is missing" }).waitFor();
    await open(page, address);
    await page.getByText("Taken over").first().waitFor();
    const letGo = await holdBack(context, /\/api\/uploads/);
    await page.getByLabel("Choose files").setInputFiles(join(folder, "letter.txt"));
    await writeFile(join(folder, "late.txt"), "better than never");
    await page.getByLabel("Choose files").setInputFiles(join(folder, "late.txt"));
    await page.getByRole("button", { name: /^Send 2 files/ }).click();
    await page.getByText("On the way").waitFor();
    page.once("dialog", (dialog) => void dialog.accept());
    await open(page, address);
    await letGo();
    await page.getByRole("heading", { name: /did not arrive the last time/ }).waitFor();
    await page.locator(".send-left").getByText("late.txt").waitFor();
    // It had arrived before, so nobody is asked for it.
    await page.locator(".send-left").getByText("letter.txt").waitFor({ state: "detached" });
    await page.getByLabel("Choose files").setInputFiles(join(folder, "late.txt"));
    await page.getByRole("button", { name: /^Send 1 file/ }).click();
    await page.getByText("Everything has arrived").waitFor();
    expect(await page.locator(".send-left").count()).toBe(0);
    await page
      .getByText(/^3 files arrived/)
      .first()
      .waitFor();
  });

  it("rejects what is not wanted, and closed, unknown and forged each have their own words", async () => {
    const { page } = alice;
    await page.getByRole("link", { name: "Requests" }).click();
    await inSight(page).getByRole("link", { name: "Wedding" }).click();
    await row(page, /late\.txt/).click();
    await page.keyboard.press("Delete");
    const dialog = page.locator("ion-modal.show-modal");
    await dialog.getByRole("button", { name: "Reject" }).click();
    await page.getByRole("heading", { name: "The inbox is empty" }).waitFor();
    await inSight(page).getByRole("button", { name: "Actions for Wedding" }).click();
    await page.getByRole("menuitem", { name: "Close" }).click();
    await page
      .locator(".inbox-head")
      .getByText(/^Closed ·/)
      .waitFor();

    const other = stranger.page;
    await open(other, address);
    await other.getByRole("heading", { name: "Nothing more can be sent" }).waitFor();
    await other
      .getByText(/^3 files arrived/)
      .first()
      .waitFor();
    await other.setViewportSize({ width: 390, height: 844 });
    expect(await accessibilityProblems(other)).toEqual([]);
    const [bare = "", key = ""] = address.split("#");
    const forged = `${bare}#${key.startsWith("A") ? "B" : "A"}${key.slice(1)}`;
    await open(other, forged);
    await other.getByRole("heading", { name: "Stop: this is not what the address names" }).waitFor();
    await open(other, `${world.origin}/r/${"A".repeat(22)}#${key}`);
    await other.getByRole("heading", { name: "There is no such request" }).waitFor();
    await open(other, address.slice(0, -1));
    await other.getByRole("heading", { name: "The address is not whole" }).waitFor();
    expect(await accessibilityProblems(other)).toEqual([]);
    for (const { complaints } of [alice, stranger]) expect(complaints).toEqual([]);
  });

  it("that is full or over says so, to whoever sent the last as to whoever comes later, and takes nothing", async () => {
    const { requests } = await (await world.laptop("alice")).drive;
    const { url: full, id: fullId } = await requests.create({ title: "One letter", maxItems: 1 });
    const { url: over, id: overId } = await requests.create({ title: "Until noon", expiresMs: world.nowMs() - 1_000 });
    const { page } = stranger;
    await open(page, full);
    await page.getByLabel("Choose files").setInputFiles(join(folder, "letter.txt"));
    await page.getByRole("button", { name: /^Send 1 file/ }).click();
    await page.getByText("Everything has arrived").waitFor();
    await open(page, full);
    await page.getByRole("heading", { name: "This request is full" }).waitFor();
    expect(await page.getByLabel("Choose files").count()).toBe(0);
    expect(await accessibilityProblems(page)).toEqual([]);
    await open(page, over);
    await page.getByRole("heading", { name: "The time is over" }).waitFor();
    await page.getByText(/This request took files until/).waitFor();
    expect(await page.getByLabel("Choose files").count()).toBe(0);
    expect(stranger.complaints).toEqual([]);
    for (const id of [fullId, overId]) await requests.delete(id);
  });

  it("is deleted, with a word on what goes, and works on a phone", async () => {
    const { page } = alice;
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await accessibilityProblems(page)).toEqual([]);
    await inSight(page).getByRole("button", { name: "Actions for Wedding" }).click();
    await page.getByRole("menuitem", { name: "Delete…" }).click();
    const dialog = page.locator("ion-modal.show-modal");
    await dialog.getByText("The address stops working for good").waitFor();
    await dialog.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("heading", { name: "Ask for files" }).waitFor();
  });
});
