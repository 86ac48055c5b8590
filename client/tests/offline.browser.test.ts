import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ClientWorld, goTo, startClientWorld, type Window } from "./client-world.ts";

let world: ClientWorld;
let alice: Window;

beforeAll(async () => {
  world = await startClientWorld();
  alice = await world.enter("alice");
});

afterAll(async () => {
  await alice?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

const row = (name: string | RegExp) => alice.page.getByRole("row", { name });

async function makeFolder(name: string): Promise<void> {
  const { page } = alice;
  await page.getByRole("button", { name: "New", exact: true }).click();
  await page.getByRole("menuitem", { name: "New folder" }).click();
  await page.getByLabel("Name of the folder").fill(name);
  await page.keyboard.press("Enter");
  await row(new RegExp(`^${name}`)).waitFor();
}

describe("without a connection", () => {
  it("the drive starts and is readable after a reload, says so, refuses changes with a reason, and goes on by itself", async () => {
    const { page, context } = alice;
    await makeFolder("Iceland");
    await makeFolder("Recipes");
    await row(/^Iceland/).dblclick();
    await page.getByText("Nothing here yet").waitFor();
    await makeFolder("Raw");
    await goTo(page, `${world.origin}/files`);
    await row(/^Recipes/).waitFor();
    // The program is kept by now: the browser starts it without a server.
    await page.evaluate("navigator.serviceWorker.ready.then(() => undefined)");
    await page.reload();
    await row(/^Recipes/).waitFor();

    await context.setOffline(true);
    await page.reload();
    await row(/^Iceland/).waitFor();
    await page.getByText(/No connection to the server\. You see your drive as it was/).waitFor();
    await row(/^Iceland/).dblclick();
    await row(/^Raw/).waitFor();
    await page.keyboard.press("Backspace");
    await row(/^Recipes/).click();
    await page.keyboard.press("Delete");
    await page.getByText("The server cannot be reached. Nothing was lost").waitFor();
    await row(/^Recipes/).waitFor();
    await row(/^Iceland/).dblclick();
    await row(/^Raw/).waitFor();
    await page.keyboard.press("Backspace");
    await page.getByRole("row", { name: /^Recipes/ }).click();

    // The server is away, and what stands before it answers in its place.
    const bad = { status: 502, contentType: "text/html", body: "<h1>Bad Gateway</h1>" };
    await context.route("**/api/**", (route) => route.fulfill(bad));
    await context.routeWebSocket("**/api/**", (socket) => socket.close());
    await context.setOffline(false);
    await page.reload();
    await row(/^Iceland/).dblclick();
    await row(/^Raw/).waitFor();
    await page.getByText(/No connection to the server\. You see your drive as it was/).waitFor();
    await page.keyboard.press("Backspace");
    await row(/^Recipes/).click();
    expect(await page.getByRole("alert").allInnerTexts()).toEqual([]);
    await context.unrouteAll();
    await page.getByText(/No connection to the server/).waitFor({ state: "detached" });
    await page.getByText("The server cannot be reached").waitFor({ state: "detached" });
    // What was selected still is.
    await page.getByRole("row", { name: /^Recipes/, selected: true }).waitFor();
    await page.keyboard.press("Delete");
    await row(/^Recipes/).waitFor({ state: "detached" });
    expect(alice.complaints.filter((complaint) => !/ERR_INTERNET_DISCONNECTED|status of 502/.test(complaint))).toEqual(
      [],
    );
  });
});
