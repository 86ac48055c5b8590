import { readdirSync } from "node:fs";
import { cp, mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { amount, count, IS_LONG, LONGEST_MS, spread } from "../../scripts/test/long-mode.ts";
import {
  type Device,
  runServerCli,
  runWatched,
  type ServerPlace,
  type Step,
  Steps,
  sampleBytes,
  seededRandom,
  storyDatabase,
  World,
} from "../src/index.ts";
import { createPostgresDatabase, dropPostgresDatabase, postgresUrl } from "../src/world/database.ts";

const SEED = Number(process.env["EXCALIBUR_SEED"] ?? 1);
/** Steps of each at which it is killed. */
const COLLECTING_AT = amount({ everyday: 1, long: 80 });
const MIGRATING_AT = amount({ everyday: 2, long: 40 });
const DAY_MS = 86_400_000;
const FIXTURE = resolve(import.meta.dirname, "../fixtures/001/data");

/** Where it matters most, for runs that have no time for every step; of these one is chosen by chance. */
const COLLECTING = [
  "after datasync objects/packs/NAME.pack",
  "before update objects",
  "after update objects",
  "before delete objects",
  "before unlink objects/packs/NAME.pack",
];
const MIGRATING = [...(storyDatabase === "sqlite" ? ["before vacuum"] : []), "after insert settings"];

interface Choice {
  readonly names: readonly string[];
  /** In long mode: how many. */
  readonly count: number;
  readonly steps: Steps;
}

/** The named steps; in long mode each step that the work takes, the first times that it does, or as many of them as there is time for. */
async function chosen({ names, count, steps }: Choice, work: () => Promise<void>): Promise<readonly Step[]> {
  if (!IS_LONG) return names.map((name) => ({ name, count: 1 }));
  await steps.watch();
  await work();
  await steps.lookAway();
  const taken = await steps.taken();
  expect(taken.map(({ name }) => name)).toEqual(expect.arrayContaining([...names]));
  const first = taken.filter((step) => step.count <= 3);
  return spread(
    first.toSorted((a, b) => a.count - b.count),
    count,
  );
}

function oneOf(names: readonly string[]): string {
  return names[Math.floor(seededRandom(SEED)() * names.length)] as string;
}

/** Whether everything that rows mean is there, and how much is there that no row means. */
async function check(place: ServerPlace): Promise<{ damagedObjects: number; unnamed: { files: number } }> {
  const { exitCode, stdout } = await runServerCli(place, ["storage", "check", "--json"]);
  expect(exitCode).toBe(0);
  const { jobs } = JSON.parse(stdout) as { jobs: { check: { result: Awaited<ReturnType<typeof check>> } } };
  return jobs.check.result;
}

function tablesIn(sqliteFile: string): number {
  const database = new DatabaseSync(sqliteFile, { readOnly: true });
  try {
    return database.prepare("select name from sqlite_schema where type = 'table'").all().length;
  } finally {
    database.close();
  }
}

function packsOf(world: World): string[] {
  return readdirSync(join(world.serverFolder, "objects/packs"));
}

async function makeOld(folder: string): Promise<void> {
  for (const path of await readdir(folder, { recursive: true })) {
    if ((await stat(join(folder, path))).isFile()) await utimes(join(folder, path), 1, 1);
  }
}

// What it does to the disk is the same with either database: every day once.
if (IS_LONG || storyDatabase === "sqlite") {
  describe(`collecting garbage on ${storyDatabase}`, { timeout: IS_LONG ? LONGEST_MS : 180_000 }, () => {
    /** Packs of which two thirds are not needed any more, and a large file that is not. */
    async function litter(world: World, laptop: Device): Promise<Map<string, Buffer>> {
      const kept = new Map<string, Buffer>();
      for (let pack = 0; pack < 2; pack++) {
        const local = await world.localFolder("files");
        for (let n = 0; n < 12; n++) {
          const bytes = sampleBytes(8_000 + n, pack * 100 + n);
          await writeFile(join(local, `${pack}-${n}`), bytes);
          if (n % 3 === 0) kept.set(`${pack}-${n}`, bytes);
        }
        await laptop.putTree(local, "/");
        await world.restart();
      }
      await laptop.write("/large", sampleBytes(2_000_000, 7));
      const { files } = await laptop.drive;
      const { items } = await files.list(files.rootId);
      const meant = { massDeletion: "meant" } as const;
      await files.trash(
        items.filter(({ name }) => !kept.has(name)),
        meant,
      );
      await files.deleteForGood((await files.listTrash()).items, meant);
      return kept;
    }

    it(`is killed at any step, loses nothing, and comes to its end the next time (seed ${SEED})`, async ({ task }) => {
      // What is thrown away is kept for 30 days.
      await using world = await World.start({ server: { clock: () => Date.now() - 40 * DAY_MS } });
      const { alice } = await world.people("alice");
      const kept = await litter(world, alice.laptop);
      const packs = packsOf(world);
      expect(packs.length).toBeGreaterThanOrEqual(2);
      const before = IS_LONG ? await world.backUp() : undefined;
      await world.stopServer();
      const steps = await Steps.in(join(world.folder, "steps"));
      const collect = () => runWatched(world.serverPlace, ["storage", "gc"], steps);
      const names = IS_LONG ? COLLECTING : [oneOf(COLLECTING)];
      const all = await chosen({ names, count: COLLECTING_AT, steps }, async () => expect(await collect()).toBe(0));
      let kills = 0;
      for (const step of all) {
        const when = `seed ${SEED}: killed ${step.name} (${step.count})`;
        if (before) {
          await world.restore(before);
          await world.stopServer();
        }
        await steps.dieAt(step);
        // Which of several objects comes first is chance, so that one of its steps may not come a third time.
        if ((await collect()) === undefined) kills += 1;
        await steps.lookAway();
        if (IS_LONG) expect((await check(world.serverPlace)).damagedObjects, when).toBe(0);
        await makeOld(join(world.serverFolder, "objects"));
        expect(await collect(), when).toBe(0);
        expect(await check(world.serverPlace), when).toMatchObject({ damagedObjects: 0, unnamed: { files: 0 } });
        await world.startServer();
        await alice.phone.catchUp();
        expect((await alice.phone.names("/")).sort(), when).toEqual([...kept.keys()].sort());
        for (const [name, bytes] of kept) {
          expect((await alice.phone.read(`/${name}`)).equals(bytes), `${when}: ${name}`).toBe(true);
        }
        // Every one of them was half dead.
        expect(
          packs.filter((pack) => packsOf(world).includes(pack)),
          when,
        ).toEqual([]);
        await world.stopServer();
      }
      expect(kills).toBeGreaterThanOrEqual(IS_LONG ? all.length / 2 : 1);
      count(task, { [`kills of a gc on ${storyDatabase}`]: kills });
      await world.startServer();
    });
  });
}

describe(`migrating ${storyDatabase}`, { timeout: IS_LONG ? LONGEST_MS : 120_000 }, () => {
  interface Earlier extends ServerPlace, AsyncDisposable {}

  /** The data folder of an earlier program. On PostgreSQL its database is empty. */
  async function earlierData(): Promise<Earlier> {
    const folder = await mkdtemp(join(tmpdir(), "excalibur-test-"));
    const dataFolder = join(folder, "data");
    await cp(FIXTURE, dataFolder, { recursive: true });
    const database = storyDatabase === "postgres" ? await createPostgresDatabase() : undefined;
    return {
      dataFolder,
      databaseUrl: database === undefined ? undefined : postgresUrl(database),
      [Symbol.asyncDispose]: async () => {
        if (database !== undefined) await dropPostgresDatabase(database);
        await rm(folder, { recursive: true, force: true });
      },
    };
  }

  it(`is killed at any step, and the next time all of it is done (seed ${SEED})`, async ({ task }) => {
    const migrate = ["db", "migrate"];
    const beside = await mkdtemp(join(tmpdir(), "excalibur-test-"));
    try {
      const steps = await Steps.in(join(beside, "steps"));
      const all = await chosen({ names: MIGRATING, count: MIGRATING_AT, steps }, async () => {
        await using data = await earlierData();
        expect(await runWatched(data, migrate, steps)).toBe(0);
      });
      for (const step of all) {
        const when = `seed ${SEED}: killed ${step.name} (${step.count})`;
        await using data = await earlierData();
        await steps.dieAt(step);
        expect(await runWatched(data, migrate, steps), when).toBeUndefined();
        await steps.lookAway();
        expect(await runWatched(data, migrate, steps), when).toBe(0);
        const { stdout } = await runServerCli(data, ["db", "status", "--json"]);
        expect(JSON.parse(stdout), when).toMatchObject({ pending: [] });
        count(task, { [`kills of a migration on ${storyDatabase}`]: 1 });
        if (IS_LONG && storyDatabase === "sqlite") {
          expect(await check(data), when).toMatchObject({ damagedObjects: 0, unnamed: { files: 0 } });
        }
        // A copy that bears its name is whole.
        const copies = (await readdir(data.dataFolder)).filter((name) => name.startsWith("excalibur.sqlite.before-"));
        for (const name of copies) expect(tablesIn(join(data.dataFolder, name)), when).toBeGreaterThan(10);
      }
    } finally {
      await rm(beside, { recursive: true, force: true });
    }
  });
});
