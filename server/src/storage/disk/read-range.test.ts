import { describe, expect, it } from "vitest";
import { faultyDisk } from "../testing/faulty-disk.ts";
import { SimulatedDisk } from "../testing/simulated-disk.ts";
import { collect, same, someObject } from "../testing/some-objects.ts";
import { BufferPool } from "./buffer-pool.ts";
import type { Disk } from "./disk-port.ts";
import { OpenFiles } from "./open-files.ts";
import { type RangeOfFile, readRange } from "./read-range.ts";

const MIB = 1024 * 1024;

async function fileOf(sizeBytes: number, wrap: (disk: Disk) => Disk = (disk) => disk) {
  const simulated = new SimulatedDisk();
  const { id, bytes } = someObject(sizeBytes);
  await (await simulated.openFile("/data/file", "new")).write([bytes], 0);
  const openFiles = new OpenFiles(wrap(simulated), { limit: 4, onLostWrites: () => undefined });
  const pool = new BufferPool(3 * MIB);
  const read = (options: Partial<RangeOfFile> = {}) =>
    readRange(
      { openFiles, pool },
      {
        id,
        source: () => ({ path: "/data/file", mode: "read" }),
        position: 0,
        length: sizeBytes,
        whenShort: "damaged",
        reuseBuffers: true,
        ...options,
      },
    );
  return { bytes, pool, read };
}

/** How many whole buffers the pool can still lend. */
function room(pool: BufferPool): number {
  const loans = [];
  while (pool.hasRoom) loans.push(pool.lend(MIB));
  for (const loan of loans) loan.release();
  return loans.length;
}

describe("a range read into reused buffers", () => {
  it("leaves a chunk alone until the next one is asked for, whatever others read", async () => {
    const { bytes, read } = await fileOf(3 * MIB);
    const first = read();
    const chunk = (await first.next()).value as Uint8Array;
    await collect(read({ position: 7, length: 2 * MIB }));
    await collect(read({ position: 9, length: 2 * MIB }));
    expect(same(chunk, bytes.subarray(0, MIB))).toBe(true);
    await first.return();
  });

  it("gives every buffer back: read whole, left early, broken off, aborted", async () => {
    let failing = false;
    const { pool, read } = await fileOf(3 * MIB, (disk) =>
      faultyDisk(disk, { decide: ({ operation }) => (failing && operation === "read" ? "EIO" : undefined) }),
    );
    await collect(read());
    for await (const _ of read()) break;
    const abort = new AbortController();
    const aborted = async () => {
      for await (const _ of read({ signal: abort.signal })) abort.abort(new Error("gone"));
    };
    await expect(aborted()).rejects.toThrow("gone");
    await expect(collect(read({ length: 4 * MIB }))).rejects.toMatchObject({ code: "blob_damaged" });
    const broken = async () => {
      for await (const _ of read()) failing = true;
    };
    await expect(broken()).rejects.toMatchObject({ code: "blob_damaged" });
    expect(room(pool)).toBe(3);
  });

  it("goes on with small buffers when all others are lent", async () => {
    const { bytes, pool, read } = await fileOf(MIB);
    const loans = [pool.lend(MIB), pool.lend(MIB), pool.lend(MIB)];
    const chunks = await collect(read());
    expect(chunks).toHaveLength(16);
    expect(same(Buffer.concat(chunks), bytes)).toBe(true);
    loans[0]?.release();
    loans[0]?.release();
    expect(room(pool)).toBe(1);
  });
});
