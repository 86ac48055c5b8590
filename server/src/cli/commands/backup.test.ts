import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { giveSecrets } from "../../testing/prepared-secrets.ts";
import { runServerCli } from "../program.ts";

const LAUNCHER = resolve(import.meta.dirname, "../../../bin/excalibur-server.cjs");

let folder: string;
let data: string;
let target: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "excalibur-test-"));
  data = join(folder, "data");
  target = join(folder, "backups");
  await giveSecrets(data);
  await run("init", "--data", data);
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
  const exitCode = await runServerCli(args, terminal);
  return { exitCode, said: said.join("\n"), complained: complained.join("\n") };
}

describe("excalibur-server backup, backup verify and restore", () => {
  it("say what they did, to people and to programs", async () => {
    const made = await run("backup", target, "--data", data);
    expect(made).toMatchObject({ exitCode: 0, said: expect.stringContaining("It holds the secrets file") });
    const again = await run("backup", target, "--data", data, "--keep", "1", "--json");
    expect(JSON.parse(again.said)).toEqual({
      ...{ target, snapshot: expect.stringMatching(/^000002-\d{8}T\d{6}Z$/), objects: 0, files: 3 },
      ...{ bytes: expect.any(Number), copiedFiles: 0, copiedBytes: 0, losses: [], leftOut: [] },
      removed: [expect.stringMatching(/^000001-/)],
    });
    const checked = await run("backup", "verify", target);
    expect(checked).toMatchObject({ exitCode: 0, said: expect.stringContaining("restored and opened") });
    expect(JSON.parse((await run("backup", "verify", target, "--json")).said)).toMatchObject({
      accounts: 0,
      losses: [],
    });
    const restored = join(folder, "restored");
    const restore = await run("restore", target, "--data", restored);
    expect(restore).toMatchObject({ exitCode: 0, said: expect.stringContaining(restored) });
    const over = await run("restore", target, "--data", restored, "--move-old-data-aside", "--json");
    const { movedAside } = JSON.parse(over.said) as { movedAside: string };
    expect(existsSync(join(movedAside, "secrets.json"))).toBe(true);
  });

  it("end with 2 when written wrongly, 1 when refused, 3 when damage was found", async () => {
    for (const wrong of [["backup"], ["backup", target, "--keep", "0"], ["backup", "verify"], ["restore"]]) {
      expect([wrong, (await run(...wrong)).exitCode]).toEqual([wrong, 2]);
    }
    expect((await run("backup", join(data, "backups"), "--data", data)).exitCode).toBe(1);
    expect((await run("backup", "verify", target)).exitCode).toBe(1);
    await run("backup", target, "--data", data);
    expect((await run("restore", target, "--data", data)).exitCode).toBe(1);
    const [snapshot] = await readdir(join(target, "snapshots"));
    await truncate(join(target, "snapshots", snapshot!, "database.sqlite"), 100);
    const damaged = expect.stringContaining("database.sqlite has 100 bytes");
    expect(await run("backup", "verify", target)).toMatchObject({ exitCode: 3, complained: damaged });
    const restored = join(folder, "restored");
    expect(await run("restore", target, "--data", restored)).toMatchObject({ exitCode: 3, complained: damaged });
    expect(existsSync(restored)).toBe(false);
  });

  it("refuse a database that is cut off, in a clear sentence, and write nothing", async () => {
    await truncate(join(data, "excalibur.sqlite"), 20_000);
    const { exitCode, complained } = await run("backup", target, "--data", data);
    expect([exitCode, complained]).toEqual([1, expect.stringContaining("restore the data folder from a backup")]);
    expect(existsSync(target)).toBe(false);
  });

  it("stop cleanly on Ctrl-C", async () => {
    await writeFile(join(data, "settings.toml"), "x".repeat(1000));
    const child = spawn(process.execPath, [LAUNCHER, "backup", target, "--data", data]);
    const complaints: Buffer[] = [];
    child.stderr.on("data", (chunk: Buffer) => complaints.push(chunk));
    // Sent at the first sign of work; if the backup is quicker than that, it has ended by itself.
    while (!existsSync(join(target, "snapshots")) && child.exitCode === null) await new Promise(setImmediate);
    child.kill("SIGINT");
    const [code] = (await once(child, "close")) as [number | null];
    const finished = (await readdir(join(target, "snapshots"))).length;
    if (code === 0) expect(finished).toBe(1);
    else
      expect([code, finished, Buffer.concat(complaints).toString()]).toEqual([
        1,
        0,
        expect.stringContaining("Stopped."),
      ]);
    expect((await run("backup", target, "--data", data)).exitCode).toBe(0);
  });
});
