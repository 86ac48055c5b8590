import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { count, IS_LONG } from "../../../scripts/test/long-mode.ts";
import { seededRandom } from "../storage/testing/busy-run.ts";
import type { Fate } from "../storage/testing/simulated-disk.ts";
import { testDialect } from "../testing/index.ts";
import type { OpaqueObject } from "../testing/opaque-object.ts";
import { RecordedDisk } from "../testing/recorded-disk.ts";
import { idsOf, openStoredData, readableObjects, restoreInto, type StoredData } from "../testing/stored-data.ts";
import { BackupError, verifyBackup } from "./index.ts";

const SEED = Number(process.env["EXCALIBUR_SEED"] ?? 1);
/** One moment in so many, of those at which something is done. */
const EVERY_NTH = IS_LONG ? 3 : testDialect === "sqlite" ? 23 : 60;

/** Every way of losing what is not synced. */
function fatesAt(moment: number): (() => Fate)[] {
  const random = seededRandom(SEED + moment);
  const any = (): Fate => (["lost", "torn", "kept"] as const)[Math.floor(random() * 3)] ?? "lost";
  return IS_LONG ? [() => "lost", () => "torn", () => "kept", any, any] : [any];
}

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "excalibur-test-"));
});
afterAll(() => rm(place, { recursive: true, force: true }));
let folders = 0;

