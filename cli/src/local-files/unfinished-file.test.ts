import { link, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import type { LocalSink } from "./local-sink.ts";
import { PlaceThread } from "./place-thread.ts";
import { TargetFolder } from "./target-folder.ts";

const placement = { modifiedMs: 1_234_567_890_123, onConflict: "fail" } as const;
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

let base: string;
let folder: string;
let target: TargetFolder;
const thread = new PlaceThread();

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "excalibur-unfinished-"));
  folder = join(base, "target");
  await mkdir(folder);
  target = await TargetFolder.open(folder, thread);
});
afterEach(() => rm(base, { recursive: true, force: true }));
afterAll(() => thread.close());

async function openSink(): Promise<LocalSink> {
  return await target.openSink("film", placement);
}

/** What a program leaves that ended in the middle. */
async function leftBehind(content: string): Promise<{ ticket: string; path: string }> {
  const sink = await openSink();
  const ticket = sink.resumable.newTicket();
  await sink.resumable.begin(ticket);
  await sink.write(text(content));
  await sink.resumable.leave();
  // Whoever had it open has nothing to clean up any more.
  await sink.abort();
  const [name] = await readdir(folder);
  return { ticket, path: join(folder, name!) };
}

it("goes on where another one left it, cuts off what is behind, and gets its name", async () => {
  const { ticket } = await leftBehind("verified, torn");
  const sink = await openSink();
  expect(await sink.resumable.takeOver(ticket)).toBe(14);
  const found = new Uint8Array(20);
  expect(await sink.resumable.read(3, found)).toBe(11);
  expect(found.subarray(0, 11)).toEqual(text("ified, torn"));
  await sink.resumable.goOnAt(8);
  await sink.write(text(" and"));
  await sink.write(text(" on"));
  await sink.finish();
  expect(await readdir(folder)).toEqual(["film"]);
  expect(await readFile(join(folder, "film"), "utf8")).toBe("verified and on");
});

it("is told by its place, not by the name that it gets", async () => {
  const [one, other] = [await openSink(), await target.openSink("other", placement)];
  expect(one.resumable.place).toBe((await openSink()).resumable.place);
  expect(one.resumable.place).not.toBe(other.resumable.place);
});

it("is not taken over while somebody writes it, be it another program or this one", async () => {
  const writing = await openSink();
  const ticket = writing.resumable.newTicket();
  await writing.resumable.begin(ticket);
  const sink = await openSink();
  expect(await sink.resumable.takeOver(ticket)).toBeUndefined();
  await writing.resumable.leave();
  expect(await sink.resumable.takeOver(ticket.replace(/^\d+/, String(process.ppid)))).toBeUndefined();
  expect(await sink.resumable.takeOver(ticket)).toBe(0);
  await sink.abort();
  expect(await readdir(folder)).toEqual([]);
});

it("is not taken over when something else has its name, which stays as it is", async () => {
  const { ticket, path } = await leftBehind("bytes");
  const outside = join(base, "outside");
  await writeFile(outside, "of somebody else");
  await rm(path);
  expect(await (await openSink()).resumable.takeOver(ticket)).toBeUndefined();
  await symlink(outside, path);
  expect(await (await openSink()).resumable.takeOver(ticket)).toBeUndefined();
  await rm(path);
  await link(outside, path);
  expect(await (await openSink()).resumable.takeOver(ticket)).toBeUndefined();
  await rm(path);
  await mkdir(path);
  expect(await (await openSink()).resumable.takeOver(ticket)).toBeUndefined();
  expect(await readFile(outside, "utf8")).toBe("of somebody else");
});

it("is neither begun, taken over nor removed in a folder that was exchanged, nor under a name that is not ours", async () => {
  const { ticket } = await leftBehind("bytes");
  const sink = await openSink();
  const isOther = expect.objectContaining({ message: expect.stringContaining("none of ours") });
  await expect(sink.resumable.discard("1/../../outside")).rejects.toEqual(isOther);
  await expect(sink.resumable.takeOver("1/film")).rejects.toEqual(isOther);
  await rename(folder, join(base, "moved"));
  await mkdir(folder);
  const isMoved = expect.objectContaining({ code: "local_moved" });
  await expect(sink.resumable.begin(ticket)).rejects.toEqual(isMoved);
  await expect(sink.resumable.takeOver(ticket)).rejects.toEqual(isMoved);
  await expect(sink.resumable.discard(ticket)).rejects.toEqual(isMoved);
  expect(await readdir(join(base, "moved"))).toHaveLength(1);
});

it("of a version that is gone is removed", async () => {
  const { ticket } = await leftBehind("bytes");
  await (await openSink()).resumable.discard(ticket);
  expect(await readdir(folder)).toEqual([]);
});
