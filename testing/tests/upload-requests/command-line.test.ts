import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readTree, sampleBytes, World } from "../../src/index.ts";

let world: World;

beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world[Symbol.asyncDispose]());

type Document = Record<string, unknown>;

async function run(home: string, args: readonly string[], { exitCode = 0, stdin = "" } = {}): Promise<Document> {
  const ran = await world.runCli(home, [...args, "--json"], { stdin });
  expect([args[0], args[1], ran.exitCode, ran.stderr]).toEqual([args[0], args[1], exitCode, expect.any(String)]);
  return JSON.parse(ran.stdout || ran.stderr) as Document;
}

/** Of the film. */
const PARTS = Math.ceil(30_000_000 / (16 * 262_112));

/** Parts that the server has taken. */
function partsTaken(): number {
  const lines = world.logs().split("\n");
  return lines.filter((line) => line.includes('"route":"putPart"') && line.includes('"status":204')).length;
}

const refusal = (code: string) => ({ error: expect.objectContaining({ code }) });

describe("upload requests from the command line", () => {
  it("a stranger sends a folder without an account, is killed, and goes on; the owner files and rejects", async () => {
    const { alice } = await world.people("alice");
    const { home } = alice.laptop;
    const created = await run(home, [
      "request",
      "create",
      "Papers",
      "--text",
      "All of 2026",
      "--expires",
      "3d",
      "--max-size",
      "100M",
    ]);
    expect(created).toMatchObject({ title: "Papers", status: "open", maxBytes: 100 * 2 ** 20, maxItems: 1000 });
    const url = String(created["address"]);
    const untitled = ["request", "create", "  "];
    expect(await run(home, untitled, { exitCode: 2 })).toEqual(refusal("request_text"));

    const nobody = join(world.folder, "nobody-at-all");
    const local = await world.localFolder("to-send");
    await mkdir(join(local, "2026", "scans"), { recursive: true });
    await writeFile(join(local, "2026", "list.txt"), "one, two");
    await writeFile(join(local, "2026", "scans", "film.mov"), sampleBytes(30_000_000, 7));
    await writeFile(join(local, "2026", "scans", "empty"), "");
    const send = ["put", "-r", "--request", "-", "--sender", "Bob", "--note", "as you asked", join(local, "2026")];
    let pid = 0;
    // Four parts of 4.2 MB are on their way at once: what travels beyond them follows the first that was taken.
    world.wire.whenCarried({ direction: "up", bytes: 20_000_000 }, () => process.kill(pid, "SIGKILL"));
    const killed = await world.runCliProgram(nobody, send, {
      stdin: `${url}\n`,
      onStart: (started) => (pid = started),
    });
    expect(killed.exitCode).toBe(null);

    const before = partsTaken();
    expect(before).toBeGreaterThan(0);
    const sent = await run(nobody, send, { stdin: `${url}\n` });
    expect(sent).toMatchObject({ title: "Papers", failed: 0 });
    // What had arrived of the film was not sent again.
    expect(partsTaken()).toBeLessThan(2 * PARTS);
    expect(partsTaken() - before).toBeLessThan(PARTS);
    const { number, items } = sent["receipt"] as { number: string; items: { path: string }[] };
    expect(items.map(({ path }) => path).sort()).toEqual(["2026/list.txt", "2026/scans/empty", "2026/scans/film.mov"]);
    const again = await run(nobody, send, { stdin: url });
    expect(again).toMatchObject({ sent: 0, before: 3, failed: 0 });

    const inbox = await run(home, ["request", "inbox", "Papers", "--verify"]);
    const waiting = inbox["items"] as { id: string; path: string }[];
    expect(inbox).toMatchObject({ failed: 0 });
    expect(waiting).toHaveLength(3);
    for (const item of waiting)
      expect(item).toMatchObject({ state: "sealed", sender: "Bob", note: "as you asked", receipt: number });
    const empty = waiting.find(({ path }) => path.endsWith("empty"))?.id as string;
    expect(await run(home, ["request", "reject", "Papers", empty])).toMatchObject({ rejected: [empty] });
    const filed = await run(home, ["request", "accept", "Papers", "--all", "--to", "/inbox/papers"]);
    expect(filed).toMatchObject({ folder: "/inbox/papers", failed: 0 });
    const got = await world.localFolder("got");
    await run(home, ["get", "-r", "/inbox/papers", got]);
    const tree = await readTree(got);
    const files = [...tree.keys()].filter((path) => path.includes("."));
    expect(files.sort()).toEqual(["papers/2026/list.txt", "papers/2026/scans/film.mov"]);

    expect(await run(home, ["request", "list"])).toMatchObject({ requests: [{ title: "Papers", waiting: 0 }] });
    expect(await run(home, ["request", "close", "Papers"])).toMatchObject({ status: "closed" });
    expect(await run(nobody, send, { stdin: url, exitCode: 1 })).toEqual(refusal("request_closed"));
    expect(await run(home, ["request", "change", "Papers", "--open", "--type", "pdf"])).toMatchObject({
      types: ["pdf"],
    });
    const refusedType = await run(nobody, ["put", "--request", url, join(local, "2026", "list.txt")], { exitCode: 1 });
    expect(refusedType).toMatchObject({ sent: 0, failures: [{ code: "not_sendable" }] });
    expect(await run(home, ["request", "delete", "Papers", "--yes"])).toMatchObject({ lost: 0 });
    expect(await run(nobody, send, { stdin: url, exitCode: 1 })).toEqual(refusal("no_request"));
    expect(await run(home, ["request", "show", "Papers"], { exitCode: 1 })).toEqual(refusal("unknown_request"));
    const cut = url.slice(0, -3);
    expect(await run(nobody, ["put", "--request", cut, "x"], { exitCode: 2 })).toEqual(refusal("request_address"));
    expect(world.logs()).not.toContain(url.split("#")[1]);
  });
});
