import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { passwordOf } from "@excalibur/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
});

afterAll(async () => {
  await alice?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
  await rm(local, { recursive: true, force: true });
});

const panelOf = ({ page }: Window) => page.getByRole("region", { name: "Transfers" });
const panel = () => panelOf(alice);

describe("a whole folder", () => {
  it("goes up with everything in it; once it is there it is asked about, and so are its files, while others go on", async () => {
    const { page } = alice;
    const name = fresh("Holiday");
    const folder = join(local, name);
    await mkdir(join(folder, "Raw"), { recursive: true });
    await writeFile(join(folder, "beach.jpg"), "beach");
    await writeFile(join(folder, "Raw/beach.dng"), "raw beach");
    await page.getByLabel("Upload a folder").setInputFiles(folder);
    await panel().getByText("Everything is there").waitFor();
    await page.getByRole("row", { name: new RegExp(`^${name}`) }).dblclick();
    await page.getByRole("row", { name: /beach\.jpg/ }).waitFor();
    await page.getByRole("row", { name: /^Raw/ }).dblclick();
    await page.getByRole("row", { name: /beach\.dng.*9 bytes/ }).waitFor();
    await page.getByRole("link", { name: "My files" }).first().click();

    await writeFile(join(folder, "beach.jpg"), "a better beach");
    await page.getByLabel("Upload a folder").setInputFiles(folder);
    await page.getByRole("heading", { name: `A folder “${name}” is there already` }).waitFor();
    const other = { name: `${fresh("other")}.txt`, mimeType: "", buffer: Buffer.from("x") };
    await page.getByLabel("Upload files").setInputFiles([other]);
    await panel().getByText("Stored").first().waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "Merge" }).click();
    await page.getByRole("heading", { name: /“beach\.(jpg|dng)” is there already/ }).waitFor();
    await page.getByText("Do the same with all others like it").click();
    await page.getByRole("button", { name: "Replace" }).click();
    await panel().getByText("Everything is there").waitFor();
    await page.getByRole("row", { name: new RegExp(`^${name}`) }).dblclick();
    await page.getByRole("row", { name: /beach\.jpg.*14 bytes/ }).waitFor();
    expect(await page.getByRole("row", { name: /beach/ }).count()).toBe(1);
  });
});

describe("what does not fit", () => {
  it("is said before anything is sent, and nothing is when nobody wants it", async () => {
    const { page, asked } = alice;
    const { database } = world.world.server.context;
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
  it("of 16 MiB is stopped, goes on, and is what it was", async () => {
    const { page, context } = alice;
    const name = `${fresh("film")}.mp4`;
    const place = join(local, name);
    const bytes = randomBytes(16 * 1024 * 1024);
    await writeFile(place, bytes);
    // Some parts do not arrive before it is stopped, so that it cannot be done by then.
    const letThrough = await holdBack(context, /\/parts\/[2-9]$/);
    await page.getByLabel("Upload files").setInputFiles(place);
    await panel().getByRole("progressbar", { name }).waitFor();
    await panel().getByRole("button", { name: "Pause" }).click();
    await panel().getByText("Paused").first().waitFor();
    await letThrough();
    await panel().getByRole("button", { name: "Go on" }).click();
    await panel().getByText("Everything is there").waitFor();
    const coming = page.waitForEvent("download");
    await page.getByRole("row", { name: new RegExp(`^${name}`) }).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Download" }).click();
    const hash = createHash("sha256");
    for await (const piece of await (await coming).createReadStream()) hash.update(piece);
    expect(hash.digest("hex")).toBe(createHash("sha256").update(bytes).digest("hex"));
  });
});

describe("a reload in the middle of an upload", () => {
  it("is offered to go on, takes the same file only, and sends nothing twice", async () => {
    // A browser of its own: what was begun in it, and by a first try, is known to no other.
    await using window = await world.enter("alice");
    const { page, context } = window;
    const panel = () => panelOf(window);
    const name = `${fresh("holiday film")}.mp4`;
    const place = join(local, name);
    await writeFile(place, randomBytes(16 * 1024 * 1024));
    const sent: string[] = [];
    context.on("request", (request) => {
      const [, part] = /\/parts\/(\d+)/.exec(request.url()) ?? [];
      if (part !== undefined && request.method() === "PUT") sent.push(part);
    });
    page.on("dialog", (dialog) => void dialog.accept());
    // Two parts arrive, the others never do.
    const letThrough = await holdBack(context, /\/parts\/[2-9]/);
    const arrived = [0, 1].map((part) => page.waitForResponse(new RegExp(`/parts/${part}`)));
    await page.getByLabel("Upload files").setInputFiles(place);
    await Promise.all(arrived);
    await panel()
      .getByText(/^8\.\d+ MB of 16\.8 MB$/)
      .waitFor();
    await page.reload();
    await letThrough();
    await panel().getByText("1 upload was interrupted").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await panel()
      .getByLabel(`go on with ${name}`)
      .and(page.locator("input"))
      .setInputFiles([{ name, mimeType: "", buffer: Buffer.alloc(9) }]);
    await panel()
      .getByText(/That is another file/)
      .waitFor();
    sent.length = 0;
    await panel().getByLabel(`go on with ${name}`).and(page.locator("input")).setInputFiles(place);
    await panel().getByText("Everything is there").waitFor();
    expect(sent.length).toBeGreaterThanOrEqual(2);
    expect(sent.filter((part) => Number(part) < 2)).toEqual([]);
    await page.getByRole("row", { name: new RegExp(`^${name}`) }).waitFor();
    expect(window.complaints).toEqual([]);
  });
});

describe("a drive that is locked", () => {
  it("leaves no name of a file in the window for whoever comes next", async () => {
    const { page } = alice;
    await goTo(page, `${world.origin}/files`);
    const secret = { name: "a secret.txt", mimeType: "text/plain", buffer: Buffer.from("x") };
    await page.getByLabel("Upload files").setInputFiles([secret]);
    await panel().getByText(secret.name).waitFor();
    await panel().getByText("Everything is there").waitFor();
    await page.getByRole("button", { name: "Account: alice" }).click();
    await page.getByRole("menuitem", { name: "Lock now" }).click();
    await page.getByLabel("Password", { exact: true }).fill(passwordOf("alice"));
    await page.getByRole("button", { name: "Unlock" }).click();
    await page.getByRole("row", { name: /^a secret/ }).waitFor();
    expect(await panel().count()).toBe(0);
  });
});

describe("all of it", () => {
  it("was without a violation of the policy and without an error of the program", () => {
    expect(alice.complaints).toEqual([]);
  });
});
