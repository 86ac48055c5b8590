import { type Device, fillFolder } from "@excalibur/testing";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { IS_LONG } from "../../scripts/test/long-mode.ts";
import {
  accessibilityProblems,
  type ClientWorld,
  fresh,
  goTo,
  listenTo,
  startClientWorld,
  type Window,
} from "./client-world.ts";

/** Entries of the large folder. */
const MANY = IS_LONG ? 100_000 : 10_000;

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
});

afterAll(async () => {
  await alice?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

const FILES = ["photo 1.jpg", "photo 2.jpg", "photo 10.jpg", "map.pdf", "notes.md", "Raw/one.txt", "Album/two.txt"];

/** A folder with some files, of one try of one story; gives its name. The page looks into it, or at what is beside it. */
async function someFolder({ isEntered = true } = {}): Promise<string> {
  const name = fresh("Iceland");
  await laptop.catchUp();
  for (const file of FILES) await laptop.write(`/${name}/${file}`, file);
  await goTo(alice.page, `${world.origin}/files`);
  await row(name).waitFor();
  if (!isEntered) return name;
  await row(name).dblclick();
  await row(/notes/).waitFor();
  return name;
}

/** Waits until the drive has it so, as another device sees it. */
const hears = (path: string, names: readonly string[]) =>
  expect.poll(() => laptop.catchUp().then(() => laptop.names(path))).toEqual(names);

const row = (name: string | RegExp): Locator => alice.page.getByRole("row", { name });
const says = (sentence: string | RegExp) => alice.page.getByText(sentence).filter({ visible: true }).first().waitFor();
const press = (...keys: readonly string[]) =>
  keys.reduce((before, key) => before.then(() => alice.page.keyboard.press(key)), Promise.resolve());
/** A list that is still coming ends where it has come to. */
const toTheEnd = (last: Locator) => expect.poll(() => press("End").then(() => last.isVisible())).toBe(true);
/** Names of what is selected, in the order of the list. */
const selected = (role: "row" | "gridcell" = "row") =>
  alice.page
    .getByRole(role, { selected: true })
    .evaluateAll((items) => items.map((item) => item.querySelector(".row-title, .card-title")?.textContent));
const view = async (name: string): Promise<void> => {
  await alice.page.getByRole("button", { name: "View", exact: true }).last().click();
  await alice.page.getByRole("menuitemradio", { name, exact: true }).click();
};
/** Of everything in the device's database: what is kept beside the rows themselves. */
const bytesAroundRows = () =>
  alice.page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open("excalibur");
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const reading = opening.result.transaction("rows").objectStore("rows").getAll();
          reading.onerror = () => reject(reading.error);
          reading.onsuccess = () => {
            opening.result.close();
            const rows = reading.result as Uint8Array[];
            resolve(rows.reduce((sum, row) => sum + row.buffer.byteLength - row.byteLength, 0));
          };
        };
      }),
  );
const menu = (name: string) => alice.page.getByRole("menuitem", { name, exact: true }).click();
/** What a browser tells a page of a finger. */
const touch = (place: Locator, ...types: readonly string[]) =>
  place.evaluate((element, names) => {
    for (const name of names) element.dispatchEvent(new PointerEvent(name, { bubbles: true, pointerType: "touch" }));
  }, types);

