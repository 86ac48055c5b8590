import { afterAll, describe, expect, it } from "vitest";
import { amount, count, IS_LONG } from "../../../../scripts/test/long-mode.ts";
import { brokenPromises, openSmallStore, runBusily, seededRandom } from "../testing/busy-run.ts";
import { busyDisk, busyRunOn, CUT_SCENARIOS, renamedWithoutSync } from "../testing/cut-scenarios.ts";
import { faultyDisk } from "../testing/faulty-disk.ts";
import { type Fate, SimulatedDisk } from "../testing/simulated-disk.ts";
import { layoutOf } from "./layout.ts";

const timeoutMs = IS_LONG ? 1_800_000 : 60_000;
const seeds = Array.from({ length: amount({ everyday: 4, long: 100 }) }, (_, n) => n + 1);
const layout = layoutOf("/data/objects");

/** Every way of losing what is not synced, from the harshest on. */
function fates(seed: number): (() => Fate)[] {
  const random = seededRandom(seed);
  const any = (): Fate => (["lost", "torn", "kept"] as const)[Math.floor(random() * 3)] ?? "lost";
  return [() => "lost", () => "torn", () => "kept", any, any];
}

interface Cuts {
  readonly cuts: number;
  /** Promises that were broken by them. */
  readonly lost: number;
}

type Broken = (moment: number, fate: () => Fate) => Promise<number>;

/** Cuts the power at one in so many moments, in every way that is known. */
async function cutOften(disk: SimulatedDisk, everyNth: number, broken: Broken): Promise<Cuts> {
  let [cuts, lost] = [0, 0];
  for (let moment = disk.now; moment >= 0; moment -= everyNth) {
    for (const fate of fates(moment)) {
      cuts += 1;
      lost += await broken(moment, fate);
    }
  }
  return { cuts, lost };
}

describe("a power cut", { timeout: timeoutMs }, () => {
  // Not every run comes to rewrite a pack; that some do is what counts.
  let moved = 0;
  afterAll(() => expect(moved).toBeGreaterThan(0));

  it.for(seeds)("at any moment loses nothing that was acknowledged (seed %i)", async (seed, { task }) => {
    const { disk, run } = await busyDisk(seed);
    expect(run.failures).toEqual([]);
    expect(run.promised.length).toBeGreaterThan(20);
    moved += run.moved;
    const broken: Broken = async (moment, fate) =>
      (await brokenPromises(disk.afterPowerCut(moment, fate), run.promised, moment)).length;
    const { cuts, lost } = await cutOften(disk, IS_LONG ? 1 : 7, broken);
    expect(lost).toBe(0);
    count(task, { "power cuts of the store": cuts });
  });

  it.for(Object.entries(CUT_SCENARIOS))(
    "at any moment loses nothing that was acknowledged: %s",
    async ([, scenario], { task }) => {
      const { disk, broken } = await scenario({});
      const { cuts, lost } = await cutOften(disk, IS_LONG || disk.now < 200 ? 1 : 9, broken);
      expect(lost).toBe(0);
      count(task, { "power cuts of the store": cuts });
    },
  );

  it("that keeps both names of a renamed file leaves the sealed object out of reach of writes", async () => {
    const { disk, id, bytes } = await renamedWithoutSync({});
    await disk.openFile(layout.stagedPath(id), "new").then((file) => file.close());
    const staged = await (await openSmallStore(disk)).openStaged(id, bytes.length);
    expect(staged.sealed).toBe(true);
    expect(await disk.fileStatus(layout.stagedPath(id))).toBeUndefined();
  });
});

describe("a failing disk", { timeout: timeoutMs }, () => {
  for (const code of ["ENOSPC", "EIO", "EROFS"]) {
    it(`answers ${code} with typed errors, acknowledges nothing that is not durable, and goes on`, async ({ task }) => {
      const calls = await countCalls();
      for (let failing = 1; failing <= calls; failing += IS_LONG ? 1 : 5) {
        count(task, { "failing disks": 1 });
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
