import { MassDeletionError } from "@excalibur/sdk";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Device, World } from "../src/index.ts";

afterEach(() => void vi.useRealTimers());

/** So many folders in one that is made for them. */
async function furnish(device: Device, folder: string, count: number): Promise<void> {
  const { files } = await device.drive;
  const paths = Array.from({ length: count }, (_, index) => [folder, String(index).padStart(3, "0")]);
  await files.makeTree(files.rootId, paths);
}

/** Moves the n-th to the m-th of them to the trash, in one step. */
async function trashSome(device: Device, folder: string, [from, to]: readonly [number, number]): Promise<void> {
  const { files } = await device.drive;
  const { items } = await files.list(await files.resolveFolder(folder));
  const sorted = [...items].sort((a, b) => a.name.localeCompare(b.name));
  await files.trash(sorted.slice(from, to));
}

const refused = expect.objectContaining({ code: "mass_deletion" });

describe("a device that is about to delete much within a minute", () => {
  it("stops before more than a hundred items, everything in folders counted, and does it when it is meant", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    await furnish(laptop, "full", 100);
    await furnish(laptop, "rest", 500);
    const { files } = await laptop.drive;
    const full = await laptop.find("/full");
    await expect(files.trash([full])).rejects.toThrow(MassDeletionError);
    expect(await laptop.names("/")).toEqual(["full", "rest"]);
    expect(await laptop.names("/full")).toHaveLength(100);
    await files.trash([full], { massDeletion: "meant" });
    expect(await laptop.names("/")).toEqual(["rest"]);

    // What was meant does not count against what comes next; what is deleted for good counts like what is thrown away.
    await trashSome(laptop, "/rest", [0, 1]);
    const trashed = (await laptop.trashed()).get("full")!;
    await expect(files.deleteForGood([trashed])).rejects.toEqual(refused);
    expect(await files.list(trashed.childId)).toMatchObject({ items: { length: 100 } });
    await files.deleteForGood([trashed], { massDeletion: "meant" });
    expect([...(await laptop.trashed()).keys()]).toEqual(["000"]);
  });

  it("counts what it did just before, also as another process, and forgets it after a minute", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await furnish(alice.laptop, "many", 600);
    // Time stands still, so that a slow machine deletes within the minute, too.
    const nowMs = Date.now();
    vi.useFakeTimers({ toFake: ["Date"], now: nowMs });
    await trashSome(alice.laptop, "/many", [0, 60]);
    const laptop = await world.restartDevice(alice.laptop);
    await trashSome(laptop, "/many", [0, 40]);
    await expect(trashSome(laptop, "/many", [0, 1])).rejects.toEqual(refused);
    expect(await laptop.names("/many")).toHaveLength(500);
    // Another device has deleted nothing yet.
    await alice.phone.catchUp();
    await trashSome(alice.phone, "/many", [0, 1]);
    await laptop.catchUp();

    vi.setSystemTime(nowMs + 59_000);
    await expect(trashSome(laptop, "/many", [0, 1])).rejects.toEqual(refused);
    vi.setSystemTime(nowMs + 60_000);
    await trashSome(laptop, "/many", [0, 1]);
    expect(await laptop.names("/many")).toHaveLength(498);
  });

  it("stops at a fifth of a small drive, but lets a handful go", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    await furnish(laptop, "small", 5);
    await trashSome(laptop, "/small", [0, 5]);
    await furnish(laptop, "small", 80);
    // With the folder, and those in the trash: 86 items.
    await trashSome(laptop, "/small", [0, 14]);
    await expect(trashSome(laptop, "/small", [0, 1])).rejects.toMatchObject({
      details: { deleted: 20, limit: "share" },
    });
    await furnish(laptop, "more", 14);
    await trashSome(laptop, "/small", [0, 1]);
  });

  it("asks on a terminal, and without one refuses, exit code 1, with nothing half done", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { home } = alice.laptop;
    await furnish(alice.laptop, "a", 60);
    await furnish(alice.laptop, "b", 60);
    const run = await world.runCli(home, ["rm", "/a", "/b", "--json"]);
    expect([run.exitCode, run.stdout]).toEqual([1, ""]);
    expect(JSON.parse(run.stderr)).toMatchObject({
      error: { code: "mass_deletion", message: expect.stringContaining("--yes") },
    });
    await alice.phone.catchUp();
    expect(await alice.phone.names("/")).toEqual(["a", "b"]);

    expect((await world.runCli(home, ["rm", "--yes", "/a", "/b"])).exitCode).toBe(0);
    const emptied = await world.runCli(home, ["trash", "empty"]);
    expect([emptied.exitCode, emptied.stderr]).toEqual([1, expect.stringContaining("(mass_deletion)")]);
    expect((await world.runCli(home, ["trash", "empty", "--yes", "--json"])).stdout).toContain('"deleted":2');
    await alice.phone.catchUp();
    expect(await alice.phone.names("/")).toEqual([]);
    expect([...(await alice.phone.trashed()).keys()]).toEqual([]);
  }, 60_000);
});
