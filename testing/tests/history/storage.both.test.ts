import { writeFile } from "node:fs/promises";
import { Breakdown } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { type Device, sampleBytes, World } from "../../src/index.ts";
import { DAY_MS, TimeTravel, tidyServer } from "./time-travel.suite.ts";

const KIB = 1024;

async function storageOf(device: Device) {
  const use = await (await device.account).storage();
  const { currentBytes, versionsBytes, trashBytes, deletedBytes, unfinishedBytes, otherBytes } = use;
  // Every byte stands under one heading.
  const sum = currentBytes + versionsBytes + trashBytes + deletedBytes + unfinishedBytes + otherBytes;
  expect(sum).toBe(use.usedBytes);
  return use;
}

describe("what counts against a quota", () => {
  it("is told apart: files, versions, trash, what was deleted and is kept; and becomes free when that is over", async () => {
    const time = new TimeTravel();
    await using world = await World.start(time.world);
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    time.set(laptop);
    const before = await storageOf(laptop);
    expect(before).toMatchObject({ usedBytes: 0, deletedBytes: 0, nextFreeMs: null, retentionMs: 30 * DAY_MS });
    for (const [path, size] of [
      ["/file", 100],
      ["/versioned", 200],
      ["/versioned", 210],
      ["/trashed", 300],
    ] as const) {
      await laptop.write(path, sampleBytes(size * KIB, size), { onConflict: "replace" });
    }
    await laptop.copy("/file", { folder: "/", name: "copy" });
    await laptop.trash("/trashed");
    const use = await storageOf(laptop);
    expect(use.currentBytes).toBeGreaterThan(310 * KIB);
    expect(use.versionsBytes).toBeGreaterThan(200 * KIB);
    expect(use.trashBytes).toBeGreaterThan(300 * KIB);
    // A copy adds nothing, and each byte of the files as they are has a kind.
    const breakdown = new Breakdown(({ name }) => (name === "versioned" ? "one" : "two"));
    await (await laptop.account).storage({ onItem: (item, addedBytes) => breakdown.look(item, addedBytes) });
    const { kinds } = breakdown;
    expect(kinds.map(({ kind, files }) => [kind, files])).toEqual([
      ["one", 1],
      ["two", 2],
    ]);
    expect(kinds.reduce((total, { sizeBytes }) => total + sizeBytes, 0)).toBe(use.currentBytes);
    expect([use.currentBytes, use.versionsBytes, use.trashBytes].every((bytes) => bytes < 340 * KIB)).toBe(true);

    const { files } = await laptop.drive;
    await files.deleteForGood([...(await laptop.trashed()).values()]);
    const deleted = await storageOf(laptop);
    expect(deleted).toMatchObject({ usedBytes: use.usedBytes, trashBytes: 0, deletedBytes: use.trashBytes });
    expect(Math.abs(deleted.nextFreeMs! - time.nowMs() - 30 * DAY_MS)).toBeLessThan(DAY_MS);
    time.pass(29 * DAY_MS);
    await tidyServer(world);
    expect((await storageOf(laptop)).deletedBytes).toBe(use.trashBytes);
    time.pass(2 * DAY_MS);
    await tidyServer(world);
    expect(await storageOf(laptop)).toMatchObject({
      usedBytes: use.usedBytes - use.trashBytes,
      deletedBytes: 0,
      nextFreeMs: null,
    });
  });

  it("is told with the refusal: what emptying would free, and when", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    await laptop.write("/removed", sampleBytes(300 * KIB, 1));
    await laptop.trash("/removed");
    await world.server.context.database.write((tx) =>
      tx
        .updateTable("accounts")
        .set({ quota_bytes: 400 * KIB })
        .where("name", "=", "alice")
        .execute(),
    );
    const folder = await world.localFolder("here");
    await writeFile(`${folder}/large`, sampleBytes(200 * KIB, 2));
    const put = await world.runCli(laptop.home, ["put", `${folder}/large`, "/"]);
    expect(put.exitCode).toBe(1);
    expect(put.stderr).toContain("(quota_exceeded)");
    expect(put.stderr).toMatch(/Emptying the trash frees 3\d\d KiB, 30 days after\./);
    const shown = await world.runCli(laptop.home, ["storage"]);
    expect(shown.stdout).toMatch(/^Trash +3\d\d KiB$/m);
    expect(shown.stdout).toMatch(/^Together +3\d\d KiB, of 400 KiB$/m);
  });
});
