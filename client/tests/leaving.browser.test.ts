import type { Person } from "@excalibur/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accessibilityProblems, type ClientWorld, startClientWorld, type Window } from "./client-world.ts";

let world: ClientWorld;
let dave: Person;
let window: Window;

beforeAll(async () => {
  world = await startClientWorld();
  ({ dave } = await world.world.people("dave"));
  window = await world.enter("dave");
});

afterAll(async () => {
  await window?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

/** What comes of these words on another device. */
async function recoveredBy(typed: string): Promise<"in" | "refused"> {
  await using other = await world.open();
  const { page } = other;
  await page.goto(`${world.origin}/recover`);
  await page.getByLabel("User name").fill(dave.name);
  await page.getByLabel("Recovery words").fill(typed);
  await page.getByLabel("Choose a password").fill(dave.password);
  await page.getByRole("button", { name: "Set the new password" }).click();
  const isIn = page.getByRole("heading", { name: "My files" }).waitFor();
  return await Promise.any([
    isIn.then(() => "in" as const),
    page
      .getByRole("alert")
      .waitFor()
      .then(() => "refused" as const),
  ]);
}

describe("new recovery words", () => {
  it("are shown after the password, checked, and then hold alone", async () => {
    const { page } = window;
    await page.goto(`${world.origin}/settings/security`);
    await page.getByRole("button", { name: "Make new words" }).click();
    const dialog = page.locator("ion-modal");
    await dialog.getByLabel("Current password").fill("not this one at all");
    await dialog.getByRole("button", { name: "Make new words" }).click();
    await dialog.getByText("That is not your current password").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await dialog.getByLabel("Current password").fill(dave.password);
    await dialog.getByRole("button", { name: "Make new words" }).click();
    await dialog.getByRole("button", { name: "I have saved them" }).waitFor();
    const made = await dialog.getByRole("listitem").allInnerTexts();
    expect(made).toHaveLength(12);
    await dialog.getByRole("button", { name: "I have saved them" }).click();
    for (const field of await dialog.getByRole("textbox").all()) await field.fill("wrong");
    await dialog.getByRole("button", { name: "Use these words" }).click();
    await dialog.getByText("That is not the word you were shown").waitFor();
    for (const field of await dialog.getByRole("textbox").all()) {
      const label = await field.evaluate((input: HTMLInputElement) => input.labels?.[0]?.innerText ?? "");
      await field.fill(made[Number(label.replace(/\D/g, "")) - 1] ?? "");
    }
    await dialog.getByRole("button", { name: "Use these words" }).click();
    await page.getByText("The new words hold from now on").waitFor();
    expect(await recoveredBy(dave.recoveryWords)).toBe("refused");
    expect(await recoveredBy(made.join(" "))).toBe("in");
  });
});

describe("leaving for good", () => {
  it("takes the name and the password, and then nothing opens the account any more, here or elsewhere", async () => {
    const { page } = window;
    // Recovery signed every other device out.
    await page.getByLabel("Password", { exact: true }).fill(dave.password);
    await page.getByRole("button", { name: "Unlock" }).click();
    await page.getByRole("button", { name: "Make new words" }).waitFor();
    const second = await window.context.newPage();
    await second.goto(`${world.origin}/files`);
    await second.getByText("Nothing here yet").waitFor();

    await page.goto(`${world.origin}/settings/account`);
    await page.getByRole("button", { name: "Delete the account…" }).click();
    const dialog = page.locator("ion-modal");
    const submit = dialog.getByRole("button", { name: "Delete for ever" });
    await submit.waitFor();
    expect(await submit.isDisabled()).toBe(true);
    await dialog.getByLabel(/type your user name/).fill(dave.name);
    await dialog.getByLabel("Password", { exact: true }).fill("not this one at all");
    await submit.click();
    await dialog.getByText("That is not your current password").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await dialog.getByLabel("Password", { exact: true }).fill(dave.password);
    await submit.click();
    await page.getByRole("heading", { name: "A drive that only you can open" }).waitFor();
    await second.getByRole("heading", { name: "A drive that only you can open" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "A drive that only you can open" }).waitFor();
    await page.goto(`${world.origin}/sign-in`);
    await page.getByLabel("User name").fill(dave.name);
    await page.getByLabel("Password", { exact: true }).fill(dave.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("The name or the password is wrong").waitFor();
  });
});
