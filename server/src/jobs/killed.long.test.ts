import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, it } from "vitest";
import { count } from "../../../scripts/test/long-mode.ts";
import { startServer } from "../index.ts";
import { collect, inChunks, type OpaqueObject, opaqueBatch, opaqueObject } from "../testing/opaque-object.ts";
import { insertPerson, newPerson, type TestPerson } from "../testing/people.ts";

const DAY = 86_400_000;
const MAIN = resolve(import.meta.dirname, "../cli/main.ts");
const never = new AbortController().signal;

function command(...args: string[]) {
  return spawn(process.execPath, [MAIN, ...args], { stdio: "ignore" });
}

/** A pack a round: of its objects, one in three is needed. */
async function fill(data: string, alice: TestPerson, rounds: number): Promise<OpaqueObject[]> {
  const kept: OpaqueObject[] = [];
  for (let round = 0; round < rounds; round++) {
    const server = await startServer({ dataFolder: data, port: 0, clock: () => Date.now() - 10 * DAY });
    const { database, services } = server.context;
    if (round === 0) {
      await insertPerson(database, alice);
      const volume = { volume_id: alice.userId, owner_user_id: alice.userId, genesis_hash: new Uint8Array(32), g: 0 };
      const head = { head_sequence: 0, head_hash: new Uint8Array(32), state_root: new Uint8Array(32) };
      await database.write((tx) =>
        tx
          .insertInto("volumes")
          .values({ ...volume, ...head, manifest_version: 0, created_ms: 1 })
          .execute(),
      );
    }
    const objects = Array.from({ length: 90 }, (_, n) => opaqueObject(1000 + n * 100));
    const { body, signedLeaves } = opaqueBatch(objects);
    await services.objects.storeBatch({ userId: alice.userId, signedLeaves, body: inChunks(body) });
    const needed = objects.filter((_, n) => n % 3 === 0);
    await database.write(async (tx) => {
      const rows = needed.map(({ objectId }) => ({
        volume_id: alice.userId,
        object_id: objectId,
        count: 1,
        added_ms: 1,
      }));
      await tx
        .insertInto("object_references")
        .values(rows.map((row) => ({ ...row, dropped_ms: null })))
        .execute();
    });
    kept.push(...needed);
    await server.close();
  }
  return kept;
}

it("a gc that is killed again and again, at any moment, loses nothing and comes to its end", {
  timeout: 600_000,
}, async ({ task }) => {
  const folder = await mkdtemp(join(tmpdir(), "excalibur-test-"));
  const data = join(folder, "data");
  try {
    const alice = await newPerson("alice");
    const kept = await fill(data, alice, 6);
    const before = await readdir(join(data, "objects/packs"));
    let kills = 0;
    for (let delayMs = 100; ; delayMs *= 1.2) {
      const gc = command("storage", "gc", "--data", data);
      const ended = once(gc, "exit");
      const [code] = await Promise.race([ended, wait(delayMs).then(() => [undefined])]);
      if (code !== undefined) {
        expect(code).toBe(0);
        break;
      }
      gc.kill("SIGKILL");
      await ended;
      kills += 1;
    }
    expect(kills).toBeGreaterThan(3);
    count(task, { "kills of a gc on sqlite": kills });
    const [checked] = await once(command("storage", "check", "--data", data), "exit");
    expect(checked).toBe(0);
    const server = await startServer({ dataFolder: data, port: 0 });
    const { services, database } = server.context;
    for (const { objectId, bytes } of kept) {
      const asked = { userId: alice.userId, objectId, rangeHeader: undefined, signal: never };
      expect(Buffer.compare(await collect((await services.objects.getObject(asked)).chunks), bytes)).toBe(0);
    }
    const { used_bytes: used } = await database.read
      .selectFrom("accounts")
      .select("used_bytes")
      .executeTakeFirstOrThrow();
    expect(used).toBe(kept.reduce((sum, { bytes }) => sum + bytes.length, 0));
    await server.close();
    // All of them were half dead. What killed runs have left in them goes once it is a day old.
    const packs = join(data, "objects/packs");
    for (const name of await readdir(packs)) await utimes(join(packs, name), 1, 1);
    const [swept] = await once(command("storage", "gc", "--data", data), "exit");
    expect(swept).toBe(0);
    const after = await readdir(packs);
    expect(before.filter((name) => after.includes(name))).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
