import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROGRAM_VERSION } from "@excalibur/core/protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { migrate, openDatabase } from "../db/index.ts";
import { MIGRATIONS } from "../db/migrations/index.ts";
import { startServer } from "../index.ts";
import { createAccount } from "../testing/index.ts";
import { runServerCli } from "./program.ts";

let folder: string;
let data: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "excalibur-test-"));
  data = join(folder, "data");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function run(...args: string[]) {
  const said: string[] = [];
  const complained: string[] = [];
  const terminal = {
    isTerminal: true,
    say: (text: string) => void said.push(text),
    complain: (text: string) => void complained.push(text),
  };
  const exitCode = await runServerCli([...args], terminal);
  return { exitCode, said: said.join("\n"), complained: complained.join("\n") };
}

const onData = (...args: string[]) => run(...args, "--data", data);

describe("excalibur-server", () => {
  it.each([
    [],
    ["start"],
    ["init"],
    ["config"],
    ["config", "show"],
    ["config", "example"],
    ["doctor"],
    ["invite"],
    ["invite", "create"],
    ["invite", "list"],
    ["invite", "revoke"],
    ...["list", "add", "disable", "enable", "quota", "reset", "remove"].map((verb) => ["user", verb]),
    ["audit", "tail"],
    ["db"],
    ["db", "status"],
    ["db", "migrate"],
    ["db", "vacuum"],
    ["backup"],
    ["backup", "verify"],
    ["restore"],
    ["storage"],
    ["storage", "status"],
    ["storage", "gc"],
    ["storage", "check"],
    ["storage", "scrub"],
  ])("%s %s --help explains itself", async (...command) => {
    const { exitCode, said } = await run(...command.filter(Boolean), "--help");
    expect([exitCode, said.startsWith("Usage: excalibur-server")]).toEqual([0, true]);
  });

  it.each([
    ["nonsense"],
    ["start", "--port", "99999"],
    ["start", "--sign-up", "maybe"],
    ["start", "--default-quota", "much"],
    ["invite", "create", "--expires", "never"],
    ["user", "quota", "alice", "much"],
    ["user", "disable"],
    ["start", "--public-url", "ftp://x"],
    ["start", "--host", "0.0.0.0"],
  ])("%s %s %s is a usage error", async (...command) => {
    const { exitCode, complained } = await run(...command.filter(Boolean));
    expect([exitCode, complained.length > 20]).toEqual([2, true]);
  });

  it("prepares a folder that only its owner reads, once", async () => {
    expect(await onData("init")).toMatchObject({ exitCode: 0, said: `Prepared ${data}` });
    const secrets = await readFile(join(data, "secrets.json"), "utf8");
    expect((await onData("init")).said).toContain("Nothing to do");
    expect(await readFile(join(data, "secrets.json"), "utf8")).toBe(secrets);
    expect((await stat(data)).mode & 0o777).toBe(0o700);
    expect((await stat(join(data, "secrets.json"))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(data, "README.txt"), "utf8")).toContain("A backup needs ALL of it");
  });

  it("makes invitations and lists accounts beside a running server and with it stopped", async () => {
    const server = await startServer({ dataFolder: data, port: 0 });
    try {
      const made = JSON.parse((await onData("invite", "create", "--json", "--expires", "2h")).said);
      expect(made).toEqual({
        code: expect.stringMatching(/^[\w-]{22}$/),
        url: `${server.origin}/#invite=${made.code}`,
        expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      });
      await createAccount(server, "alice", { admin: true });
    } finally {
      await server.close();
    }
    expect(JSON.parse((await onData("user", "list", "--json")).said)).toMatchObject([
      { name: "alice", admin: true, usedBytes: 0, quotaBytes: null },
    ]);
    expect((await onData("user", "list")).said).toMatch(/^NAME.*\nalice +administrator/);
    const invitation = await onData("invite", "create", "--public-url", "https://drive.example.org/");
    expect(invitation.said).toMatch(/^https:\/\/drive\.example\.org\/#invite=[\w-]{22}\n/);
  });

  it("tells and applies migrations", async () => {
    await onData("init");
    expect(JSON.parse((await onData("db", "status", "--json")).said)).toEqual({
      program: PROGRAM_VERSION,
      database: "sqlite",
      engine: expect.stringMatching(/^SQLite 3\./),
      bytes: expect.any(Number),
      schema: { found: MIGRATIONS.at(-1)?.number, known: MIGRATIONS.at(-1)?.number },
      applied: MIGRATIONS.map(({ number, name }) => `${String(number).padStart(3, "0")}-${name}`),
      pending: [],
    });
    expect((await onData("db", "migrate")).said).toContain("up to date");
  });

  it.each([
    ["invite", "create"],
    ["user", "list"],
    ["db", "status"],
    ["db", "migrate"],
    ["db", "vacuum"],
    ["storage", "status"],
    ["storage", "gc"],
  ])("%s %s without data says how to make some", async (...command) => {
    const { exitCode, complained } = await onData(...command);
    expect([exitCode, complained]).toEqual([1, expect.stringContaining("excalibur-server init")]);
  });
});

describe("problems get a sentence and exit code 1", () => {
  it("a folder that is a file", async () => {
    await writeFile(data, "");
    const { exitCode, complained } = await onData("start", "--port", "0");
    expect([exitCode, complained]).toEqual([1, expect.stringContaining("there is a file of that name")]);
  });

  it("a damaged secrets file, which is never replaced", async () => {
    await onData("init");
    await writeFile(join(data, "secrets.json"), "{");
    const { exitCode, complained } = await onData("start", "--port", "0");
    expect([exitCode, complained]).toEqual([1, expect.stringContaining("Put it back from a backup")]);
    expect(await readFile(join(data, "secrets.json"), "utf8")).toBe("{");
  });

  it("a damaged database", async () => {
    await mkdir(data);
    await writeFile(
      join(data, "excalibur.sqlite"),
      "this is no database, and it is long enough to be looked at ".repeat(100),
    );
    const { exitCode, complained } = await onData("start", "--port", "0");
    expect([exitCode, complained]).toEqual([1, expect.stringContaining("damaged")]);
  });

  it("a database of a newer program", async () => {
    await onData("init");
    const database = await openDatabase({ sqliteFile: join(data, "excalibur.sqlite") });
    await migrate(database);
    await database.write(async (tx) => {
      await tx.insertInto("migrations").values({ number: 99, name: "future", applied_ms: 1 }).execute();
      await tx.updateTable("settings").set({ value: "7.5.0" }).execute();
    });
    await database.close();
    for (const command of [
      ["start", "--port", "0"],
      ["user", "list"],
      ["db", "status"],
    ]) {
      const { exitCode, complained } = await onData(...command);
      expect([command, exitCode, complained]).toEqual([command, 1, expect.stringContaining("Start version 7.5.0")]);
    }
  });

  it("a folder that cannot be", async () => {
    const file = join(folder, "a file");
    await writeFile(file, "");
    const { exitCode, complained } = await run("start", "--port", "0", "--data", join(file, "data"));
    expect([exitCode, complained]).toEqual([1, expect.stringContaining("is a file, not a folder")]);
  });

  // Root may write everywhere: there is nothing to see for it.
  if (process.getuid?.() !== 0) {
    it("a folder that may not be written", async () => {
      await mkdir(data, { mode: 0o500 });
      await chmod(folder, 0o500);
      const { exitCode, complained } = await onData("start", "--port", "0");
      await chmod(folder, 0o700);
      expect([exitCode, complained]).toEqual([1, expect.stringContaining("cannot be used")]);
    });
  }

  it("a database server that does not answer", async () => {
    const { exitCode, complained } = await onData(
      "start",
      "--port",
      "0",
      "--database-url",
      "postgres://nobody@127.0.0.1:1/none",
    );
    expect([exitCode, complained]).toEqual([1, expect.stringContaining("does not answer")]);
  });
});
