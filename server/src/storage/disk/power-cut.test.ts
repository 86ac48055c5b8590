import { afterAll, describe, expect, it } from "vitest";
import { type BusyRun, brokenPromises, openSmallStore, runBusily, seededRandom } from "../testing/busy-run.ts";
import { faultyDisk } from "../testing/faulty-disk.ts";
import { type Fate, SimulatedDisk, type SimulatedDiskOptions } from "../testing/simulated-disk.ts";
import { someObject } from "../testing/some-objects.ts";
import { layoutOf } from "./layout.ts";

const long = process.env["EXCALIBUR_LONG"] === "1";
const timeoutMs = long ? 600_000 : 60_000;
const seeds = Array.from({ length: long ? 100 : 4 }, (_, n) => n + 1);
const layout = layoutOf("/data/objects");

function busyRunOn(disk: SimulatedDisk, seed: number): BusyRun {
  return { random: seededRandom(seed), now: () => disk.now, promised: [], failures: [], moved: 0 };
}

async function busyDisk(seed: number, options: SimulatedDiskOptions = {}) {
  const disk = new SimulatedDisk({ random: seededRandom(seed), ...options });
  const run = busyRunOn(disk, seed);
  const store = await openSmallStore(disk);
  await runBusily(store, run, 6);
  return { disk, run, store };
}

/** Every way of losing what is not synced, from the harshest on. */
function fates(seed: number): (() => Fate)[] {
  const random = seededRandom(seed);
  const any = (): Fate => (["lost", "torn", "kept"] as const)[Math.floor(random() * 3)] ?? "lost";
  return [() => "lost", () => "torn", () => "kept", any, any];
}

async function promisesLost(disk: SimulatedDisk, run: BusyRun, everyNth: number): Promise<number> {
  let lost = 0;
  for (let moment = disk.now; moment >= 0; moment -= everyNth) {
    for (const fate of fates(moment)) {
      lost += (await brokenPromises(disk.afterPowerCut(moment, fate), run.promised, moment)).length;
    }
  }
  return lost;
}

describe("a power cut", { timeout: timeoutMs }, () => {
  // Not every run comes to rewrite a pack; that some do is what counts.
  let moved = 0;
  afterAll(() => expect(moved).toBeGreaterThan(0));

  it.each(seeds)("at any moment loses nothing that was acknowledged (seed %i)", async (seed) => {
    const { disk, run } = await busyDisk(seed);
    expect(run.failures).toEqual([]);
    expect(run.promised.length).toBeGreaterThan(20);
    moved += run.moved;
    expect(await promisesLost(disk, run, long ? 1 : 7)).toBe(0);
  });

  it("loses nothing when an earlier process died before it synced the folders it had made", async () => {
    const disk = new SimulatedDisk({ random: seededRandom(5) });
    await foldersWithoutSync(disk);
    const run = busyRunOn(disk, 5);
    await runBusily(await openSmallStore(disk), run, 4);
    expect(run.failures).toEqual([]);
    expect(await promisesLost(disk, run, long ? 1 : 9)).toBe(0);
  });

  it("loses no object that was found sealed after a crash and sealed again", async () => {
    const disk = await renamedWithoutSync({});
    expect(
      await brokenPromises(
        disk.disk.afterPowerCut(disk.disk.now, () => "lost"),
        disk.promised,
        disk.disk.now,
      ),
    ).toEqual([]);
  });

  it("that keeps both names of a renamed file leaves the sealed object out of reach of writes", async () => {
    const { disk, id, bytes } = await renamedWithoutSync({});
    await disk.openFile(layout.stagedPath(id), "new").then((file) => file.close());
    const staged = await (await openSmallStore(disk)).openStaged(id, bytes.length);
    expect(staged.sealed).toBe(true);
    expect(await disk.fileStatus(layout.stagedPath(id))).toBeUndefined();
  });
});

describe("each sync is needed: without it a power cut does lose something", () => {
  const inUse: [string, (path: string) => boolean][] = [
    ["of a staged file's bytes", (path) => path.startsWith(layout.stagingDirectory)],
    ["of a pack's bytes", (path) => path.endsWith(".pack")],
    ["of a pack's name", (path) => path === layout.packsDirectory],
    ["of a large object's name", (path) => path.startsWith(`${layout.largeDirectory}/`)],
    ["of a shard folder's name", (path) => path === layout.largeDirectory],
    ["of the names of the folders", (path) => path === layout.root],
    ["of the objects folder's name", (path) => path === "/data"],
  ];
  it.each(inUse)("%s", async (_, ignoreSync) => {
    const { disk, run } = await busyDisk(1, { ignoreSync });
    const left = disk.afterPowerCut(disk.now, () => "lost");
    expect((await brokenPromises(left, run.promised, disk.now)).length).toBeGreaterThan(0);
  });

  it.each(inUse.slice(-3))("%s, when an earlier process made it", async (_, ignoreSync) => {
    const disk = new SimulatedDisk({ random: seededRandom(5), ignoreSync });
    await foldersWithoutSync(disk);
    const run = busyRunOn(disk, 5);
    await runBusily(await openSmallStore(disk), run, 4);
    const left = disk.afterPowerCut(disk.now, () => "lost");
    expect((await brokenPromises(left, run.promised, disk.now)).length).toBeGreaterThan(0);
  });

  it("of the name of an object that was found sealed", async () => {
    const { disk, promised } = await renamedWithoutSync({
      ignoreSync: (path) => path.startsWith(`${layout.largeDirectory}/`),
    });
    const left = disk.afterPowerCut(disk.now, () => "lost");
    expect(await brokenPromises(left, promised, disk.now)).toHaveLength(1);
  });
});

