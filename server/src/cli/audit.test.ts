import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runServerCli } from "./program.ts";

let folder: string;

async function run(...args: string[]): Promise<string[]> {
  const said: string[] = [];
  const complained: string[] = [];
  const exitCode = await runServerCli([...args, "--data", folder], {
    isTerminal: true,
    say: (text) => void said.push(text),
    complain: (text) => void complained.push(text),
  });
  expect([exitCode, complained]).toEqual([0, []]);
  return said;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "excalibur-test-"));
  await run("init");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it("audit tail shows the newest entries, for people and for programs", async () => {
  expect(await run("audit", "tail")).toEqual(["The audit log has no entry of that time."]);
  for (let n = 0; n < 3; n++) await run("invite", "create");
  const lines = await run("audit", "tail", "-n", "2");
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ {2}operator +invitation-created +[0-9a-f]{10}$/);
  const entries = (await run("audit", "tail", "--json", "--since", "1h")).map((line) => JSON.parse(line));
  expect(entries).toHaveLength(3);
  expect(entries[0]).toEqual({
    ...{ id: expect.any(String), at: expect.stringMatching(/^\d{4}-.*Z$/), actorKind: "operator", actor: null },
    ...{ action: "invitation-created", subject: expect.any(String), count: 1, requestId: null },
  });
  expect(await run("audit", "tail", "--json", "--since", "2100-01-01")).toEqual([]);
});

it("audit tail -f goes on with what happens, each entry once", async () => {
  const main = resolve(import.meta.dirname, "main.ts");
  const args = [main, "audit", "tail", "-f", "--json", "-n", "1", "--data", folder];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async () => JSON.parse((await lines.next()).value as string);
    const first = await next();
    const { id } = JSON.parse((await run("invite", "list", "--json"))[0]!)[0];
    await run("invite", "revoke", id);
    const revoked = await next();
    expect(revoked).toMatchObject({ action: "invitation-revoked", subject: id });
    await run("invite", "create");
    const created = await next();
    expect(created.action).toBe("invitation-created");
    expect(new Set([first.id, revoked.id, created.id]).size).toBe(3);
  } finally {
    child.kill("SIGTERM");
    await ended;
  }
});
