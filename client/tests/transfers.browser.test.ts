import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  accessibilityProblems,
  type ClientWorld,
  PASSWORD,
  signUp,
  startClientWorld,
  type Window,
} from "./client-world.ts";

let world: ClientWorld;
let alice: Window;
let local: string;

beforeAll(async () => {
  world = await startClientWorld();
  alice = await world.open();
  local = await mkdtemp(join(tmpdir(), "excalibur-holiday-"));
  await mkdir(join(local, "Holiday/Raw"), { recursive: true });
  await writeFile(join(local, "Holiday/beach.jpg"), "beach");
  await writeFile(join(local, "Holiday/Raw/beach.dng"), "raw beach");
  await signUp(alice.page, await world.invitation(), "alice");
});

afterAll(async () => {
  await alice?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
  await rm(local, { recursive: true, force: true });
});

const panel = () => alice.page.getByRole("region", { name: "Transfers" });

describe("a whole folder", () => {
  it("goes up with everything in it", async () => {
    const { page } = alice;
    await page.getByLabel("Upload a folder").setInputFiles(join(local, "Holiday"));
    await panel().getByText("Everything is there").waitFor();
    await page.getByRole("row", { name: /^Holiday/ }).dblclick();
    await page.getByRole("row", { name: /beach\.jpg/ }).waitFor();
    await page.getByRole("row", { name: /^Raw/ }).dblclick();
    await page.getByRole("row", { name: /beach\.dng.*9 bytes/ }).waitFor();
    await page.getByRole("link", { name: "My files" }).first().click();
  });

  it("that is there already is asked about, and so are its files, while others go on", async () => {
    const { page } = alice;
    await writeFile(join(local, "Holiday/beach.jpg"), "a better beach");
    await page.getByLabel("Upload a folder").setInputFiles(join(local, "Holiday"));
    await page.getByRole("heading", { name: "A folder “Holiday” is there already" }).waitFor();
    await page
      .getByLabel("Upload files")
      .setInputFiles([{ name: "other.txt", mimeType: "", buffer: Buffer.from("x") }]);
    await panel().getByText("Stored").first().waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "Merge" }).click();
    await page.getByRole("heading", { name: /“beach\.(jpg|dng)” is there already/ }).waitFor();
    await page.getByText("Do the same with all others like it").click();
    await page.getByRole("button", { name: "Replace" }).click();
    await panel().getByText("Everything is there").waitFor();
    await page.getByRole("row", { name: /^Holiday/ }).dblclick();
    await page.getByRole("row", { name: /beach\.jpg.*14 bytes/ }).waitFor();
    expect(await page.getByRole("row", { name: /beach/ }).count()).toBe(1);
  });
});

describe("what does not fit", () => {
  it("is said before anything is sent, and nothing is when nobody wants it", async () => {
    const { page, asked } = alice;
    const { database } = world.server.server.context;
    const quota = (bytes: number | null) =>
      database.write(async (tx) => void (await tx.updateTable("accounts").set({ quota_bytes: bytes }).execute()));
    await quota(100_000);
    const before = asked.length;
    await page
      .getByLabel("Upload files")
      .setInputFiles([{ name: "big.bin", mimeType: "", buffer: Buffer.alloc(200_000) }]);
    await page.getByRole("heading", { name: "This does not fit" }).waitFor();
    await page.getByText(/1 file needs 200 kB, and \d+(\.\d+)? kB are left/).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "Upload nothing" }).click();
    await page.getByRole("heading", { name: "This does not fit" }).waitFor({ state: "detached" });
    expect(asked.slice(before).filter((address) => /objects|uploads/.test(address))).toEqual([]);
    await quota(null);
  });
});

describe("a large file", () => {
  it("of 32 MiB is stopped, goes on, and is what it was", async () => {
    const { page, context } = alice;
    const place = join(local, "film.mp4");
    const bytes = randomBytes(32 * 1024 * 1024);
    await writeFile(place, bytes);
    // Some parts do not arrive before it is stopped, so that it cannot be done by then.
    await context.route(/\/parts\/[5-9]$/, () => new Promise(() => undefined));
    await page.getByLabel("Upload files").setInputFiles(place);
    await panel().getByRole("progressbar", { name: "film.mp4" }).waitFor();
    await panel().getByRole("button", { name: "Pause" }).click();
    await panel().getByText("Paused").first().waitFor();
    await context.unroute(/\/parts\/[5-9]$/);
    await panel().getByRole("button", { name: "Go on" }).click();
    await panel().getByText("Everything is there").waitFor();
    const coming = page.waitForEvent("download");
    await page.getByRole("row", { name: /film\.mp4/ }).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Download" }).click();
    const hash = createHash("sha256");
    for await (const piece of await (await coming).createReadStream()) hash.update(piece);
    expect(hash.digest("hex")).toBe(createHash("sha256").update(bytes).digest("hex"));
  });
});

describe("a reload in the middle of an upload", () => {
  it("is offered to go on, takes the same file only, and sends nothing twice", async () => {
    const { page, context } = alice;
    const place = join(local, "holiday film.mp4");
    await writeFile(place, randomBytes(24 * 1024 * 1024));
    const sent: string[] = [];
    context.on("request", (request) => {
      const [, part] = /\/parts\/(\d+)/.exec(request.url()) ?? [];
      if (part !== undefined && request.method() === "PUT") sent.push(part);
    });
    page.on("dialog", (dialog) => void dialog.accept());
    // Two parts arrive, the others never do.
    await context.route(/\/parts\/[2-9]/, () => new Promise(() => undefined));
    const arrived = [0, 1].map((part) => page.waitForResponse(new RegExp(`/parts/${part}`)));
    await page.getByLabel("Upload files").setInputFiles(place);
    await Promise.all(arrived);
    await panel()
      .getByText(/^8\.\d+ MB of 25\.2 MB$/)
      .waitFor();
    await page.reload();
    await context.unroute(/\/parts\/[2-9]/);
    await panel().getByText("1 upload was interrupted").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await panel()
      .getByLabel(/go on with holiday film\.mp4/)
      .and(page.locator("input"))
      .setInputFiles([{ name: "holiday film.mp4", mimeType: "", buffer: Buffer.alloc(9) }]);
    await panel()
      .getByText(/That is another file/)
      .waitFor();
    sent.length = 0;
    await panel()
      .getByLabel(/go on with holiday film\.mp4/)
      .and(page.locator("input"))
      .setInputFiles(place);
    await panel().getByText("Everything is there").waitFor();
    expect(sent.length).toBeGreaterThanOrEqual(4);
    expect(sent.filter((part) => Number(part) < 2)).toEqual([]);
    await page.getByRole("row", { name: /holiday film\.mp4/ }).waitFor();
  });
});

describe("a drive that is locked", () => {
  it("leaves no name of a file in the window for whoever comes next", async () => {
    const { page } = alice;
    await panel().getByText("holiday film.mp4").waitFor();
    await page.getByRole("button", { name: "Account: alice" }).click();
    await page.getByRole("menuitem", { name: "Lock now" }).click();
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Unlock" }).click();
    await page.getByRole("row", { name: /holiday film/ }).waitFor();
    expect(await panel().count()).toBe(0);
  });
});

describe("all of it", () => {
  it("was without a violation of the policy and without an error of the program", () => {
    expect(alice.complaints).toEqual([]);
  });
});