/** What a cut left, in a folder that is gone afterwards. */
async function afterCut<T>(
  { disk, moment, fate }: { readonly disk: RecordedDisk; readonly moment: number; readonly fate: () => Fate },
  look: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = join(place, `${++folders}`);
  try {
    await disk.putAfterCut(moment, fate, folder);
    return await look(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function cutOften(disk: RecordedDisk, look: (folder: string, when: string, moment: number) => Promise<void>) {
  let cuts = 0;
  const { now } = disk.simulated;
  for (let moment = now; moment >= disk.begun; moment -= EVERY_NTH) {
    for (const [way, fate] of fatesAt(moment).entries()) {
      cuts += 1;
      await afterCut({ disk, moment, fate }, (folder) =>
        look(folder, `moment ${moment} of ${now}, way ${way}`, moment),
      );
    }
  }
  return cuts;
}

const lost = (): Fate => "lost";

describe(`a power cut while ${testDialect} is backed up`, () => {
  interface Recorded {
    readonly data: StoredData;
    readonly disk: RecordedDisk;
    readonly snapshot: string;
    /** The moment before the second backup. */
    readonly begun: number;
    readonly first: string;
  }

  /** One backup that is there, and a second one with more, recorded. */
  async function recordBackup(ignoreSync?: (path: string) => boolean): Promise<Recorded> {
    const data = await openStoredData();
    await data.store(3000);
    await data.store(40_000, "file");
    const disk = await RecordedDisk.of(data.beside, ignoreSync === undefined ? {} : { ignoreSync });
    const { snapshot: first } = await data.backUp({ disk: disk.port });
    const begun = disk.simulated.now;
    await data.store(2000);
    await data.store(50_000, "file");
    const { snapshot } = await data.backUp({ disk: disk.port });
    return { data, disk, snapshot, begun, first };
  }

  /** Backups that are listed, each of which has to be whole. */
  async function wholeBackups(target: string): Promise<string[]> {
    const snapshots = join(target, "snapshots");
    const names = existsSync(snapshots) ? await readdir(snapshots) : [];
    const listed = names.filter((name) => !name.endsWith(".unfinished")).sort();
    for (const snapshot of listed) await verifyBackup({ target, snapshot });
    return listed;
  }

  it("at any moment leaves every listed backup whole, says of an unfinished one that it is none, and the next one needs no repair", async ({
    task,
  }) => {
    const { data, disk, begun, first, snapshot } = await recordBackup();
    await using _ = data;
    const cuts = await cutOften(disk, async (folder, when, moment) => {
      const target = join(folder, "backups");
      const before = await wholeBackups(target).catch((error: unknown) => {
        throw new Error(when, { cause: error });
      });
      if (moment >= begun) expect(before, when).toContain(first);
      const next = await data.backUp({ target });
      expect(await wholeBackups(target), when).toEqual([...before, next.snapshot]);
    });
    count(task, { "power cuts of backups": cuts });
    // What is done is there, whatever no sync covers.
    const done = await afterCut({ disk, moment: disk.simulated.now, fate: lost }, (folder) =>
      wholeBackups(join(folder, "backups")),
    );
    expect(done).toEqual([first, snapshot]);
  });

  const SYNCS: [string, RegExp][] = [
    ["a manifest", /\/manifest\.jsonl$/],
    ["the copy of the database", /\/database\.(sqlite|rows)$/],
    ["the secrets", /\/secrets\.json\.part$/],
    ["objects", /\/objects\/(large|packs)\/.*\.part$/],
    ["names of objects", /\/objects\/(large|packs)\/[^/]*$/],
    ["names in a backup", /\.unfinished$/],
    ["names of backups", /\/snapshots$/],
  ];

  // They are the same for both databases, but for the copy of it: every day on one.
  it.each(IS_LONG || testDialect === "sqlite" ? SYNCS : SYNCS.filter(([what]) => what === "the copy of the database"))(
    "needs each sync: without that of %s it loses a backup",
    async (_, path) => {
      const { data, disk, first, snapshot } = await recordBackup((synced) => path.test(synced));
      await using _data = data;
      const moment = disk.simulated.now;
      const left = await afterCut({ disk, moment, fate: lost }, (folder) =>
        wholeBackups(join(folder, "backups")).catch((error: unknown) => error),
      );
      if (Array.isArray(left)) expect(left).not.toEqual([first, snapshot]);
      else expect(left).toBeInstanceOf(BackupError);
    },
  );
});

describe(`a power cut while a backup of ${testDialect} is restored`, () => {
  const OLD = "the only copy";

  async function recordRestore(ignoreSync?: (path: string) => boolean) {
    const data = await openStoredData();
    const objects = [await data.store(3000), await data.store(40_000, "file")];
    await data.backUp();
    const room = await mkdtemp(join(place, "room-"));
    const live = join(room, "live");
    await mkdir(live);
    await writeFile(join(live, "photo.jpg"), OLD);
    const disk = await RecordedDisk.of(room, ignoreSync === undefined ? {} : { ignoreSync });
    await restoreInto(data, live, { moveOldDataAside: true, disk: disk.port });
    return { data, disk, objects };
  }

  /** What has the name of data is either what was there or what was restored, whole; and what was there is somewhere. */
  async function expectSound(room: string, objects: readonly OpaqueObject[], when: string): Promise<boolean> {
    const names = await readdir(room);
    const old = names.filter((name) => existsSync(join(room, name, "photo.jpg")));
    expect(old, when).toEqual([expect.stringMatching(/^live($|\.before-restore-)/)]);
    expect(await readFile(join(room, old[0] as string, "photo.jpg"), "utf8"), when).toBe(OLD);
    const isRestored = names.includes("live") && old[0] !== "live";
    if (isRestored) expect(await readableObjects(join(room, "live"), objects), when).toEqual(idsOf(objects));
    return isRestored;
  }

  it("at any moment leaves the old data or the restored, whole, and never loses the old", async ({ task }) => {
    const { data, disk, objects } = await recordRestore();
    await using _ = data;
    let restored = 0;
    const cuts = await cutOften(disk, async (room, when) => {
      if (await expectSound(room, objects, when)) restored += 1;
    });
    expect(restored).toBeGreaterThan(0);
    count(task, { "power cuts of restores": cuts });
    // What is done is there, whatever no sync covers.
    const moment = disk.simulated.now;
    expect(await afterCut({ disk, moment, fate: lost }, (room) => expectSound(room, objects, "done"))).toBe(true);
  });
});