describe("a failing disk", { timeout: timeoutMs }, () => {
  for (const code of ["ENOSPC", "EIO", "EROFS"]) {
    it(`answers ${code} with typed errors, acknowledges nothing that is not durable, and goes on`, async () => {
      const calls = await countCalls();
      for (let failing = 1; failing <= calls; failing += long ? 1 : 5) {
        const { disk, run } = await runWithFault(failing, code);
        for (const error of run.failures)
          expect(error).toMatchObject({ code: expect.stringMatching(/^(storage|blob)_/u) });
        const left = disk.afterPowerCut(disk.now, () => "lost");
        expect(await brokenPromises(left, run.promised, disk.now)).toEqual([]);
      }
    });
  }

  it("does acknowledge lost bytes if a failed sync is taken lightly: the simulated disk forsakes what it covered", async () => {
    const disk = new SimulatedDisk();
    const file = await disk.openFile("/data/file", "new");
    await disk.syncDirectory("/data");
    await file.write([Uint8Array.of(1, 2, 3)], 0);
    disk.forsake("/data/file");
    await file.datasync();
    expect(await disk.afterPowerCut(disk.now, () => "lost").fileStatus("/data/file")).toMatchObject({ sizeBytes: 0 });
  });
});

async function foldersWithoutSync(disk: SimulatedDisk): Promise<void> {
  const { root, stagingDirectory, packsDirectory, largeDirectory } = layout;
  for (const path of [root, stagingDirectory, packsDirectory, largeDirectory]) await disk.makeDirectory(path);
  for (let shard = 0; shard < 256; shard++) {
    await disk.makeDirectory(layout.shardPath(shard.toString(16).padStart(2, "0")));
  }
}

/** A process died after it had renamed a sealed object and before it synced the name; the next one seals it again. */
async function renamedWithoutSync(options: SimulatedDiskOptions) {
  const disk = new SimulatedDisk(options);
  const { id, bytes } = someObject(2000);
  const dying = await openSmallStore(
    faultyDisk(disk, {
      decide: ({ operation, path }) =>
        (operation === "syncDirectory" && path === layout.shardOf(id)) || operation === "unlink" ? "EIO" : undefined,
    }),
  );
  const staged = await dying.openStaged(id, bytes.length);
  await staged.writeAt(0, [bytes]);
  await expect(staged.seal()).rejects.toMatchObject({ code: "storage_failed" });
  const found = await (await openSmallStore(disk)).openStaged(id, bytes.length);
  expect(found.sealed).toBe(true);
  const location = await found.seal();
  const promised = [{ id, bytes, location, promisedAt: disk.now, deletedAt: Number.POSITIVE_INFINITY }];
  return { disk, id, bytes, promised };
}

async function countCalls(): Promise<number> {
  let calls = 0;
  const disk = new SimulatedDisk();
  const counting = faultyDisk(disk, {
    decide: ({ number }) => {
      calls = number;
      return undefined;
    },
  });
  await runBusily(await openSmallStore(counting), busyRunOn(disk, 9), 3);
  return calls;
}

/** The n-th call fails, and so do the nine after it; when the writers are done the disk is well again and the same store goes on. */
async function runWithFault(failing: number, code: string) {
  const disk = new SimulatedDisk({ random: seededRandom(failing) });
  const run = busyRunOn(disk, 9);
  let well = false;
  const faulty = faultyDisk(disk, {
    decide: ({ number }) => (!well && number >= failing && number < failing + 10 ? code : undefined),
    onFailedSync: (path) => disk.forsake(path),
  });
  try {
    const store = await openSmallStore(faulty);
    await runBusily(store, run, 3);
    const before = run.promised.length;
    const failedBefore = run.failures.length;
    well = true;
    await runBusily(store, run, 2);
    expect(run.failures.slice(failedBefore)).toEqual([]);
    expect(run.promised.length).toBeGreaterThan(before);
    await store.close();
    expect(disk.openFileCount).toBe(0);
  } catch (error) {
    if (failing > 20) throw error;
    expect(error).toMatchObject({ code: expect.stringMatching(/^storage_/u) });
  }
  return { disk, run };
}
