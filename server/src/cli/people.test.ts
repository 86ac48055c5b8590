import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getAccount } from "@excalibur/core/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningServer, startServer } from "../index.ts";
import { createAccount, prepareSignUp, signIn, TestClient } from "../testing/index.ts";
import { giveSecrets } from "../testing/prepared-secrets.ts";
import { runServerCli } from "./program.ts";

let dataFolder: string;
let server: RunningServer;

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), "excalibur-test-"));
  const rateLimits = { generalPerMinute: 1_000_000, sensitivePerMinute: 1_000_000 };
  await giveSecrets(dataFolder);
  server = await startServer({ dataFolder, port: 0, rateLimits });
});
afterAll(async () => {
  await server.close();
  await rm(dataFolder, { recursive: true });
});

/** `typed` is what the person at the keyboard answers; without it there is nobody. */
async function run(args: readonly string[], typed?: string) {
  const [said, complained]: [string[], string[]] = [[], []];
  const exitCode = await runServerCli([...args, "--data", dataFolder], {
    isTerminal: true,
    say: (text) => void said.push(text),
    complain: (text) => void complained.push(text),
    ...(typed === undefined ? {} : { ask: async () => typed }),
  });
  return { exitCode, said: said.join("\n"), complained: complained.join("\n") };
}

async function json(...args: string[]) {
  const { exitCode, said, complained } = await run([...args, "--json"]);
  expect([exitCode, complained]).toEqual([0, ""]);
  return JSON.parse(said);
}

describe("excalibur-server user", () => {
  it("add invites somebody by name, who then makes the account themselves", async () => {
    const made = await json("user", "add", "alice", "--public-url", "https://drive.example.org");
    expect(made).toEqual({
      name: "alice",
      code: expect.stringMatching(/^[\w-]{22}$/),
      url: `https://drive.example.org/#invite=${made.code}`,
      expiresAt: expect.stringMatching(/^\d{4}-/),
    });
    const client = new TestClient(server.origin);
    await expect(prepareSignUp(client, { name: "bob", code: made.code })).rejects.toThrow("invite_other_name");
    await prepareSignUp(client, { name: "alice", code: made.code });
    expect((await run(["user", "add", "carol"])).said).toContain("npx excalibur sign-up carol --invite ");
  });

  it.each([["Alice"], ["al"], ["a b c"], ["../etc"]])("add %s is no user name", async (name) => {
    expect(await run(["user", "add", name])).toMatchObject({ exitCode: 2 });
  });

  it("disable, enable, quota and reset reach a running server and say what they did", async () => {
    const dave = await createAccount(server, "dave");
    const { client } = await signIn(server, dave);
    expect(await json("user", "quota", "dave", "20G")).toEqual({
      name: "dave",
      quotaBytes: 20 * 1024 ** 3,
      usedBytes: 0,
    });
    expect((await client.ask(getAccount)).quotaBytes).toBe(20 * 1024 ** 3);
    expect(await json("user", "quota", "dave", "default", "--default-quota", "1G")).toMatchObject({
      quotaBytes: 1024 ** 3,
    });
    expect(await json("user", "quota", "dave", "none")).toMatchObject({ quotaBytes: null });
    expect(await json("user", "disable", "dave")).toEqual({ name: "dave", disabled: true, sessionsEnded: 1 });
    expect((await client.call(getAccount)).problem?.code).toBe("session_ended");
    expect((await run(["user", "list"])).said).toMatch(/dave +disabled/);
    expect(await json("user", "enable", "dave")).toEqual({ name: "dave", disabled: false });
    await signIn(server, dave);
    expect(await json("user", "reset", "dave")).toEqual({
      ...{ name: "dave", sessionsEnded: 1, lockoutsCleared: 0, passwordForgotten: false },
    });
    await signIn(server, dave);
  });

  it.each([
    ["remove", []],
    ["reset", ["--forget-password"]],
  ])("%s destroys only what was confirmed", async (verb, flags) => {
    const name = `erin-${verb}`;
    const erin = await createAccount(server, name);
    const nobody = await run(["user", verb, name, ...flags]);
    expect([nobody.exitCode, nobody.complained]).toEqual([2, expect.stringContaining("--yes")]);
    for (const typed of ["", "yes", "erin"]) {
      const other = await run(["user", verb, name, ...flags], typed);
      expect([other.exitCode, other.complained]).toEqual([1, expect.stringContaining("nothing was changed")]);
    }
    await signIn(server, erin);
    expect((await run(["user", verb, name, ...flags], `${name} `)).exitCode).toBe(0);
    await expect(signIn(server, erin)).rejects.toThrow();
  });

  it("remove and reset with --yes ask nobody", async () => {
    await createAccount(server, "frank");
    expect(await json("user", "reset", "frank", "--forget-password", "--yes")).toMatchObject({
      passwordForgotten: true,
    });
    expect(await json("user", "remove", "frank", "--yes")).toEqual({
      ...{ name: "frank", removed: true, sessionsEnded: 0, volumes: 1, bytesReleased: 0 },
    });
  });

  it.each([["disable"], ["enable"], ["reset"], ["remove", "--yes"], ["quota", "1G"]])(
    "%s of nobody says so",
    async (verb, ...rest) => {
      const { exitCode, complained } = await run(["user", verb, "nobody", ...rest]);
      expect([exitCode, complained]).toEqual([1, expect.stringContaining("Nobody here is called «nobody»")]);
    },
  );
});

describe("excalibur-server invite", () => {
  it("lists what is open, revokes it, and tells the rest apart", async () => {
    const open = await json("invite", "create");
    const before = await json("invite", "list");
    const listed = before.at(-1);
    expect(listed).toEqual({
      ...{ id: expect.stringMatching(/^[0-9a-f]{10}$/), name: null, admin: false, state: "open", usedBy: null },
      ...{ createdAt: expect.any(String), expiresAt: open.expiresAt },
    });
    expect((await run(["invite", "list"])).said).toContain(listed.id);
    expect(JSON.stringify(before)).not.toContain(open.code);
    expect(await json("invite", "revoke", open.url)).toEqual({ id: listed.id, revoked: true });
    expect((await json("invite", "list")).map(({ id }: { id: string }) => id)).not.toContain(listed.id);
    const all = await json("invite", "list", "--all");
    expect(all.find(({ id }: { id: string }) => id === listed.id)).toMatchObject({ state: "revoked" });
    expect(all).toContainEqual(expect.objectContaining({ state: "used", usedBy: "dave" }));
    expect(await run(["invite", "revoke", listed.id])).toMatchObject({ exitCode: 1 });
    expect(await run(["invite", "revoke", "nonsense"])).toMatchObject({ exitCode: 1 });
  });
});
