import { type Device, passwordOf } from "@excalibur/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  accessibilityProblems,
  type ClientWorld,
  goTo,
  signIn,
  startClientWorld,
  type Window,
} from "./client-world.ts";

const TWO_HOURS_MS = 2 * 3_600_000;

let world: ClientWorld;
let alice: Window;
/** Another device of hers, without a window. */
let laptop: Device;

beforeAll(async () => {
  world = await startClientWorld();
  laptop = await world.laptop("alice");
  for (const name of ["diary.txt", "plan.txt", "map.pdf", "route.txt"])
    await laptop.write(`/Iceland/${name}`, `${name} then`);
  // That was two hours ago, for the server and for what is on the screen.
  world.advance(TWO_HOURS_MS);
  await laptop.write("/Iceland/diary.txt", "overwritten", { onConflict: "replace" });
  await laptop.write("/Iceland/added.txt", "added");
  await laptop.trash("/Iceland/map.pdf");
  await laptop.rename("/Iceland/plan.txt", "old plan.txt");
  // It is a volume of its own by now.
  const { links } = await laptop.drive;
  await links.create(await laptop.find("/Iceland/route.txt"), { label: "to share" });
  alice = await world.open();
  await alice.page.clock.setFixedTime(world.nowMs());
  await signIn(alice.page, { origin: world.origin, name: "alice", password: passwordOf("alice") });
});

afterAll(async () => {
  await alice?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

describe("rewinding a folder", () => {
  it("shows what would change, does it at once, and can be undone", async () => {
    const { page } = alice;
    const row = (name: RegExp) => page.getByRole("row", { name });
    await row(/^Iceland/).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Rewind this folder…" }).click();
    await page.getByRole("radio", { name: "A week ago" }).check();
    await page.getByRole("button", { name: "Show what would change" }).click();
    await page.getByText("The folder was not there at that time").waitFor();
    await page.getByRole("radio", { name: "An hour ago" }).check();
    await page.getByRole("button", { name: "Show what would change" }).click();
    const list = page.getByRole("list", { name: "What would change" });
    await list.waitFor();
    expect(
      (await list.getByRole("listitem").allInnerTexts()).map((line) => line.replaceAll("\n", ": ")).sort(),
    ).toEqual([
      "/Iceland/added.txt: came since: goes to the trash",
      "/Iceland/diary.txt: gets its earlier content",
      "/Iceland/map.pdf: comes back",
      "/Iceland/old plan.txt: is /Iceland/plan.txt again",
      "/Iceland/route.txt: is shared: it stays as it is, for everybody who is in it, and is rewound by itself",
    ]);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "Take back 4 changes" }).click();
    await page.getByText(/“Iceland” is as it was/).waitFor();
    await laptop.catchUp();
    expect(await laptop.names("/Iceland")).toEqual(["diary.txt", "map.pdf", "plan.txt", "route.txt"]);
    expect(await laptop.readText("/Iceland/diary.txt")).toBe("diary.txt then");

    await page.getByRole("button", { name: "Undo" }).click();
    await expect
      .poll(() => laptop.catchUp().then(() => laptop.names("/Iceland")))
      .toEqual(["added.txt", "diary.txt", "old plan.txt", "route.txt"]);
    expect(await laptop.readText("/Iceland/diary.txt")).toBe("overwritten");
    // A clock that was set forward is learned anew: the server refused what was signed by the old one.
    expect(alice.complaints.filter((complaint) => !/401|status of 4/.test(complaint))).toEqual([]);
  });

  it("of the folder that is shown says when there is nothing to take back", async () => {
    const { page } = alice;
    await laptop.makeFolder("/Iceland/empty");
    await goTo(page, `${world.origin}/files`);
    await page.getByRole("row", { name: /^Iceland/ }).waitFor();
    await page.locator(".list-scroller").click({ button: "right", position: { x: 300, y: 500 } });
    await page.getByRole("menuitem", { name: "Rewind this folder…" }).click();
    await page.getByRole("radio", { name: "At another time" }).check();
    const now = new Date(world.nowMs() + 120_000 - new Date().getTimezoneOffset() * 60_000);
    await page.getByLabel("Day and time").evaluate((field: HTMLInputElement) => field.removeAttribute("max"));
    await page.getByLabel("Day and time").fill(now.toISOString().slice(0, 16));
    await page.getByRole("button", { name: "Show what would change" }).click();
    await page.getByText(/nothing was changed here that could be taken back/).waitFor();
    await page.getByRole("button", { name: "Back" }).click();
    await page.getByRole("radio", { name: "An hour ago" }).waitFor();
  });
});
