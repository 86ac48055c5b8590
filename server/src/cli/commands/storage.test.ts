import { mkdtemp, open, readdir, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toHex } from "@excalibur/core/bytes";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dataFolderAt } from "../../config/data-folder.ts";
import { lockDataFolder } from "../../config/server-lock.ts";
import { openDatabase } from "../../db/index.ts";
import { type RunningServer, startServer } from "../../index.ts";
import { inChunks, type OpaqueObject, opaqueBatch, opaqueObject } from "../../testing/opaque-object.ts";
import { insertPerson, newPerson } from "../../testing/people.ts";
import { giveSecrets } from "../../testing/prepared-secrets.ts";
import { performTask } from "../perform-task.ts";
import { runServerCli } from "../program.ts";

const DAY = 86_400_000;

let folder: string;
let data: string;
let running: RunningServer | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "excalibur-test-"));
  data = join(folder, "data");
});
afterEach(async () => {
  await running?.close();
  running = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function storage(...args: string[]) {
  const said: string[] = [];
  const complained: string[] = [];
  const terminal = {
    isTerminal: false,
    say: (text: string) => void said.push(text),
    complain: (text: string) => void complained.push(text),
  };
  const exitCode = await runServerCli(["storage", ...args, "--data", data], terminal);
  return { exitCode, said: said.join("\n"), complained: complained.join("\n") };
}

async function json(...args: string[]) {
  const { said } = await storage(...args, "--json");
  return JSON.parse(said);
}

/** Ten days ago alice uploaded two objects; a volume lists the first. Nothing runs now. */
async function tenDaysAgo() {
  await giveSecrets(data);
  const server = await startServer({ dataFolder: data, port: 0, clock: () => Date.now() - 10 * DAY });
  const { database, services } = server.context;
  const alice = await newPerson("alice");
  await insertPerson(database, alice);
  const [needed, unneeded] = [opaqueObject(3000), opaqueObject(1000)] as const;
  const { body, signedLeaves } = opaqueBatch([needed, unneeded]);
  await services.objects.storeBatch({ userId: alice.userId, signedLeaves, body: inChunks(body) });
  const volume = { volume_id: alice.userId, owner_user_id: alice.userId, genesis_hash: new Uint8Array(32) };
  const head = { head_sequence: 0, head_hash: new Uint8Array(32), state_root: new Uint8Array(32), manifest_version: 0 };
  await database.write(async (tx) => {
    await tx
      .insertInto("volumes")
      .values({ ...volume, ...head, g: 0, created_ms: 1 })
      .execute();
    const reference = { volume_id: alice.userId, object_id: needed.objectId, count: 1, added_ms: 1, dropped_ms: null };
    await tx.insertInto("object_references").values(reference).execute();
  });
  await server.close();
  // To a server that is started today every job is ten days late; here only what is asked for runs.
  const again = await openDatabase({ sqliteFile: dataFolderAt(data).sqliteFile });
  await again.write((tx) => tx.deleteFrom("jobs").execute());
  await again.close();
  return { needed, unneeded };
}

async function makeOrphan(): Promise<OpaqueObject> {
  const object = opaqueObject(100_000);
  const path = join(data, "objects/staging", toHex(object.objectId));
  const file = await open(path, "w");
  await file.write(object.bytes);
  await file.close();
  await utimes(path, 1, 1);
  return object;
}

async function flipAByte(): Promise<void> {
  const [pack] = await readdir(join(data, "objects/packs"));
  const file = await open(join(data, "objects/packs", pack!), "r+");
  await file.write(Buffer.of(0x55, 0xaa, 0x55), 0, 3, 64 + 400);
  await file.close();
}

describe.each(["with the server stopped", "beside a running server"])("storage %s", (how) => {
  const ready = async () => {
    if (how.startsWith("beside")) running = await startServer({ dataFolder: data, port: 0 });
  };

  it("status says what is there and how every job went", async () => {
    const { needed, unneeded } = await tenDaysAgo();
    await ready();
    const bytes = needed.bytes.length + unneeded.bytes.length;
    const nothing = { files: 0, bytes: 0 };
    expect(await json("status")).toEqual({
      objects: { count: 2, bytes, inPacks: 2 },
      packs: { files: 1, bytes: bytes + 128, deadBytes: 0 },
      staged: nothing,
      quarantine: nothing,
      freeBytes: expect.any(Number),
      jobs: expect.any(Array),
    });
    await storage("gc");
    const { packs, jobs } = await json("status");
    expect(packs).toEqual({ files: 1, bytes: bytes + 128, deadBytes: unneeded.bytes.length + 64 });
    const job = jobs.find(({ name }: { name: string }) => name === "unreferenced-objects");
    expect(job).toMatchObject({ running: false, outcome: "done", result: { objects: 1 } });
    expect(Date.parse(job.nextRunAt)).toBeGreaterThan(Date.parse(job.lastEndedAt));
    const names = jobs.map(({ name }: { name: string }) => name);
    const ours = [
      ...[
        "check",
        "ended-links",
        "expired-uploads",
        "invitations",
        "orphan-bytes",
        "packs",
        "pending-pages",
        "pending-volumes",
      ],
      ...["replaced-pages", "scrub", "sessions", "unfinished-items", "unreferenced-objects"],
    ];
    expect(names).toEqual(expect.arrayContaining(ours));
    const { said } = await storage("status");
    expect(said).toContain("Objects      1, ");
    expect(said).toMatch(/unreferenced-objects +done +\S+Z +\S+Z +objects 1, bytes \d/);
    expect(said).toMatch(/check +not yet +when asked/);
  });

  it("gc removes what nobody needs, and a dry run only says so", async () => {
    const { unneeded } = await tenDaysAgo();
    await ready();
    const expected = { outcome: "done", result: { objects: 1, bytes: unneeded.bytes.length } };
    expect((await json("gc", "--dry-run")).jobs["unreferenced-objects"]).toEqual(expected);
    expect((await json("status")).objects.count).toBe(2);
    const { exitCode, said } = await storage("gc");
    expect([exitCode, said]).toEqual([0, expect.stringMatching(/unreferenced-objects +done +objects 1/)]);
    expect(said).toMatch(/expired-uploads +done +nothing to do/);
    expect((await json("status")).objects.count).toBe(1);
    expect((await storage("check")).exitCode).toBe(0);
  });

  it("check and scrub name what is damaged, and whose it is, with exit code 3", async () => {
    const { needed } = await tenDaysAgo();
    await ready();
    expect((await storage("scrub")).exitCode).toBe(0);
    await flipAByte();
    const scrubbed = await storage("scrub");
    expect(scrubbed).toMatchObject({ exitCode: 3, said: expect.stringContaining(`object ${needed.id} (altered)`) });
    const checked = await storage("check");
    expect(checked).toMatchObject({ exitCode: 3, complained: expect.stringContaining("Restore the objects") });
    expect(checked.said).toMatch(new RegExp(`object ${needed.id} \\(altered\\) in volume [\\w-]{22} of alice`));
    const { outcome, jobs } = await json("check");
    expect([outcome, jobs.check.result.damaged[0].accounts]).toEqual(["damage", ["alice"]]);
  });

  it("check --repair moves bytes without a row to quarantine", async () => {
    await tenDaysAgo();
    const orphan = await makeOrphan();
    await ready();
    expect((await json("check")).jobs.check.result.unnamed).toMatchObject({ files: 1, movedFiles: 0 });
    const { exitCode } = await storage("check", "--repair");
    expect(exitCode).toBe(0);
    const { quarantine, staged } = await json("status");
    expect([quarantine, staged.files]).toEqual([{ files: 1, bytes: orphan.bytes.length }, 0]);
    expect((await json("check")).jobs.check.result.unnamed).toMatchObject({ files: 0 });
  });

  it("gc ends with exit code 1 and the reason when a job fails", async () => {
    await tenDaysAgo();
    await ready();
    const database = running?.context.database;
    if (database === undefined) {
      // Without any row, nothing that lies there is known.
      running = await startServer({ dataFolder: data, port: 0 });
      await forgetObjects(running);
      await running.close();
      running = undefined;
    } else await forgetObjects(running!);
    const [pack] = await readdir(join(data, "objects/packs"));
    await utimes(join(data, "objects/packs", pack!), 1, 1);
    const { exitCode, said, complained } = await storage("gc");
    expect([exitCode, said]).toEqual([1, expect.stringMatching(/orphan-bytes +failed/)]);
    expect(complained).toContain("Put the right database back");
  });
});

async function forgetObjects({ context }: RunningServer): Promise<void> {
  await context.database.write(async (tx) => {
    await tx.deleteFrom("object_references").execute();
    await tx.deleteFrom("objects").execute();
  });
}

describe("a command that asks", () => {
  const wish = { task: "gc", onProgress: () => undefined } as const;

  it("says so when nobody who has the folder answers, and leaves nothing asked", async () => {
    await tenDaysAgo();
    const lock = await lockDataFolder(dataFolderAt(data));
    try {
      await expect(performTask({ data }, { ...wish, patienceMs: 0 })).rejects.toMatchObject({
        code: "task_unanswered",
      });
    } finally {
      await lock.release();
    }
    running = await startServer({ dataFolder: data, port: 0 });
    const { database } = running.context;
    expect(await database.read.selectFrom("job_requests").selectAll().execute()).toEqual([]);
  });

  it("says so when the server stops before it is done", async () => {
    await tenDaysAgo();
    running = await startServer({ dataFolder: data, port: 0 });
    const { blobs } = running.context;
    const { promise: reading, resolve } = Promise.withResolvers<void>();
    blobs.read = (range) =>
      (async function* () {
        resolve();
        // Until the server cuts it off.
        await new Promise((_, reject) => range.signal?.addEventListener("abort", () => reject(range.signal?.reason)));
        yield new Uint8Array(0);
      })();
    const asked = storage("scrub");
    await reading;
    await running.close();
    running = undefined;
    expect(await asked).toMatchObject({ exitCode: 1, complained: expect.stringContaining("run the command again") });
  });
});