describe("a folder", () => {
  it("is in natural order, folders first, and everything is selected by mouse as people are used to", async () => {
    await someFolder();
    await says("2 folders, 5 files");
    const shown = await alice.page.locator(".row-title").allInnerTexts();
    expect(shown.join(", ")).toBe("Album, Raw, map.pdf, notes.md, photo 1.jpg, photo 2.jpg, photo 10.jpg");
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
    const name = await someFolder();
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
    await alice.page.getByRole("heading", { name }).waitFor();
    await press("Alt+ArrowUp");
    await alice.page.getByRole("heading", { name: "My files" }).waitFor();
    await press("Control+f");
    await alice.page.keyboard.type("x");
    expect(await alice.page.getByRole("searchbox").first().inputValue()).toBe("x");
    await press("Backspace", "Escape");
  });

  it("offers to undo what was renamed, trashed and moved, on the screen and by Ctrl+Z", async () => {
    const name = await someFolder();
    await row(/notes/).click();
    await press("F2");
    await alice.page.getByLabel("New name").fill("remarks.md");
    // On a slow device the dialog is all there only after somebody typed.
    await alice.page.locator("ion-modal:not(.overlay-hidden)").dispatchEvent("ionModalDidPresent");
    // Keys of the page are inert in a dialog.
    await press("Delete", "Enter");
    await said("“notes.md” is called “remarks.md” now.");
    await row(/remarks/).waitFor();
    await alice.page.getByRole("dialog").waitFor({ state: "detached" });
    await press("Control+z");
    await row(/notes/).waitFor();

    await row(/photo 1\./).click();
    await row(/photo 10/).click({ modifiers: ["Shift"] });
    await press("Delete");
    // The sentence that goes away by itself has the button.
    const sentence = alice.page.getByRole("status").filter({ hasText: "3 items are in the trash." });
    await sentence.getByRole("button", { name: "Undo" }).click();
    await hears(`/${name}`, ["Album", "Raw", "map.pdf", "notes.md", "photo 1.jpg", "photo 10.jpg", "photo 2.jpg"]);
    await row(/photo 10/).waitFor();
  });

  it("lets items be dragged onto folders and onto the path, cut and pasted, copied and put by a dialog", async () => {
    const name = await someFolder();
    const map = `${fresh("map")}.pdf`;
    await laptop.rename(`/${name}/map.pdf`, map);
    await row(map).click();
    await row(/notes/).click({ modifiers: ["Control"] });
    await row(map).dragTo(row(/Raw/));
    await said("2 items are in “Raw” now.");
    await row(map).waitFor({ state: "detached" });
    await press("Control+z");
    await row(map).waitFor();

    await press("Escape");
    await row(map).dragTo(alice.page.getByRole("link", { name: "My files" }).last());
    await said(`“${map}” is in “My files” now.`);
    await row(map).waitFor({ state: "detached" });

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
    await alice.page.locator("ion-modal").getByRole("button", { name }).click();
    await alice.page.locator("ion-modal").getByRole("button", { name: "Raw" }).click();
    await says("There are no folders in here.");
    await alice.page.getByRole("button", { name: "Move here" }).click();
    await said("“notes.md” is in “Raw” now.");
    await hears(`/${name}/Raw`, ["notes.md", "one.txt"]);
    await hears(`/${name}/Album`, ["two (2).txt", "two.txt"]);
    expect(await laptop.names("/")).toContain(map);
  });

  it("is a grid too, which remembers itself, and a finger that stays begins to select", async () => {
    const name = await someFolder({ isEntered: false });
    const tile = (title: string | RegExp) => alice.page.getByRole("gridcell", { name: title });
    await view("Grid");
    await goTo(alice.page, `${world.origin}/files`);
    await tile(name).dblclick();
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
  });

  afterAll(() => view("List"));
});

describe("the details of a file", () => {
  it("say what is known of it, and bring earlier versions back, which can be undone", async () => {
    const { page } = alice;
    const diary = fresh("diary");
    await laptop.catchUp();
    for (const content of ["first", "second, longer"])
      await laptop.write(`/${diary}`, content, { onConflict: "replace" });
    await goTo(page, `${world.origin}/files`);
    await row(new RegExp(`^${diary}.*14 bytes`)).click();
    await page.getByRole("button", { name: "Details" }).click();
    const panel = page.getByRole("complementary", { name: "Details" });
    await panel.getByText("Its name and place stand in a history that your devices signed").waitFor();
    await panel.getByText(/5 bytes · until/).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await panel.getByRole("button", { name: /^Restore the version/ }).click();
    await row(new RegExp(`^${diary}.* 5 bytes`)).waitFor();
    expect(await laptop.catchUp().then(() => laptop.readText(`/${diary}`))).toBe("first");
    await press("Control+z");
    await row(new RegExp(`^${diary}.*14 bytes`)).waitFor();
    await panel.getByRole("button", { name: /^Delete the version/ }).click();
    await page.locator("ion-modal").getByRole("button", { name: "Delete for good" }).click();
    await panel.getByText("None. When a file is replaced").waitFor();
    expect(await laptop.catchUp().then(() => laptop.readText(`/${diary}`))).toBe("second, longer");
    await panel.getByRole("button", { name: "Close the details" }).click();
    await panel.waitFor({ state: "detached" });
  });
});

