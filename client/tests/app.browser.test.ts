import { readFile } from "node:fs/promises";
import path from "node:path";
import type { BrowserContextOptions, Route } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clientPolicy } from "../../server/src/api/web/policy.ts";
import { APP_FOLDER, ensureBuilt } from "../build/ensure-built.ts";
import { appPolicy } from "../src/native/policy.ts";
import { accessibilityProblems, type ClientWorld, PASSWORD, startClientWorld, type Window } from "./client-world.ts";

/** What pages of the app call themselves on Android; the browser gets them from the build, as from the phone's disk. */
const APP = "https://localhost";
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true };
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
};

let world: ClientWorld;
let nora: Window;

beforeAll(async () => {
  await ensureBuilt(() => undefined, APP_FOLDER);
  world = await startClientWorld();
  nora = await openApp();
});

afterAll(async () => {
  await nora?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

async function fromDisk(route: Route): Promise<void> {
  const { pathname } = new URL(route.request().url());
  const file = path.extname(pathname) === "" ? "/index.html" : pathname;
  const body = await readFile(path.join(APP_FOLDER, file));
  await route.fulfill({ body, contentType: TYPES[path.extname(file)] ?? "application/octet-stream" });
}

async function openApp(): Promise<Window> {
  const window = await world.open(PHONE);
  // As on iOS, where pages of an app have none. It would ask past what is routed here.
  await window.context.addInitScript("delete Navigator.prototype.serviceWorker");
  // The server of this test is on this machine, and browsers ask before a page of elsewhere may speak to it.
  await window.context.grantPermissions(["local-network-access"], { origin: APP });
  await window.context.route(`${APP}/**`, fromDisk);
  return window;
}

describe("the app", () => {
  it("asks for a server, takes no insecure one, and speaks to the chosen one alone", async () => {
    const { page, asked, complaints } = nora;
    await page.goto(APP);
    await page.getByRole("heading", { name: "Where is your drive?" }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    const address = page.getByLabel("Address of the server");
    const next = page.getByRole("button", { name: "Continue" });
    await address.fill("http://drive.example.org");
    await next.click();
    await page.getByRole("alert").getByText("begins with http://").waitFor();
    await address.fill("ftp://drive.example.org");
    await next.click();
    await page.getByRole("alert").getByText("That is not the address of a server").waitFor();
    expect(asked.filter((url) => !url.startsWith(APP))).toEqual([]);

    await address.fill(await world.invitation());
    await next.click();
    await page.getByText("You are invited to this server.").waitFor();
    expect(new URL(page.url()).hash).toBe("");
    await page.getByText(world.origin).waitFor();
    const elsewhere = world.origin.replace("127.0.0.1", "localhost");
    const isBlocked = (url: string) =>
      page.evaluate(
        (to) =>
          fetch(to).then(
            () => false,
            () => true,
          ),
        url,
      );
    expect(await isBlocked(`${elsewhere}/api/well-known/version`)).toBe(true);
    expect(await isBlocked(`${world.origin}/api/well-known/version`)).toBe(false);

    await page.getByRole("button", { name: "Create your account" }).click();
    await page.getByLabel("User name").fill("nora");
    await page.getByLabel("Choose a password").fill(PASSWORD);
    await page.getByRole("button", { name: "Create account" }).click();
    await page.getByRole("heading", { name: "Your recovery words" }).waitFor();
    const words = await page.getByRole("listitem").allInnerTexts();
    await page.getByRole("button", { name: "I have saved them" }).click();
    for (const field of await page.getByRole("textbox").all()) {
      const label = await field.evaluate((input: HTMLInputElement) => input.labels?.[0]?.innerText ?? "");
      await field.fill(words[Number(label.replace(/\D/g, "")) - 1] ?? "");
    }
    await page.getByRole("button", { name: "Check" }).click();
    await page.getByRole("heading", { name: "My files" }).waitFor();
    await page.getByLabel("Upload files").setInputFiles({
      ...{ name: "From the phone.txt", mimeType: "text/plain" },
      buffer: Buffer.from("hello"),
    });
    await page.getByRole("row", { name: /^From the phone/ }).waitFor();
    const sessions = await world.world.server.context.database.read
      .selectFrom("sessions")
      .where("client", "=", "app")
      .select(["client", "device_name"])
      .execute();
    expect(sessions).toEqual([{ client: "app", device_name: "Excalibur · Linux" }]);

    // A later start opens the drive without asking for anything.
    await page.reload();
    await page.getByRole("row", { name: /^From the phone/ }).waitFor();
    const unexpected = complaints.filter(
      (complaint) => !complaint.includes("violates") && !complaint.includes("Connecting to"),
    );
    expect(unexpected).toEqual([]);
  });

  it("closes with Android's way back what lies on top, and then goes to the page before", async () => {
    const { page } = nora;
    const account = page.getByRole("button", { name: "Account: nora" });
    await account.click();
    await page.getByRole("menu").waitFor();
    await page.goBack();
    await page.getByRole("menu").waitFor({ state: "hidden" });

    await page.getByRole("button", { name: "New", exact: true }).click();
    await page.getByRole("menuitem", { name: "New folder" }).click();
    await page.getByLabel("Name of the folder").waitFor();
    await page.goBack();
    await page.getByLabel("Name of the folder").waitFor({ state: "hidden" });
    expect(new URL(page.url()).pathname).toBe("/files");

    // What the menu left in the history is passed over, both ways.
    await account.click();
    await page.getByRole("menuitem", { name: "Settings" }).click();
    await page.getByRole("heading", { name: "Settings" }).waitFor();
    await page.goBack();
    await page.getByRole("row", { name: /^From the phone/ }).waitFor();
    await page.goForward();
    await page.getByRole("heading", { name: "Settings" }).waitFor();
  });

  it("H3 may do what the pages of a server may, and ask one server more", () => {
    const rules = (policy: string): string[] =>
      policy.split("; ").filter((rule) => !rule.startsWith("connect-src") && !rule.startsWith("frame-ancestors"));
    expect(rules(appPolicy({ styleNonce: "n", server: "https://drive.example.org/x" }))).toEqual(
      rules(clientPolicy("n")),
    );
    expect(appPolicy({ server: "https://drive.example.org/x" })).toContain(
      "connect-src 'self' https://drive.example.org wss://drive.example.org;",
    );
  });
});
