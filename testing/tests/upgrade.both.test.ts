import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type StartOptions, startServer } from "@excalibur/server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { IS_LONG } from "../../scripts/test/long-mode.ts";
import { Device, sampleBytes, storyDatabase } from "../src/index.ts";
import { createPostgresDatabase, dropPostgresDatabase, postgresUrl } from "../src/world/database.ts";
import { runServerCli } from "../src/world/run-cli.ts";

const FIXTURES = resolve(import.meta.dirname, "../fixtures");

interface Fact {
  readonly name: string;
  readonly password: string;
  readonly recoveryWords: string;
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "excalibur-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Facts {
  readonly origin: string;
  readonly people: readonly Fact[];
  /** The address of a link to /Shared, in which Bob is an editor; a program that could not share has none. */
  readonly link?: string;
}

async function factsOf(fixture: string): Promise<Facts> {
  return JSON.parse(await readFile(join(FIXTURES, `${fixture}.people.json`), "utf8")) as Facts;
}

/** Everybody signs in on a new device, gets everything back, and goes on working. */
async function expectEverything(options: StartOptions, { people: [alice, bob], ...facts }: Facts): Promise<void> {
  await using server = await startServer(options);
  const device = async (name: string) => Device.switchOn({ home: join(folder, name), server: server.origin });
  const way = { server: server.origin, deviceName: "tablet", client: "cli" } as const;
  {
    await using tablet = await device("alice");
    tablet.use(await tablet.excalibur.signIn({ ...way, name: alice!.name, password: alice!.password }));
    expect(await tablet.names("/")).toEqual(["Letters", "Photos", ...(facts.link === undefined ? [] : ["Shared"])]);
    expect(await tablet.readText("/Letters/grandmother.txt")).toBe("Dear grandmother, it rained.");
    expect((await tablet.read("/Photos/summer.jpg")).equals(sampleBytes(40_000, 1))).toBe(true);
    expect((await tablet.read("/Photos/winter.jpg")).equals(sampleBytes(30_000, 2))).toBe(true);
    expect([...(await tablet.trashed()).keys()]).toEqual(["thrown-away.txt"]);
    await tablet.write("/Photos/today.jpg", sampleBytes(50_000, 3));
    expect((await tablet.read("/Photos/today.jpg")).equals(sampleBytes(50_000, 3))).toBe(true);
  }
  await using phone = await device("bob");
  const words = { name: bob!.name, words: bob!.recoveryWords, newPassword: "a new password, years later" };
  phone.use(await phone.excalibur.recover({ ...way, ...words }));
  expect(await phone.readText("/bob.txt")).toBe("Bob was here.");
  if (facts.link === undefined) return;
  await phone.write("/Shared/list.txt", "towels, hats", { onConflict: "replace" });
  await using stranger = await device("stranger");
  const address = facts.link.replace(facts.origin, server.origin);
  const visit = await stranger.excalibur.visit({ address, client: "cli" });
  const { items } = await visit.files.list(visit.files.rootId);
  expect(items.map(({ name }) => name).sort()).toEqual(["hats.txt", "list.txt"]);
  await visit.close();
}

describe("data of an earlier program", () => {
  const SCHEMAS = {
    "001": ["001-initial"],
    // Every day the oldest and the newest.
    ...(IS_LONG && { "003": ["001-initial", "002-jobs", "003-seeing"] }),
    ...(IS_LONG && { "004": ["001-initial", "002-jobs", "003-seeing", "004-sharing"] }),
    "008": [
      ...["001-initial", "002-jobs", "003-seeing", "004-sharing"],
      ...["005-past-identities", "006-requests", "007-links", "008-claims"],
    ],
  };

  it.each(Object.entries(SCHEMAS))(
    "%s is opened by today's program, which copies the database before it changes it",
    async (schema, names) => {
      // The folder has its database in it.
      if (storyDatabase === "postgres") return;
      const dataFolder = join(folder, "data");
      await cp(join(FIXTURES, schema, "data"), dataFolder, { recursive: true });
      const status = await runServerCli({ dataFolder }, ["db", "status", "--json"]);
      const { applied, pending } = JSON.parse(status.stdout) as { applied: string[]; pending: string[] };
      expect(applied).toEqual(names);
      await expectEverything({ dataFolder, port: 0 }, await factsOf(`${schema}/data`));
      const copies = (await readdir(dataFolder)).filter((name) => name.startsWith("excalibur.sqlite.before-"));
      expect(copies).toEqual(pending.length === 0 ? [] : [`excalibur.sqlite.before-${pending[0]!.slice(0, 3)}`]);
    },
  );

  it("in a backup is restored by today's program", async () => {
    const target = join(folder, "backup");
    await cp(join(FIXTURES, "002", "backup"), target, { recursive: true });
    const dataFolder = join(folder, "data");
    const name = storyDatabase === "postgres" ? await createPostgresDatabase() : undefined;
    const databaseUrl = name === undefined ? undefined : postgresUrl(name);
    try {
      expect(await runServerCli(undefined, ["backup", "verify", target])).toMatchObject({ exitCode: 0 });
      const restored = await runServerCli({ dataFolder, databaseUrl }, ["restore", target]);
      // Without the flag a start on the new folder would use SQLite.
      const warning =
        databaseUrl === undefined ? "" : expect.stringContaining("Name the restored one with database_url");
      expect([restored.exitCode, restored.stderr]).toEqual([0, warning]);
      const database = databaseUrl === undefined ? {} : { database: { postgresUrl: databaseUrl } };
      await expectEverything({ dataFolder, port: 0, ...database }, await factsOf("002/backup"));
    } finally {
      if (name !== undefined) await dropPostgresDatabase(name);
    }
  });
});