describe("the trash", () => {
  it("says where things were, gives several back, and is emptied after a question", async () => {
    const gone = fresh("gone");
    await laptop.catchUp();
    const { files } = await laptop.drive;
    // Whatever stories before have left there.
    await files.deleteForGood((await files.listTrash()).items, { massDeletion: "meant" });
    await laptop.write(`/${gone}/a.txt`, "a");
    await laptop.write(`/${gone}/b.txt`, "b");
    await goTo(alice.page, `${world.origin}/files`);
    await row(gone).dblclick();
    await row(/^a\.txt/).waitFor();
    await press("Control+a", "Delete");
    await says("Nothing here yet");
    await alice.page.getByRole("link", { name: "Trash" }).click();
    await alice.page.getByRole("row").filter({ hasText: "30 days" }).first().waitFor();
    await row(new RegExp(`a\\.txt.*My files/${gone}`)).click();
    await press("Control+a");
    await alice.page.getByRole("button", { name: "Restore" }).click();
    await said("2 items are back where they were.");
    await row(/a\.txt/).waitFor({ state: "detached" });
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
  let many: string;

  it("shows its first rows at once, stays where it is when another device changes it, and asks before so much is deleted", async () => {
    const { page } = alice;
    many = fresh("Many");
    await laptop.catchUp();
    await fillFolder(laptop, { path: `/${many}`, count: MANY });
    await goTo(page, `${world.origin}/files`);
    const measure = async (name: string): Promise<void> => {
      await row(many).waitFor();
      const [anyMs, ms] = await page.evaluate(async (folder) => {
        const title = () => document.querySelector(".ion-page:not(.ion-page-hidden) [data-index='0'] .row-title");
        // Of a folder that is not known yet the first rows come before those that are first in the order.
        const isAny = () => title()?.textContent?.startsWith("photo") === true;
        const isFirst = () => title()?.textContent === "photo 1.jpg";
        const item = [...document.querySelectorAll("[data-index]")].find((each) => each.textContent?.includes(folder));
        const began = performance.now();
        item?.dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));
        while (!isAny()) await new Promise((resolve) => requestAnimationFrame(resolve));
        const anyMs = performance.now() - began;
        while (!isFirst()) await new Promise((resolve) => requestAnimationFrame(resolve));
        return [anyMs, performance.now() - began] as const;
      }, many);
      const times = `first rows after ${Math.round(anyMs)} ms, the first of all after ${Math.round(ms)} ms`;
      process.stdout.write(`${MANY} entries, ${name}: ${times}\n`);
    };
    await measure("cold");
    await says(new RegExp(`${MANY.toLocaleString("en")} files`));
    // What the device keeps of it is the pages alone, without what they came in.
    expect(await bytesAroundRows()).toBe(0);
    await press("Backspace");
    await measure("warm");
    await row(/^photo 1\./).click();
    // Scrolled out of sight by a wheel it still has the keys, which bring it back.
    await page.mouse.wheel(0, 20_000);
    await row(/^photo 400\./).waitFor();
    await press("ArrowDown");
    await row(/^photo 3\./).waitFor();
    expect(await selected()).toEqual(["photo 2.jpg"]);
    const last = `photo ${MANY}.jpg`;
    await toTheEnd(row(last));
    expect(await page.locator("[data-index]").count()).toBeLessThan(80);
    await press("PageUp", "PageUp", "PageUp", "ArrowDown");
    await expect.poll(() => selected().then(([name]) => name ?? last)).not.toBe(last);
    const [focused] = await selected();
    const place = () => row(`${focused}`).evaluate((element) => Math.round(element.getBoundingClientRect().top));
    const before = await place();
    // Somebody else takes one away far above: what is looked at and what is selected stay.
    await laptop.trash(`/${many}/photo 2.jpg`);
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
    expect(await laptop.names(`/${many}`)).toHaveLength(MANY - 1);
  });

  // Everything that is a list at all, in a drive of that size.
  if (IS_LONG) {
    /** Those of the page in sight: pages that were left stay, hidden. */
    const drawn = () => alice.page.locator(".ion-page:not(.ion-page-hidden) [data-index]").count();

    it("is walked from end to end as tiles and in other orders, of which only what is in sight is drawn", async () => {
      const { page } = alice;
      await page.goto(`${world.origin}/files`);
      await row(many).dblclick();
      await row(/^photo 1\./).click();
      await view("Grid");
      await page.getByRole("gridcell", { name: /^photo 1\./ }).click();
      await toTheEnd(page.getByRole("gridcell", { name: `photo ${MANY}.jpg` }));
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

    it("is stopped on its way to the trash, and what went is brought back by undoing", async () => {
      const { page } = alice;
      const all = `${(MANY - 1).toLocaleString("en")} files`;
      await page.goto(`${world.origin}/files`);
      await row(many).dblclick();
      await says(all);
      await row(/^photo 1\./).click();
      await press("Control+a", "Delete");
      await page.getByRole("button", { name: "Yes, move all of it to the trash" }).click();
      await page.locator(".undo-working progress").waitFor();
      await page.locator(".undo-working").getByRole("button", { name: "Stop" }).click();
      await says(/^Stopped\. \d+,000 items are in the trash\.$/);
      await laptop.catchUp();
      const left = (await laptop.names(`/${many}`)).length;
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThan(MANY - 1);
      await page.getByRole("button", { name: "Undo" }).click();
      await says(all);
      await laptop.catchUp();
      expect(await laptop.names(`/${many}`)).toHaveLength(MANY - 1);
    });

    it("goes to the trash after a question, is listed there, and is deleted for good", async () => {
      const { page } = alice;
      await page.goto(`${world.origin}/files`);
      await row(many).dblclick();
      await row(/^photo 1\./).click();
      // At once: what is still coming is selected when it has come.
      await press("Control+a");
      await says(`${(MANY - 1).toLocaleString("en")} selected`);
      await press("Delete");
      await page.getByRole("button", { name: "Yes, move all of it to the trash" }).click();
      await says(`Moving ${(MANY - 1).toLocaleString("en")} items to the trash…`);
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
