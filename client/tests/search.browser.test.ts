import type { Device } from "@excalibur/testing";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import {
  accessibilityProblems,
  type ClientWorld,
  fresh,
  goTo,
  listenTo,
  startClientWorld,
  type Window,
} from "./client-world.ts";

let world: ClientWorld;
let alice: Window;
/** Another device of hers, without a window. */
let laptop: Device;
let said: (sentence: string) => Promise<void>;

beforeAll(async () => {
  world = await startClientWorld();
  alice = await world.enter("alice");
  laptop = await world.laptop("alice");
  said = await listenTo(alice.page);
  for (const name of ["/Iceland/Jökulsárlón 2.jpg", "/Iceland/Jökulsárlón 10.jpg", "/Iceland/Trips/map of lakes.pdf"])
    await laptop.write(name, name);
  await laptop.write("/old map.txt", "gone");
  await laptop.trash("/old map.txt");
});

afterAll(async () => {
  await alice?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

/** Of the page in sight: those that were left stay, hidden. */
const row = (name: string | RegExp): Locator => alice.page.getByRole("row", { name });
const titles = () => alice.page.locator(".ion-page:not(.ion-page-hidden) .row-title").allInnerTexts();
/** By the key, from a page that was just opened. */
async function searchFor(words: string): Promise<void> {
  await goTo(alice.page, `${world.origin}/files`);
  await row(/^Iceland/).waitFor();
  await alice.page.keyboard.press("Control+f");
  // In one go: every letter is a question, and what stands under the pointer is another list when the last one is answered.
  await alice.page.keyboard.insertText(words);
}

/** To the trash, if it is there: a first try may have left it. */
async function takeAway(path: string): Promise<void> {
  await laptop.catchUp();
  if ((await laptop.names("/")).includes(path.slice(1))) await laptop.trash(path);
}

const menu = (name: string) => alice.page.getByRole("menuitem", { name, exact: true }).click();

describe("searching the whole drive", () => {
  it("begins by a key anywhere, answers while somebody types, and shows an answer where it is", async () => {
    const { page } = alice;
    await goTo(page, `${world.origin}/files`);
    await row(/^Iceland/).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("jokul");
    await row(/Jökulsárlón 10/).waitFor();
    expect(await titles()).toEqual(["Jökulsárlón 2.jpg", "Jökulsárlón 10.jpg"]);
    await row(/Jökulsárlón 10.*My files \/ Iceland/).waitFor();
    expect(new URL(page.url()).pathname).toBe("/search");
    expect(await accessibilityProblems(page)).toEqual([]);

    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await row(/Jökulsárlón 10/).click({ button: "right" });
    await menu("Show in folder");
    await page.getByRole("heading", { name: "Iceland" }).waitFor();
    await page.getByRole("row", { name: /Jökulsárlón 10/, selected: true }).waitFor();
  });

  it("goes on where it was, hears of other devices, and lets everything be done to what it found", async () => {
    const { page } = alice;
    await takeAway("/maps.txt");
    await searchFor("jokul");
    await row(/Jökulsárlón 10/).waitFor();
    await page.getByRole("link", { name: "My files" }).first().click();
    await page.getByRole("heading", { name: "My files" }).waitFor();
    await page.keyboard.press("Control+f");
    await page.keyboard.insertText("map");
    await row(/map of lakes/).waitFor();
    await expect.poll(titles).toEqual(["map of lakes.pdf"]);
    await laptop.write("/maps.txt", "new");
    await row(/maps\.txt/).waitFor();
    await row(/map of lakes/).click();
    await page.keyboard.press("F2");
    await page.getByLabel("New name").fill("lakes.pdf");
    await page.keyboard.press("Enter");
    await said("“map of lakes.pdf” is called “lakes.pdf” now.");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await row(/map of lakes/).waitFor({ state: "detached" });
    await page.keyboard.press("Control+z");
    await row(/map of lakes/).waitFor();
    await page.getByRole("combobox", { name: "Any kind" }).selectOption({ label: "Folders" });
    await page.getByText("Nothing was found").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "Clear the filters" }).first().click();
    await row(/maps\.txt/).waitFor();
  });

  it("turns to the next of what it found while a file is looked at, and moves what is dragged onto a folder of it", async () => {
    const { page } = alice;
    await takeAway("/Old maps");
    await laptop.write("/maps.txt", "new", { onConflict: "replace" });
    await laptop.write("/Old maps/maps of 1900.txt", "an old one");
    await searchFor("map");
    await row(/maps of 1900/).dblclick();
    await page
      .getByRole("dialog", { name: /maps of 1900/ })
      .getByText("2 of 3")
      .waitFor();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("dialog", { name: /maps\.txt/ }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await row(/^maps\.txt/).dragTo(row(/^Old maps/));
    await said("“maps.txt” is in “Old maps” now.");
    await page.keyboard.press("Control+z");
    await row(/maps\.txt.*My files/).waitFor();
    await takeAway("/Old maps");
    await page.getByRole("button", { name: "Clear the search" }).click();
    await page.getByText("Find anything by its name").waitFor();
  });

  it("has a page of its own on a phone", async () => {
    const { page } = alice;
    await page.setViewportSize({ width: 390, height: 844 });
    onTestFinished(() => page.setViewportSize({ width: 1440, height: 900 }));
    await goTo(page, `${world.origin}/files`);
    await page.getByRole("link", { name: "Search" }).click();
    await page.getByRole("searchbox", { name: "Search the whole drive" }).fill("lakes");
    await row(/map of lakes/).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    // For which there is no room below.
    await page.getByRole("button", { name: "More", exact: true }).click();
    await menu("Trash");
    await row(/^old map/).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});

describe("what came last", () => {
  it("is listed over all folders, the newest first", async () => {
    const { page } = alice;
    const [before, newest] = [fresh("before"), fresh("newest")];
    await laptop.catchUp();
    await laptop.write(`/${before}`, "before");
    await goTo(page, `${world.origin}/files`);
    await page.getByRole("link", { name: "Recent" }).click();
    await row(before).waitFor();
    await laptop.write(`/Iceland/${newest}`, "newest");
    await row(newest).waitFor();
    expect((await titles()).slice(0, 2)).toEqual([newest, before]);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(alice.complaints).toEqual([]);
  });
});

describe("what is starred", () => {
  it("is starred by key, menu and details, and listed wherever it is, on all devices", async () => {
    const { page } = alice;
    const [atlas, book, charts] = [fresh("atlas"), fresh("book"), fresh("charts")];
    const star = (name: string) => row(name).getByRole("img", { name: "Starred" });
    await laptop.catchUp();
    await (await laptop.account).refresh();
    const { stars } = await laptop.drive;
    // Of a first try.
    await stars.remove(stars.ids());
    for (const name of [atlas, book]) await laptop.write(`/${name}`, name);
    await goTo(page, `${world.origin}/files`);
    await row(book).click();
    await page.keyboard.press("Control+d");
    await star(book).waitFor();
    await row(atlas).click({ button: "right" });
    await menu("Star");
    await star(atlas).waitFor();
    await page.getByRole("link", { name: "Starred" }).click();
    await expect.poll(titles).toEqual([atlas, book]);
    expect(await accessibilityProblems(page)).toEqual([]);
    await laptop.rename(`/${atlas}`, charts);
    await row(charts).waitFor();
    await (await laptop.account).refresh();
    expect(stars.ids()).toHaveLength(2);
    await stars.remove([Buffer.from((await laptop.find(`/${charts}`)).childId).toString("base64url")]);
    await row(charts).waitFor({ state: "detached" });
    await row(book).click();
    await page.getByRole("button", { name: "Details" }).last().click();
    await page.getByRole("complementary").getByRole("button", { name: "Take the star off" }).click();
    await page.getByText("Nothing is starred").waitFor();
    expect(alice.complaints).toEqual([]);
  });
});

describe("what lies in a shared folder", () => {
  it("is found with the way to it and starred by whoever may look, and changed, with Undo, by whoever may change it", async () => {
    const { page } = alice;
    const bobs = await world.laptop("bob");
    const club = fresh("Club");
    await bobs.write(`/${club}/Papers/statutes.txt`, "rules");
    const { sharing } = await bobs.drive;
    const share = async (role: "viewer" | "editor") =>
      await sharing.share(await bobs.find(`/${club}`), { person: "alice", role });
    await share("viewer");
    const hers = (await laptop.drive).sharing;
    const [invitation] = await hers.invitations();
    await hers.accept(invitation!.volumeId);

    const found = row(new RegExp(`statutes\\.txt.*My files / ${club} / Papers`));
    await searchFor("statutes");
    await found.waitFor();
    await found.click({ button: "right" });
    const menuItem = (name: string) => page.getByRole("menuitem", { name, exact: true });
    await menuItem("Star").waitFor();
    expect([await menuItem("Rename").count(), await menuItem("Move to trash").count()]).toEqual([0, 0]);
    await menuItem("Star").click();
    await found.getByRole("img", { name: "Starred" }).waitFor();

    // It is what may be done with what is selected already.
    await found.click();
    await share("editor");
    const trash = page.getByRole("button", { name: "Move to trash" });
    await trash.waitFor();
    await trash.click();
    await page.getByText("Nothing was found").waitFor();
    await page.keyboard.press("Control+z");
    await found.waitFor();
    await page.getByRole("link", { name: "Starred" }).click();
    await page.getByRole("heading", { name: "Starred" }).waitFor();
    await found.waitFor();
    await found.click({ button: "right" });
    await menuItem("Show in folder").waitFor();
    await menu("Show in folder");
    await page.getByRole("heading", { name: "Papers" }).waitFor();
    await row(/^statutes/).waitFor();
    expect(await bobs.names(`/${club}/Papers`)).toEqual(["statutes.txt"]);
    expect(alice.complaints).toEqual([]);
  });
});
