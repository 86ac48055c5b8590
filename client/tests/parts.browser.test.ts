/** The program comes in parts, and any of them may not come: the page says so, loses nothing, and goes on. */

import { passwordOf } from "@excalibur/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accessibilityProblems, type ClientWorld, startClientWorld, type Window } from "./client-world.ts";

let world: ClientWorld;
let alice: Window;

/** Of windows that keep nothing of the program, as private ones may: what does not come is not there. */
beforeAll(async () => {
  world = await startClientWorld();
  await (await world.laptop("alice")).write("/letter.txt", "Dear Bob,");
  alice = await world.open({ serviceWorkers: "block" });
});

afterAll(async () => {
  await alice?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

const MISSING = "A part of this program could not be fetched";

/** Until what is given back is called, nothing whose name begins so comes. */
async function lose(name: string): Promise<() => Promise<void>> {
  const lost = `**/assets/${name}-*.js`;
  await alice.context.route(lost, (route) => route.abort());
  return () => alice.context.unroute(lost);
}

describe("a part of the program that does not come", () => {
  it("is said instead of the drive, which is there when the page is loaded again", async () => {
    const { page } = alice;
    const found = await lose("DriveApp");
    await page.goto(`${world.origin}/sign-in`);
    await page.getByLabel("User name").fill("alice");
    await page.getByLabel("Password", { exact: true }).fill(passwordOf("alice"));
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").getByText(MISSING).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await found();
    await page.getByRole("button", { name: "Reload" }).click();
    await page.getByRole("row", { name: /^letter\.txt/ }).waitFor();
  });

  it("is said instead of a file, over the page that stays", async () => {
    const { page } = alice;
    const found = await lose("ViewerPage");
    await page.getByRole("row", { name: /^letter\.txt/ }).dblclick();
    await page.getByRole("dialog").getByText(MISSING).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("row", { name: /^letter\.txt/ }).dblclick();
    await page.getByRole("dialog").getByText(MISSING).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await found();
    await page.getByRole("button", { name: "Reload" }).click();
    await page.getByText("Dear Bob,").waitFor();
    await page.keyboard.press("Escape");
  });

  it("is asked for again by what needs it, when it works where nobody sees it", async () => {
    const { page } = alice;
    const found = await lose("storage-desk");
    await page.goto(`${world.origin}/settings/storage`);
    await page.getByText(MISSING).waitFor();
    await found();
    await page.getByRole("button", { name: "Count again" }).click();
    await page.getByRole("list", { name: "What takes the space" }).waitFor();
  });

  it("is said in its place, where it is a small one, and the page is what it was", async () => {
    const { page } = alice;
    const found = await lose("QrCode");
    await page.goto(`${world.origin}/settings/people`);
    await page.getByRole("alert").getByText(MISSING).waitFor();
    await page.getByRole("textbox", { name: "Your contact link" }).waitFor();
    await found();
  });

  it("leaves the page with two sentences of its own, when it is what draws, and with English, when it is the words", async () => {
    const { page } = alice;
    const began = alice.complaints.length;
    const found = await lose("start");
    await page.reload();
    await page.getByText("Excalibur could not be loaded").waitFor();
    expect(alice.complaints.splice(began).length).toBeGreaterThan(0);
    await found();
    const german = await lose("de");
    await page.goto(`${world.origin}/settings/appearance`);
    await page.getByLabel("Deutsch").check();
    await page.reload();
    await page.getByRole("heading", { name: "Settings" }).waitFor();
    await german();
    await page.reload();
    await page.getByRole("heading", { name: "Einstellungen" }).waitFor();
  });

  it("is no defect, and is not written about as one", () => {
    // Of the pages' own there is nothing: what was held back, and the service worker that this window does without.
    const known = /net::ERR_FAILED|Service Worker registration blocked|reading 'waiting'/;
    expect(alice.complaints.filter((text) => !known.test(text))).toEqual([]);
  });
});
