import { toHex } from "@excalibur/core/bytes";
import { randomBytes } from "@excalibur/core/primitives";
import fc from "fast-check";
import { expect, it } from "vitest";
import { amount } from "../../../../scripts/test/long-mode.ts";
import { openServiceRoom, type ServiceRoom } from "../../testing/service-room.ts";

const MINUTE = 60_000;
const STRETCH = 10 * MINUTE;
const DAY = 86_400_000;

interface Version {
  readonly place: number;
  readonly fromMs: number;
  /** null: current. */
  readonly replacedMs: number | null;
  readonly hash: string;
}

/** Rows as commits leave them: each place has versions, each replaced when the next one comes. */
async function insertVersions(
  room: ServiceRoom,
  volumeId: Uint8Array,
  commits: readonly [place: number, atMs: number][],
) {
  const versions: Version[] = [];
  const nodes = [randomBytes(16), randomBytes(16), randomBytes(16)];
  await room.database.write(async (tx) => {
    for (const [n, node] of nodes.entries()) {
      const times = commits.filter(([place]) => place === n).map(([, atMs]) => atMs);
      for (const [index, fromMs] of times.entries()) {
        const replacedMs = times[index + 1] ?? null;
        const recordHash = randomBytes(32);
        const row = {
          volume_id: volumeId,
          node_id: node,
          bits_length: 0,
          bits: 0,
          version: index + 1,
          sequence: index + 1,
        };
        const record = { record_hash: recordHash, size_bytes: 10, record: randomBytes(10), replaced_ms: replacedMs };
        await tx
          .insertInto("pages")
          .values({ ...row, ...record })
          .execute();
        versions.push({ place: n, fromMs, replacedMs, hash: toHex(recordHash) });
      }
    }
  });
  return versions;
}

function standing(versions: readonly Version[], place: number, atMs: number): string | undefined {
  return versions.find((one) => one.place === place && one.fromMs <= atMs && (one.replacedMs ?? Infinity) > atMs)?.hash;
}

async function kept(room: ServiceRoom): Promise<Set<string>> {
  const rows = await room.database.read.selectFrom("pages").select("record_hash").execute();
  return new Set(rows.map((row) => toHex(row.record_hash)));
}

it("what stood every ten minutes of the last thirty days can be brought back, and of the last day everything", async () => {
  await using room = await openServiceRoom();
  const alice = await room.person("alice");
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 8 * 60 })), { maxLength: 60 }),
      fc.integer({ min: 0, max: 40 }),
      async (wishes, daysLater) => {
        await room.database.write((tx) => tx.deleteFrom("pages").execute());
        const { volumeId } = await room.volumeOf(alice);
        await room.database.write((tx) => tx.deleteFrom("pages").execute());
        const startMs = room.nowMs;
        const commits = wishes
          .map(([place, minute]): [number, number] => [place, startMs + minute * MINUTE])
          .toSorted(([, a], [, b]) => a - b)
          .filter(([place, atMs], n, all) => all.findIndex(([p, at]) => p === place && at === atMs) === n);
        const versions = await insertVersions(room, volumeId, commits);
        room.nowMs = startMs + 8 * 60 * MINUTE + daysLater * DAY;
        const foretold = (await room.perform("gc", { dryRun: true })).jobs["replaced-pages"]?.result;
        expect((await kept(room)).size).toBe(versions.length);
        const done = (await room.perform("gc")).jobs["replaced-pages"]?.result;
        const left = await kept(room);
        const oldestMs = room.nowMs - 30 * DAY;
        for (const { replacedMs, hash } of versions) {
          if (replacedMs === null || replacedMs >= room.nowMs - DAY) expect(left.has(hash)).toBe(true);
          if (replacedMs !== null && replacedMs < oldestMs) expect(left.has(hash)).toBe(false);
        }
        for (let atMs = Math.ceil(startMs / STRETCH) * STRETCH; atMs <= room.nowMs; atMs += STRETCH) {
          if (atMs > startMs + 9 * 60 * MINUTE) break;
          for (const place of [0, 1, 2]) {
            const hash = standing(versions, place, atMs);
            if (hash !== undefined && atMs >= oldestMs) expect(left.has(hash)).toBe(true);
          }
        }
        // Thinned: of the replaced ones of a place that are a day old, one in each stretch.
        const seen = new Set<string>();
        for (const { place, replacedMs, hash } of versions) {
          if (replacedMs === null || !left.has(hash)) continue;
          if (replacedMs >= Math.floor((room.nowMs - DAY) / STRETCH) * STRETCH) continue;
          const key = `${place} ${Math.floor(replacedMs / STRETCH)}`;
          expect(seen.has(key)).toBe(false);
          seen.add(key);
        }
        const removed = versions.length - left.size;
        const { expired, thinned } = done as { expired: { pages: number }; thinned: { pages: number } };
        expect(expired.pages + thinned.pages).toBe(removed);
        expect(foretold).toEqual(done);
        room.nowMs += DAY;
      },
    ),
    { numRuns: amount({ everyday: 12, long: 200 }) },
  );
}, 120_000);
