import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { migrate, openDatabase } from "../../db/index.ts";
import { MIGRATIONS } from "../../db/migrations/index.ts";
import { startServer } from "../../index.ts";
import { giveSecrets } from "../../testing/prepared-secrets.ts";
import { runServerCli } from "../program.ts";

let folder: string;
let data: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "excalibur-test-"));
  data = join(folder, "data");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function onData(...args: string[]) {
  const said: string[] = [];
  const complained: string[] = [];
  const terminal = {
    isTerminal: true,
    say: (text: string) => void said.push(text),
    complain: (text: string) => void complained.push(text),
  };
  const exitCode = await runServerCli([...args, "--data", data], terminal);
  return { exitCode, said: said.join("\n"), complained: complained.join("\n") };
}

/** As an earlier program left it. */
async function makeOld(): Promise<void> {
  await onData("init");
  const sqliteFile = join(data, "excalibur.sqlite");
  await rm(sqliteFile);
  const database = await openDatabase({ sqliteFile });
  await migrate(database, MIGRATIONS.slice(0, 1));
  await database.close();
}

describe("excalibur-server db", () => {
  it("vacuum tidies with the server stopped, and leaves a running one alone", async () => {
    await giveSecrets(data);
    const server = await startServer({ dataFolder: data, port: 0 });
    const refused = await onData("db", "vacuum").finally(() => server.close());
    expect(refused).toMatchObject({ exitCode: 1, complained: expect.stringContaining("already running") });
    const done = await onData("db", "vacuum", "--json");
    expect(JSON.parse(done.said)).toEqual({ bytesBefore: expect.any(Number), bytesAfter: expect.any(Number) });
    expect((await onData("db", "vacuum")).said).toMatch(/^The database took .* KiB and takes .* KiB now\.$/);
    expect((await onData("init")).said).toContain("Nothing to do");
  });

  it("migrate copies first, and makes a backup when asked", async () => {
    await makeOld();
    const target = join(folder, "backups");
    const { said } = await onData("db", "migrate", "--backup", target, "--json");
    const { applied, copy, backup } = JSON.parse(said) as { applied: string[]; copy: string; backup: string };
    expect(applied.length).toBe(MIGRATIONS.length - 1);
    expect(existsSync(copy)).toBe(true);
    const restored = await onData("restore", target, "--move-old-data-aside", "--json");
    expect(JSON.parse(restored.said)).toMatchObject({ snapshot: backup });
    expect(JSON.parse((await onData("db", "status", "--json")).said)).toMatchObject({
      schema: { found: 1, known: MIGRATIONS.at(-1)?.number },
      applied: ["001-initial"],
    });
  });

  it("refuses a file that is cut off, as a start does, and writes nothing to it", async () => {
    await onData("init");
    const file = join(data, "excalibur.sqlite");
    await truncate(file, 50_000);
    const before = await readFile(file);
    for (const command of [
      ["db", "status"],
      ["db", "migrate"],
      ["db", "vacuum"],
      ["user", "list"],
      ["start", "--port", "0"],
    ]) {
      const { exitCode, complained } = await onData(...command);
      expect([command, exitCode, complained]).toEqual([command, 1, expect.stringContaining("damaged")]);
    }
    expect((await readFile(file)).equals(before)).toBe(true);
    expect((await readdir(data)).filter((name) => name.startsWith("excalibur.sqlite"))).toEqual(["excalibur.sqlite"]);
  });
});
