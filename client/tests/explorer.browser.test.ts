import { type Device, fillFolder } from "@excalibur/testing";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { IS_LONG } from "../../scripts/test/long-mode.ts";
import { accessibilityProblems, type ClientWorld, goTo, startClientWorld, type Window } from "./client-world.ts";

/** Entries of the large folder. */
const MANY = IS_LONG ? 100_000 : 10_000;

let world: ClientWorld;
let alice: Window;
/** Another device of hers, without a window. */
let laptop: Device;

beforeAll(async () => {
  world = await startClientWorld();
  alice = await world.enter("alice");
  laptop = await world.laptop("alice");
  for (const name of [
    "photo 1.jpg",
    "photo 2.jpg",
    "photo 10.jpg",
    "map.pdf",
    "notes.md",
    "Raw/one.txt",
    "Album/two.txt",
  ])
    await laptop.write(`/Iceland/${name}`, name);
});

afterAll(async () => {
  await alice?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

const row = (name: string | RegExp): Locator => alice.page.getByRole("row", { name });
const says = (sentence: string | RegExp) => alice.page.getByText(sentence).first().waitFor();
const press = (...keys: readonly string[]) =>
  keys.reduce((before, key) => before.then(() => alice.page.keyboard.press(key)), Promise.resolve());
/** Names of what is selected, in the order of the list. */
const selected = (role: "row" | "gridcell" = "row") =>
  alice.page
    .getByRole(role, { selected: true })
    .evaluateAll((items) => items.map((item) => item.querySelector(".row-title, .card-title")?.textContent));
const menu = (name: string) => alice.page.getByRole("menuitem", { name, exact: true }).click();
/** What a browser tells a page of a finger. */
const touch = (place: Locator, ...types: readonly string[]) =>
  place.evaluate((element, names) => {
    for (const name of names) element.dispatchEvent(new PointerEvent(name, { bubbles: true, pointerType: "touch" }));
  }, types);

describe("a folder", () => {
  it("is in natural order, folders first, and everything is selected by mouse as people are used to", async () => {
    await row(/^Iceland/).dblclick();
    await says("2 folders, 5 files");
    expect(await alice.page.locator(".row-title").allInnerTexts()).toEqual([
      "Album",
      "Raw",
      "map.pdf",
      "notes.md",
      "photo 1.jpg",
      "photo 2.jpg",
      "photo 10.jpg",
    ]);
    await row(/map/).click();
    await row(/photo 2/).click({ modifiers: ["Shift"] });
    expect(await selected()).toEqual(["map.pdf", "notes.md", "photo 1.jpg", "photo 2.jpg"]);
    await row(/notes/).click({ modifiers: ["Control"] });
    await row(/Raw/).click({ modifiers: ["Control"] });
    expect(await selected()).toEqual(["Raw", "map.pdf", "photo 1.jpg", "photo 2.jpg"]);
    await says(/4 selected · 29 bytes/);
    await alice.page.locator(".list-scroller").click({ position: { x: 300, y: 600 } });
    expect(await selected()).toEqual([]);
  });

  it("is walked through by keys alone", async () => {
    await row(/Album/).focus();
    await press("ArrowDown", "ArrowDown", "Shift+End");
    expect(await selected()).toHaveLength(5);
    await press("Escape", "Home", "p", "p", "Control+ArrowDown", "Space");
    expect(await selected()).toEqual(["photo 2.jpg", "photo 10.jpg"]);
    await press("Control+a");
    expect(await selected()).toHaveLength(7);
    await press("Escape", "r", "Enter");
    await alice.page.getByRole("heading", { name: "Raw" }).waitFor();
    await press("Backspace");
    await alice.page.getByRole("heading", { name: "Iceland" }).waitFor();
    await press("Alt+ArrowUp");
    await alice.page.getByRole("heading", { name: "My files" }).waitFor();
    await row(/^Iceland/).dblclick();
    await row(/notes/).waitFor();
  });

  it("offers to undo what was renamed, trashed and moved, on the screen and by Ctrl+Z", async () => {
    await row(/notes/).click();
    await press("F2");
    await alice.page.getByLabel("New name").fill("remarks.md");
    // On a slow device the dialog is all there only after somebody typed.
    await alice.page.locator("ion-modal:not(.overlay-hidden)").dispatchEvent("ionModalDidPresent");
    // Keys of the page are inert in a dialog.
    await press("Delete", "Enter");
    await says("“notes.md” is called “remarks.md” now.");
    await row(/remarks/).waitFor();
    await press("Control+z");
    await row(/notes/).waitFor();

    await row(/photo 1\./).click();
    await row(/photo 10/).click({ modifiers: ["Shift"] });
    await press("Delete");
    await says("3 items are in the trash.");
    await row(/photo 1\./).waitFor({ state: "detached" });
    await alice.page.getByRole("button", { name: "Undo" }).click();
    await row(/photo 10/).waitFor();
    await expect.poll(() => laptop.catchUp().then(() => laptop.names("/Iceland"))).toContain("photo 2.jpg");
  });

  it("lets items be dragged onto folders and onto the path, cut and pasted, copied and put by a dialog", async () => {
    await row(/map/).click();
    await row(/notes/).click({ modifiers: ["Control"] });
    await row(/map/).dragTo(row(/Raw/));
    await says("2 items are in “Raw” now.");
    await row(/map/).waitFor({ state: "detached" });
    await press("Control+z");
    await row(/map/).waitFor();

    await press("Escape");
    await row(/map/).dragTo(alice.page.getByRole("link", { name: "My files" }).last());
    await says("“map.pdf” is in “My files” now.");
    await row(/map/).waitFor({ state: "detached" });

    await row(/notes/).click();
    await press("Control+x");
    await row(/Album/).dblclick();
    await row(/two/).waitFor();
    // Playwright's key does not make the browser's own event: the menu is the same way.
    await alice.page.locator(".list-scroller").click({ button: "right", position: { x: 300, y: 500 } });
    await menu("Paste: move here");
    await row(/notes/).waitFor();

    await row(/two/).click({ button: "right" });
    await menu("Copy to…");
    await alice.page.getByRole("button", { name: "Copy here" }).click();
    await row(/two \(2\)/).waitFor();
    await alice.page.getByRole("button", { name: "Actions for notes.md" }).click();
    await menu("Move to…");
    await alice.page.locator("ion-modal").getByRole("button", { name: "Iceland" }).click();
    await alice.page.locator("ion-modal").getByRole("button", { name: "Raw" }).click();
    await says("There are no folders in here.");
    await alice.page.getByRole("button", { name: "Move here" }).click();
    await says("“notes.md” is in “Raw” now.");
    await laptop.catchUp();
    expect(await laptop.names("/Iceland/Raw")).toEqual(["notes.md", "one.txt"]);
    expect(await laptop.names("/Iceland/Album")).toEqual(["two (2).txt", "two.txt"]);
    expect(await laptop.names("/")).toContain("map.pdf");
  });

  it("is a grid too, which remembers itself, and a finger that stays begins to select", async () => {
    await alice.page.getByRole("button", { name: "View" }).click();
    await alice.page.getByRole("menuitemradio", { name: "Grid" }).click();
    await goTo(alice.page, `${world.origin}/files`);
    const tile = (name: RegExp) => alice.page.getByRole("gridcell", { name });
    await tile(/Iceland/).dblclick();
    await tile(/photo 1\./).click();
    await press("ArrowRight", "Shift+ArrowLeft");
    expect(await selected("gridcell")).toEqual(["photo 1.jpg", "photo 2.jpg"]);
    expect(await accessibilityProblems(alice.page)).toEqual([]);
    await press("Escape");

    await touch(tile(/photo 2\./), "pointerdown");
    await expect.poll(() => selected("gridcell")).toEqual(["photo 2.jpg"]);
    await touch(tile(/photo 2\./), "pointerup", "click");
    await touch(tile(/photo 10/), "pointerdown", "pointerup", "click");
    expect(await selected("gridcell")).toEqual(["photo 2.jpg", "photo 10.jpg"]);
    await press("Escape");
    await touch(tile(/Raw/), "pointerdown", "pointerup", "click");
    await alice.page.getByRole("heading", { name: "Raw" }).waitFor();
    await alice.page.getByRole("button", { name: "View" }).click();
    await alice.page.getByRole("menuitemradio", { name: "List", exact: true }).click();
  });
});

describe("the details of a file", () => {
  it("say what is known of it, and bring earlier versions back, which can be undone", async () => {
    const { page } = alice;
    for (const content of ["first", "second, longer"])
      await laptop.write("/diary.txt", content, { onConflict: "replace" });
    await goTo(page, `${world.origin}/files`);
    await row(/^diary\.txt.*14 bytes/).click();
    await page.getByRole("button", { name: "Details" }).click();
    const panel = page.getByRole("complementary", { name: "Details" });
    await panel.getByText("Its name and place stand in a history that your devices signed").waitFor();
    await panel.getByText(/5 bytes · until/).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await panel.getByRole("button", { name: /^Restore the version/ }).click();
    await row(/^diary\.txt.*5 bytes/).waitFor();
    expect(await laptop.catchUp().then(() => laptop.readText("/diary.txt"))).toBe("first");
    await press("Control+z");
    await row(/^diary\.txt.*14 bytes/).waitFor();
    await panel.getByRole("button", { name: /^Delete the version/ }).click();
    await page.locator("ion-modal").getByRole("button", { name: "Delete for good" }).click();
    await panel.getByText("None. When a file is replaced").waitFor();
    expect(await laptop.catchUp().then(() => laptop.readText("/diary.txt"))).toBe("second, longer");
    await panel.getByRole("button", { name: "Close the details" }).click();
    await panel.waitFor({ state: "detached" });
  });
});

describe("the trash", () => {
  it("says where things were, gives several back, and is emptied after a question", async () => {
    await laptop.write("/gone/a.txt", "a");
    await laptop.write("/gone/b.txt", "b");
    await goTo(alice.page, `${world.origin}/files`);
    await row(/^gone/).dblclick();
    await row(/^a\.txt/).waitFor();
    await press("Control+a", "Delete");
    await says("2 items are in the trash.");
    await alice.page.getByRole("link", { name: "Trash" }).click();
    await alice.page.getByRole("row").filter({ hasText: "30 days" }).first().waitFor();
    await row(/a\.txt.*My files\/gone/).click();
    await press("Control+a");
    await alice.page.getByRole("button", { name: "Restore" }).click();
    await says("2 items are back where they were.");
    await press("Control+z");
    await row(/a\.txt/).dblclick();
    await alice.page
      .getByRole("dialog", { name: /a\.txt/ })
      .getByText("a", { exact: true })
      .waitFor();
    await press("ArrowRight");
    await alice.page.getByRole("dialog", { name: /b\.txt/ }).waitFor();
    await press("Escape");
    await row(/a\.txt/).waitFor();
    expect(await accessibilityProblems(alice.page)).toEqual([]);
    await alice.page.getByRole("button", { name: "Empty the trash" }).click();
    await alice.page.locator("ion-modal").getByRole("button", { name: "Empty the trash" }).click();
    await says("The trash is empty");
    await laptop.catchUp();
    expect((await (await laptop.drive).files.listTrash()).items).toEqual([]);
  });
});

describe(`a folder of ${MANY} entries`, () => {
  it("shows its first rows at once, stays where it is when another device changes it, and asks before so much is deleted", async () => {
    const { page } = alice;
    await fillFolder(laptop, { path: "/Many", count: MANY });
    await goTo(page, `${world.origin}/files`);
    const measure = async (name: string): Promise<void> => {
      await row(/^Many/).waitFor();
      const ms = await page.evaluate(async () => {
        const there = () => document.querySelector('[data-index="0"] .row-title')?.textContent === "photo 1.jpg";
        const item = [...document.querySelectorAll("[data-index]")].find((each) => each.textContent?.includes("Many"));
        const began = performance.now();
        item?.dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));
        while (!there()) await new Promise((resolve) => requestAnimationFrame(resolve));
        return performance.now() - began;
      });
      process.stdout.write(`${MANY} entries, ${name}: first rows after ${Math.round(ms)} ms\n`);
    };
    await measure("cold");
    await says(new RegExp(`${MANY.toLocaleString("en")} files`));
    await press("Backspace");
    await measure("warm");
    await row(/^photo 1\./).click();
    await press("End");
    await row(`photo ${MANY}.jpg`).waitFor();
    expect(await page.locator("[data-index]").count()).toBeLessThan(80);
    await press("PageUp", "PageUp", "PageUp", "ArrowDown");
    const [focused] = await selected();
    const place = () => row(`${focused}`).evaluate((element) => Math.round(element.getBoundingClientRect().top));
    const before = await place();
    // Somebody else takes one away far above: what is looked at and what is selected stay.
    await laptop.trash("/Many/photo 2.jpg");
    await says(new RegExp(`${(MANY - 1).toLocaleString("en")} files`));
    expect(await place()).toBe(before);
    expect(await selected()).toEqual([focused]);

    await press("Control+a");
    await says(new RegExp(`${(MANY - 1).toLocaleString("en")} selected`));
    await press("Delete");
    await page.locator("ion-modal").getByText("more than a hundred items").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "Cancel" }).click();
    await laptop.catchUp();
    expect(await laptop.names("/Many")).toHaveLength(MANY - 1);
  });

  // Everything that is a list at all, in a drive of that size.
  if (IS_LONG) {
    /** Those of the page in sight: pages that were left stay, hidden. */
    const drawn = () => alice.page.locator(".ion-page:not(.ion-page-hidden) [data-index]").count();

    it("is walked from end to end as tiles and in other orders, of which only what is in sight is drawn", async () => {
      const { page } = alice;
      const view = async (name: string): Promise<void> => {
        await page.getByRole("button", { name: "View", exact: true }).last().click();
        await page.getByRole("menuitemradio", { name }).click();
      };
      await page.goto(`${world.origin}/files`);
      await row(/^Many/).dblclick();
      await row(/^photo 1\./).click();
      await view("Grid");
      await page.getByRole("gridcell", { name: /^photo 1\./ }).click();
      await press("End");
      await page.getByRole("gridcell", { name: `photo ${MANY}.jpg` }).waitFor();
      expect(await drawn()).toBeLessThan(200);
      await view("List");
      for (const order of ["Sort by Size", "Sort by Modified", "Sort by Name"]) {
        await view(order);
        await row(/^photo \d/)
          .first()
          .click();
        await press("End", "Home");
        await says(new RegExp(`${(MANY - 1).toLocaleString("en")} files`));
        expect(await drawn(), order).toBeLessThan(80);
      }
    });

    it("is found by name, the first of many, and its newest are listed", async () => {
      const { page } = alice;
      await press("/");
      await page.keyboard.type(`photo ${MANY}`);
      await row(`photo ${MANY}.jpg`).waitFor();
      await press("Control+a");
      await page.keyboard.type("photo");
      await says(/The first 10,000 of \d/);
      await row(/^photo 1\./)
        .first()
        .click();
      await press("End");
      expect(await drawn()).toBeLessThan(80);
      await page.getByRole("link", { name: "Recent" }).click();
      await row(/^photo \d/)
        .first()
        .click();
      await press("End");
      expect(await drawn()).toBeLessThan(80);
    });

    it("goes to the trash after a question, is listed there, and is deleted for good", async () => {
      const { page } = alice;
      await page.goto(`${world.origin}/files`);
      await row(/^Many/).dblclick();
      await row(/^photo 1\./).click();
      await press("Control+a", "Delete");
      await page.getByRole("button", { name: "Yes, move all of it to the trash" }).click();
      await says("Nothing here yet");
      await page.getByRole("link", { name: "Trash" }).click();
      // The one that the other device took away is there already.
      await says(`${MANY.toLocaleString("en")} items`);
      await row(/^photo \d/)
        .first()
        .click();
      await press("End");
      expect(await drawn()).toBeLessThan(80);
      await page.getByRole("button", { name: "Empty the trash" }).click();
      await page.locator("ion-modal").getByRole("button", { name: "Empty the trash" }).click();
      await says("The trash is empty");
    });
  }

  it("left nothing in the way: no violation of the policy, no error of the program", () => {
    expect(alice.complaints).toEqual([]);
  });
});
