import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WebFile } from "../../server/src/web/index.ts";
import { type ClientWorld, OTHER_NAME, PASSWORD, startClientWorld, type Window } from "./client-world.ts";

let world: ClientWorld;
let dora: Window;
let words: string[];

beforeAll(async () => {
  world = await startClientWorld();
  dora = await world.open();
});

afterAll(async () => {
  await dora?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

async function tryToSignUp({ page }: Window, name: string, password = PASSWORD): Promise<void> {
  await page.getByLabel("User name").fill(name);
  await page.getByLabel("Choose a password").fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
}

describe("signing up", () => {
  it("prints the words and nothing else, in ink, from a dark page as well", async () => {
    const { page } = dora;
    await page.emulateMedia({ colorScheme: "dark" });
    await page.goto(await world.invitation());
    await page.getByRole("button", { name: "Create your account" }).click();
    await tryToSignUp(dora, "dora");
    await page.getByRole("heading", { name: "Your recovery words" }).waitFor();
    words = await page.getByRole("listitem").allInnerTexts();
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    const sheet = page.locator(".print-sheet");
    await sheet.getByText("Excalibur recovery words of dora").waitFor();
    expect(await sheet.locator("li").allInnerTexts()).toEqual(words);
    expect(await page.locator("#root").isVisible()).toBe(false);
    expect(await sheet.evaluate((element) => getComputedStyle(element).color)).toBe("rgb(0, 0, 0)");
    await page.emulateMedia({ media: "screen", colorScheme: "light" });
  });

  it("does not go on before three words were typed as they are", async () => {
    const { page } = dora;
    await page.getByRole("button", { name: "I have saved them" }).click();
    for (const field of await page.getByRole("textbox").all()) await field.fill("zebra-crossing");
    await page.getByRole("button", { name: "Check" }).click();
    await page.getByRole("alert").getByText("That is not the word you were shown.").waitFor();
    expect(await page.getByRole("heading", { name: "My files" }).count()).toBe(0);
  });

  it("says what is wrong with a name, a password and an invitation, and makes nothing", async () => {
    await using window = await world.open();
    const { page } = window;
    await page.goto(`${world.origin}/#invite=${"A".repeat(22)}`);
    await page.getByRole("button", { name: "Create your account" }).click();
    await tryToSignUp(window, "Not a name!");
    await page.getByRole("alert").getByText("A user name has 3 to 32 characters").waitFor();
    await tryToSignUp(window, "emil", "password123");
    await page.getByText("easy to guess").first().waitFor();
    await page.getByRole("alert").getByText("too easy to guess").waitFor();
    await tryToSignUp(window, "emil");
    await page.getByRole("alert").getByText("This invitation is not valid.").waitFor();
    // An invitation that is opened where the page is open already counts as well.
    await page.goto(await world.invitation());
    await page.getByText("You are invited to this server.").waitFor();
    await page.getByRole("button", { name: "Create your account" }).click();
    await tryToSignUp(window, "dora");
    await page.getByRole("alert").getByText("That name is taken already.").waitFor();
  });
});

describe("a newer build", () => {
  it("takes over when the person asks for it, and not before", async () => {
    await using window = await world.open();
    const { page } = window;
    const builtNow = "globalThis.isFromBefore";
    await page.goto(`${world.origin}/sign-in`);
    await page.evaluate("navigator.serviceWorker.ready.then(() => undefined)");
    await page.reload();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(await page.evaluate("navigator.serviceWorker.controller !== null")).toBe(true);

    const { webClient } = world.world.server.context;
    const worker = webClient?.files.get("/service-worker.js") as WebFile;
    const { bytes, gzipped } = worker;
    Object.assign(worker, { bytes: Buffer.concat([bytes, Buffer.from("\n// A newer one.\n")]), gzipped: undefined });
    try {
      await page.evaluate(`${builtNow} = true`);
      await page.evaluate("navigator.serviceWorker.getRegistration().then((found) => found.update())");
      await page.getByText("A new version is ready.").waitFor();
      expect(await page.evaluate(builtNow)).toBe(true);
      const loadedAgain = page.waitForEvent("load");
      await page.getByRole("button", { name: "Reload" }).click();
      await loadedAgain;
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
      expect(await page.evaluate(builtNow)).toBeUndefined();
      expect(await page.getByText("A new version is ready.").isVisible()).toBe(false);
    } finally {
      Object.assign(worker, { bytes, gzipped });
    }
  });
});

describe("getting in", () => {
  it("by the words, pasted in lines, sets a new password", async () => {
    await using window = await world.open();
    const { page } = window;
    await page.goto(`${world.origin}/recover`);
    await page.getByLabel("User name").fill("dora");
    await page.getByLabel("Recovery words").fill([...words].reverse().join("\n"));
    await page.getByLabel("Choose a password").fill("four islands in fog");
    await page.getByRole("button", { name: "Set the new password" }).click();
    await page.getByRole("alert").waitFor();
    await page.getByLabel("Recovery words").fill(words.join("\n"));
    await page.getByRole("button", { name: "Set the new password" }).click();
    await page.getByRole("heading", { name: "My files" }).waitFor();
  });

  it("without a server says that nothing was lost, and goes on when it is back; Caps Lock is told", async () => {
    await using window = await world.open();
    const { page, context } = window;
    await page.goto(`${world.origin}/sign-in`);
    // Everything is kept here from now on: on a busy machine a part of the program would still be on its way.
    await page.evaluate("navigator.serviceWorker.ready.then(() => undefined)");
    await page.reload();
    await page.getByLabel("User name").fill("dora");
    const password = page.getByLabel("Password", { exact: true });
    await password.fill("four islands in fog");
    await password.evaluate((input) => {
      const typed = new KeyboardEvent("keydown", { key: "A", modifierCapsLock: true, bubbles: true });
      input.dispatchEvent(typed);
    });
    await page.getByText("Caps Lock is on.").waitFor();
    await context.setOffline(true);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").getByText("The server cannot be reached. Nothing was lost").waitFor();
    await context.setOffline(false);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "My files" }).waitFor();
  });

  it("H7 over an address that browsers do not trust is a page that says what to do, asks the server nothing and has no form", async () => {
    await using window = await world.open();
    const { page, asked } = window;
    const origin = world.origin.replace(/\/\/[^:]+/, `//${OTHER_NAME}`);
    await page.goto(`${origin}/sign-in`);
    await page.getByRole("heading", { name: "This address is not secure" }).waitFor();
    await page.getByText("--https").waitFor();
    expect(await page.evaluate("isSecureContext")).toBe(false);
    expect(await page.getByRole("textbox").count()).toBe(0);
    expect(asked.filter((address) => address.includes("/api/") || address.includes("worker"))).toEqual([]);
  });
});
