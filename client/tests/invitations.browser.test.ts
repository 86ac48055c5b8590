import { invite } from "@excalibur/server/testing";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  accessibilityProblems,
  type ClientWorld,
  checkWords,
  PASSWORD,
  startClientWorld,
  type Window,
} from "./client-world.ts";

let world: ClientWorld;
let alice: Window;
let dora: Window;
let address: string;

beforeAll(async () => {
  world = await startClientWorld();
  alice = await world.enter("alice");
  await (await world.laptop("alice")).write("/Holidays/list.txt", "towels");
  dora = await world.open();
});

afterAll(async () => {
  await alice?.[Symbol.asyncDispose]();
  await dora?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

async function shareDialog(page: Page): Promise<Locator> {
  await page.getByRole("row", { name: /^Holidays/ }).click();
  await page.keyboard.press("Control+i");
  const dialog = page.locator("ion-modal");
  await dialog.getByText("People with access").waitFor();
  return dialog;
}

describe("inviting somebody without an account", () => {
  it("gives an address, which stands among the people until somebody comes by it", async () => {
    const dialog = await shareDialog(alice.page);
    await dialog.getByRole("button", { name: "Invite somebody without an account…" }).click();
    await dialog.getByLabel("For whom (only you see this)").fill("Dora");
    const role = dialog.getByRole("combobox", { name: "Role", exact: true });
    await role.selectOption({ label: "Editor" });
    const ends = await dialog.getByRole("combobox", { name: "Ends", exact: true }).boundingBox();
    expect([ends?.y, ends?.height], "they stand side by side").toEqual([
      (await role.boundingBox())?.y,
      (await role.boundingBox())?.height,
    ]);
    await dialog.getByRole("button", { name: "Make the invitation" }).click();
    await dialog.getByText(/invitation by address · Editor · until/).waitFor();
    address = await dialog.getByLabel("Address of Dora").inputValue();
    expect(address).toMatch(/\/s\/[\w-]{22}#1\.[\w-]{43}$/);
    expect(await accessibilityProblems(alice.page)).toEqual([]);
    await dialog.getByRole("button", { name: "Close" }).last().click();
  });

  it("shows who invites to what without an account, and survives making one", async () => {
    const { page, asked } = dora;
    await page.goto(address);
    await page.getByText("alice invites you to “Holidays” as Editor.").waitFor();
    await page.getByRole("row", { name: /^list\.txt/ }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "Join with an account" }).click();
    await page.getByText("Somebody invites you to what they share.").waitFor();
    expect(page.url()).toBe(`${world.origin}/`);
    await page.getByRole("button", { name: "Create your account" }).click();
    await page.getByLabel("User name").fill("dora");
    await page.getByLabel("Choose a password").fill(PASSWORD);
    await page.getByLabel("Invitation").fill(await invite(world.world.server));
    await page.getByRole("button", { name: "Create account" }).click();
    await page.getByRole("heading", { name: "Your recovery words" }).waitFor();
    await checkWords(page, await page.getByRole("listitem").allInnerTexts());

    const dialog = page.locator("ion-modal");
    await dialog.getByText("You become a member as dora").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Take up the invitation" }).click();
    await dialog.getByText("You wait for alice").waitFor();
    await dialog.getByRole("button", { name: "Close" }).last().click();
    const secret = address.slice(address.indexOf("#1.") + 3);
    expect(asked.filter((each) => each.includes(secret))).toEqual([]);
  });

  it("lets them in by itself while a device of the inviter is connected, and each sees the other", async () => {
    const { page } = dora;
    await page.getByText("1 open invitation").waitFor();
    await page
      .getByRole("link", { name: /^Shared with me/ })
      .first()
      .click();
    const offer = page.getByRole("article", { name: "alice shares a folder with you" });
    await offer.getByRole("button", { name: "Accept" }).click();
    await page.getByRole("link", { name: "Holidays" }).click();
    await page.getByRole("row", { name: /^list\.txt/ }).waitFor();
    const dialog = await shareDialog(alice.page);
    await dialog.getByRole("combobox", { name: "Role of dora" }).waitFor();
    await dialog.getByText("not verified").waitFor();
    expect(await dialog.getByText(/invitation by address/).count()).toBe(0);
    expect([...alice.complaints, ...dora.complaints]).toEqual([]);
  });
});
