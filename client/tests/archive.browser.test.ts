import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readZip } from "@excalibur/sdk/testing";
import type { Download } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  accessibilityProblems,
  type ClientWorld,
  fresh,
  goTo,
  holdBack,
  startClientWorld,
  type Window,
} from "./client-world.ts";

let world: ClientWorld;
let alice: Window;
let local: string;

beforeAll(async () => {
  world = await startClientWorld();
  alice = await world.enter("alice");
  local = await mkdtemp(join(tmpdir(), "excalibur-holiday-"));
  await mkdir(join(local, "Holiday/Raw"), { recursive: true });
  await writeFile(join(local, "Holiday/beach.jpg"), "beach");
  await writeFile(join(local, "Holiday/Raw/beach.dng"), Buffer.alloc(3_000_000, "raw"));
  await writeFile(join(local, "Holiday/notes.txt"), "notes");
  await alice.page.getByLabel("Upload a folder").setInputFiles(join(local, "Holiday"));
  await panel().getByText("Everything is there").waitFor();
});

afterAll(async () => {
  await alice?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
  await rm(local, { recursive: true, force: true });
});

// Whatever a try before has left: a fresh page has no transfers.
beforeEach(() => goTo(alice.page, `${world.origin}/files`));

const panel = () => alice.page.getByRole("region", { name: "Transfers" });
const row = (name: string | RegExp) => alice.page.getByRole("row", { name });

async function zipOf(download: Download): Promise<[path: string, content: string][]> {
  const bytes = await readFile(await download.path());
  const content = (start: number, sizeBytes: number): string =>
    bytes.subarray(start, start + Math.min(sizeBytes, 6)).toString();
  return readZip(bytes).map(({ path, start, sizeBytes }) => [path, content(start, sizeBytes)]);
}

describe("a folder", () => {
  it("is downloaded as one ZIP file from its menu, verified, with everything in it", async () => {
    const { page } = alice;
    await row(/^Holiday/).click({ button: "right" });
    const coming = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: "Download" }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toBe("Holiday.zip");
    expect((await zipOf(download)).sort()).toEqual([
      ["Holiday/", ""],
      ["Holiday/Raw/", ""],
      ["Holiday/Raw/beach.dng", "rawraw"],
      ["Holiday/beach.jpg", "beach"],
      ["Holiday/notes.txt", "notes"],
    ]);
    await panel().getByText("Verified").waitFor();
    await panel().getByText("3 MB").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it("is broken off, visibly, when one of its files is not what it was, and can be fetched again", async () => {
    const { page, context } = alice;
    const objects = /\/api\/objects\/[^/]+$/;
    await context.route(objects, async (route) => {
      const answer = await route.fetch();
      const body = await answer.body();
      body[body.length - 1] = (body[body.length - 1] ?? 0) ^ 1;
      await route.fulfill({ response: answer, body });
    });
    try {
      await row(/^Holiday/).click();
      const coming = page.waitForEvent("download");
      await page.keyboard.press("Control+s");
      const download = await coming;
      await panel()
        .getByText(/broken off at “Holiday\/Raw\/beach\.dng”/)
        .waitFor();
      expect(await download.failure()).not.toBeNull();
    } finally {
      await context.unroute(objects);
    }
    const again = page.waitForEvent("download");
    await panel().getByRole("button", { name: "Fetch Holiday.zip again" }).click();
    expect(await zipOf(await again)).toHaveLength(5);
    await panel().getByText("Everything is there").waitFor();
  });
});

describe("everything", () => {
  it("is saved from the settings as one ZIP file, with the trash when it is wanted", async () => {
    const { page } = alice;
    const name = fresh("old");
    await page.getByLabel("Upload files").setInputFiles([{ name, mimeType: "", buffer: Buffer.from("old") }]);
    await row(name).click();
    await page.keyboard.press("Delete");
    await row(name).waitFor({ state: "detached" });
    await goTo(page, `${world.origin}/settings/account`);
    const save = page.getByRole("button", { name: "Save as ZIP" });
    await save.waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    const coming = page.waitForEvent("download");
    await save.click();
    const download = await coming;
    expect(download.suggestedFilename()).toMatch(/^Excalibur alice \d{4}-\d\d-\d\d\.zip$/);
    const withoutTrash = await zipOf(download);
    expect(withoutTrash).toHaveLength(5);
    expect(withoutTrash).toContainEqual(["Holiday/notes.txt", "notes"]);
    await page.getByText("With what is in the trash").click();
    const again = page.waitForEvent("download");
    await save.click();
    const withTrash = await zipOf(await again);
    expect(withTrash).toContainEqual([`Trash/${name}`, "old"]);
    expect(withTrash.filter(([path]) => !path.startsWith("Trash/"))).toEqual(withoutTrash);
  });
});

describe("several items", () => {
  it("are downloaded together, called as the folder they are in", async () => {
    const { page } = alice;
    await row(/^Holiday/).dblclick();
    await row(/beach\.jpg/).click();
    await row(/notes\.txt/).click({ modifiers: ["Control"] });
    const coming = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download", exact: true }).first().click();
    const download = await coming;
    expect(download.suggestedFilename()).toBe("Holiday.zip");
    expect((await zipOf(download)).sort()).toEqual([
      ["beach.jpg", "beach"],
      ["notes.txt", "notes"],
    ]);
  });

  it("end without a trace when somebody cancels", async () => {
    const { page, context } = alice;
    const objects = /\/api\/objects\//;
    const letThrough = await holdBack(context, objects);
    await row(/^Holiday/).click();
    const coming = page.waitForEvent("download");
    await page.keyboard.press("Control+s");
    const download = await coming;
    await panel().getByRole("button", { name: "Cancel Holiday.zip" }).click();
    await panel().getByText("Cancelled").waitFor();
    expect(await download.failure()).not.toBeNull();
    await letThrough();
  });
});
