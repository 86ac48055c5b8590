import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Disk } from "./disk-port.ts";
import { dropBytes, nodeDisk } from "./node-disk.ts";

let folder: string;
let disk: Disk;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "excalibur-disk-"));
  disk = nodeDisk();
});
afterEach(() => rm(folder, { recursive: true }));

it("writes many chunks at a position and reads them back", async () => {
  const path = join(folder, "file");
  const file = await disk.openFile(path, "new");
  const chunks = Array.from({ length: 3000 }, (_, n) => Uint8Array.from({ length: n % 7 }, () => n % 251));
  await file.write(chunks, 5);
  await file.write([], 5);
  await file.datasync();
  const expected = Buffer.concat([Buffer.alloc(5), ...chunks]);
  const target = new Uint8Array(expected.length + 100);
  expect(await file.read(target, 0)).toBe(expected.length);
  expect(Buffer.compare(target.subarray(0, expected.length), expected)).toBe(0);
  await file.close();
  expect((await disk.fileStatus(path))?.sizeBytes).toBe(expected.length);
});

it("drops what a short write has written", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 9 })), fc.nat(), (chunks, drawn) => {
      const whole = Buffer.concat(chunks);
      const count = drawn % (whole.length + 1);
      expect(Buffer.concat(dropBytes(chunks, count))).toEqual(whole.subarray(count));
    }),
  );
});

it("opens as asked", async () => {
  const path = join(folder, "file");
  await expect(disk.openFile(path, "existing")).rejects.toMatchObject({ code: "ENOENT" });
  await expect(disk.openFile(path, "read")).rejects.toMatchObject({ code: "ENOENT" });
  await (await disk.openFile(path, "either")).close();
  await (await disk.openFile(path, "either")).close();
  await expect(disk.openFile(path, "new")).rejects.toMatchObject({ code: "EEXIST" });
  const reader = await disk.openFile(path, "read");
  await expect(reader.write([Uint8Array.of(1)], 0)).rejects.toMatchObject({ code: "EBADF" });
  await reader.close();
});

it("makes, lists, syncs and changes names", async () => {
  const inner = join(folder, "inner");
  await disk.makeDirectory(inner);
  await disk.makeDirectory(inner);
  await (await disk.openFile(join(folder, "a"), "new")).close();
  await disk.rename(join(folder, "a"), join(inner, "b"));
  await disk.syncDirectory(inner);
  expect(await disk.listDirectory(inner)).toEqual(["b"]);
  expect(await disk.fileStatus(join(folder, "a"))).toBeUndefined();
  await disk.unlink(join(inner, "b"));
  await expect(disk.unlink(join(inner, "b"))).rejects.toMatchObject({ code: "ENOENT" });
  await expect(disk.makeDirectory(join(folder, "none", "deep"))).rejects.toMatchObject({ code: "ENOENT" });
  expect(await disk.freeBytes(folder)).toBeGreaterThan(0);
});
