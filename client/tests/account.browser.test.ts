import { randomBytes } from "node:crypto";
import { passwordOf } from "@excalibur/testing";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import {
  accessibilityProblems,
  type ClientWorld,
  fresh,
  goTo,
  makeAccount,
  signIn,
  startClientWorld,
  type Window,
} from "./client-world.ts";

let world: ClientWorld;
let bob: Window;
let password = passwordOf("bob");

beforeAll(async () => {
  world = await startClientWorld();
  bob = await world.enter("bob");
});

afterAll(async () => {
  await bob?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

/** Another window of somebody who has only the password, as on another device. */
async function elsewhere(): Promise<Window> {
  const window = await world.open();
  await signIn(window.page, { origin: world.origin, name: "bob", password });
  return window;
}

/** Opened again, if a first try of a story left it locked or let go of. */
async function openAgain(): Promise<void> {
  const { page } = bob;
  await goTo(page, `${world.origin}/files`);
  const heading = page.getByRole("heading", {
    name: /^(My files|Welcome back, bob|A drive that only you can open|Sign in)$/,
  });
  const shown = await heading.first().innerText();
  if (shown === "My files") return;
  if (!shown.startsWith("Welcome back")) return await signIn(page, { origin: world.origin, name: "bob", password });
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Unlock" }).click();
  await page.getByRole("heading", { name: "My files" }).waitFor();
}

/** What a window complained of, past what was refused on purpose. */
const complaintsOf = ({ complaints }: Window): string[] =>
  complaints.filter((text) => !/the server responded with a status of 401/.test(text));

describe("the settings", () => {
  it("are a list and a page beside it, each usable by everybody, on phones one after the other", async () => {
    const { page } = bob;
    await goTo(page, `${world.origin}/files`);
    onTestFinished(() => page.setViewportSize({ width: 1440, height: 900 }));
    await page.getByRole("button", { name: "Account: bob" }).click();
    await page.getByRole("menuitem", { name: "Settings" }).click();
    const looked = ["Security", "Appearance"];
    for (const [name, shows] of [
      ["Account", /^(\d{5} ){11}\d{5}$/],
      ["Security", /^This browser$/],
      ["Storage", "Nothing takes any space yet."],
      ["Appearance", "Where I was last"],
      ["Shortcuts", "Press ? anywhere"],
      ["About", /^[0-9a-f]{64}$/],
    ] as const) {
      await page.getByRole("link", { name: new RegExp(`^${name}`) }).click();
      await page.getByText(shows).waitFor();
      if (looked.includes(name)) expect(await accessibilityProblems(page)).toEqual([]);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole("link", { name: "All settings" }).click();
    await page.getByRole("link", { name: /^Appearance/ }).click();
    await page.getByRole("link", { name: /^Security/ }).waitFor({ state: "detached" });
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it("change how everything looks and reads at once, and stay that way", async () => {
    const { page } = bob;
    await goTo(page, `${world.origin}/settings/appearance`);
    await page.getByLabel("English").check();
    await page.getByRole("heading", { name: "Settings" }).waitFor();
    await page.getByLabel("Dark").check();
    await page.getByLabel("KiB, MiB, GiB").check();
    await page.getByLabel("Deutsch").check();
    await page.getByRole("heading", { name: "Einstellungen" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Einstellungen" }).waitFor();
    expect(await page.evaluate("[document.documentElement.lang, document.documentElement.className]")).toEqual([
      "de",
      expect.stringContaining("dark"),
    ]);
    expect(await page.getByLabel("KiB, MiB, GiB").isChecked()).toBe(true);
    await page.getByLabel("English").check();
    await page.getByLabel("Light", { exact: true }).check();
    await page.getByRole("heading", { name: "Settings" }).waitFor();
  });

  it("show the keys wherever somebody asks with ?, but not while they type", async () => {
    const { page } = bob;
    await goTo(page, `${world.origin}/settings/security`);
    await page.getByLabel("New password").press("?");
    await page.getByRole("link", { name: "My files" }).click();
    await page.getByText("Nothing here yet").waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);
    await page.keyboard.press("?");
    await page.getByText("To the first or the last").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });
});

describe("what takes the space", () => {
  it("is a picture by kind with words, and the largest folders, which lead there", async () => {
    const { page } = bob;
    const laptop = await world.laptop("bob");
    // A first try has written them already.
    if (!(await laptop.names("/")).includes("Full")) {
      await laptop.write("/Full/a.jpg", Buffer.alloc(300_000, 1));
      await laptop.write("/Full/b.mp3", Buffer.alloc(100_000, 2));
    }
    await goTo(page, `${world.origin}/settings/storage`);
    const shares = page.getByRole("list", { name: "What takes the space" });
    await shares.waitFor();
    expect(await shares.getByRole("listitem").allInnerTexts()).toEqual([
      expect.stringMatching(/^Pictures 1 file\s+296.KiB$/),
      expect.stringMatching(/^Music 1 file\s+98\.1.KiB$/),
    ]);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole("link", { name: "Full" }).click();
    await page.getByRole("row", { name: /a\.jpg/ }).waitFor();
  });
});

describe("a new password", () => {
  it("is refused without the old one, and takes every other device out while this one stays in", async () => {
    const { page } = bob;
    await using other = await elsewhere();
    const [next, folder] = [fresh("seven rivers under snow"), fresh("Still here")];
    const second = await bob.context.newPage();
    await second.goto(`${world.origin}/files`);
    await second.getByRole("heading", { name: "My files" }).waitFor();
    await goTo(page, `${world.origin}/settings/security`);
    await page.getByLabel("Current password").fill("not the password");
    await page.getByLabel("New password").fill(next);
    await page.getByRole("button", { name: "Change password" }).click();
    await page.getByRole("alert").getByText("That is not your current password.").waitFor();
    await page.getByLabel("Current password").fill(password);
    await page.getByRole("button", { name: "Change password" }).click();
    await page.getByText("The new password holds from now on").waitFor();
    password = next;
    await other.page.getByText("This device was signed out from elsewhere").waitFor();
    // Windows of this browser go on with its new session.
    await second.getByRole("button", { name: "New", exact: true }).click();
    await second.getByRole("menuitem", { name: "New folder" }).click();
    await second.getByLabel("Name of the folder").fill(folder);
    await second.keyboard.press("Enter");
    await second.getByRole("row", { name: folder }).waitFor();
    await second.close();
    await page.getByRole("link", { name: "My files" }).click();
    await page.getByRole("row", { name: folder }).waitFor();
  });
});

describe("the list of sessions", () => {
  it("ends one that is elsewhere, which is locked at once and opens with the new password only", async () => {
    const { page } = bob;
    await using other = await elsewhere();
    await goTo(page, `${world.origin}/settings/security`);
    const others = page.getByRole("button", { name: /^Sign out / });
    await others.first().waitFor();
    // A first try has left one more.
    for (let left = await others.count(); left > 0; left -= 1) {
      await others.first().click();
      await page.getByRole("button", { name: "Sign out", exact: true }).click();
      await expect.poll(() => others.count()).toBe(left - 1);
    }
    await other.page.getByText("This device was signed out from elsewhere").waitFor();
    await other.page.getByLabel("Password", { exact: true }).fill(passwordOf("bob"));
    await other.page.getByRole("button", { name: "Unlock" }).click();
    await other.page.getByRole("alert").waitFor();
    await other.page.getByLabel("Password", { exact: true }).fill(password);
    await other.page.getByRole("button", { name: "Unlock" }).click();
    await other.page.getByRole("heading", { name: "My files" }).waitFor();
  });
});

describe("a drive that locks itself", () => {
  it("is locked when somebody comes back after longer than they chose, and let go of when another account wants in", async () => {
    const { page } = bob;
    await openAgain();
    await goTo(page, `${world.origin}/settings/security`);
    await page.getByLabel("5 minutes", { exact: true }).check();
    await page.reload();
    await page.getByLabel("5 minutes", { exact: true }).waitFor();
    await page.evaluate("localStorage.setItem('excalibur.touched', String(Date.now() - 301000))");
    await page.mouse.move(300, 300);
    await page.getByRole("heading", { name: "Welcome back, bob" }).waitFor();

    await page.getByRole("button", { name: "Use another account" }).click();
    await page.getByRole("button", { name: "Let go" }).click();
    await page.getByRole("heading", { name: "A drive that only you can open" }).waitFor();
    await page.getByRole("button", { name: "Create your account" }).waitFor();
  });
});

describe("recovery words", () => {
  it("are asked for again when a window went away before they were checked, until somebody shows that they have them", async () => {
    await using window = await world.open();
    const { page } = window;
    const words = await makeAccount(page, await world.invitation(), `emma-${randomBytes(3).toString("hex")}`);
    await page.reload();
    await page.getByText("Nothing here yet").waitFor();
    const reminder = page.getByText("Your recovery words were never checked.");
    await reminder.waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "Remind me later" }).click();
    await reminder.waitFor({ state: "detached" });
    await page.reload();
    await page.getByRole("button", { name: "Check the words" }).click();
    const isRefused = "Those are not recovery words: check their spelling and their order.";
    for (const typed of [words.slice(1), words]) {
      await page.getByRole("textbox", { name: "Recovery words" }).fill(typed.join(" "));
      await page.getByRole("button", { name: "Check", exact: true }).click();
      if (typed !== words) await page.getByRole("alert").getByText(isRefused).waitFor();
    }
    await reminder.waitFor({ state: "detached" });
    await goTo(page, `${world.origin}/settings/security`);
    await page.getByRole("button", { name: "Make new words" }).waitFor();
    expect(await page.getByRole("button", { name: "Check the words" }).count()).toBe(0);
    expect(complaintsOf(window)).toEqual([]);
  });
});

describe("all of it", () => {
  it("complained of nothing but what was refused on purpose", () => {
    expect(complaintsOf(bob)).toEqual([]);
  });
});
