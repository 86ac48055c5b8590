import { crc32 as nodeCrc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IS_LONG } from "../../../scripts/test/long-mode.ts";
import { readZip, type ZipBytes } from "../testing/index.ts";
import { crc32 } from "./crc32.ts";
import { ZipWriter } from "./zip-writer.ts";

/** Remembers everything but pieces that are nothing than zeros. */
class SparseFile implements ZipBytes {
  readonly #pieces: { readonly start: number; readonly bytes: Uint8Array }[] = [];
  sizeBytes = 0;

  async write(piece: Uint8Array): Promise<void> {
    const isEmpty = piece.length >= 1024 * 1024 && piece[0] === 0 && piece.at(-1) === 0;
    if (!isEmpty) this.#pieces.push({ start: this.sizeBytes, bytes: piece.slice() });
    this.sizeBytes += piece.length;
  }

  read(start: number, length: number): Uint8Array {
    const wanted = new Uint8Array(Math.min(length, this.sizeBytes - start));
    for (const { start: at, bytes } of this.#pieces) {
      const [from, to] = [Math.max(at, start), Math.min(at + bytes.length, start + wanted.length)];
      if (from < to) wanted.set(bytes.subarray(from - at, to - at), from - start);
    }
    return wanted;
  }
}

async function written(work: (zip: ZipWriter) => Promise<void>): Promise<SparseFile> {
  const file = new SparseFile();
  const zip = new ZipWriter((piece) => file.write(piece));
  await work(zip);
  await zip.finish();
  return file;
}

describe("the checksum", () => {
  it("is that of zlib, in pieces too", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), (bytes, cut) => {
        expect(crc32(bytes)).toBe(nodeCrc32(bytes));
        expect(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut)))).toBe(nodeCrc32(bytes));
      }),
    );
  });
});

describe("a ZIP file", () => {
  it("holds files in one or many pieces, folders, names of every script, and nothing at all", async () => {
    const [whole, streamed] = [new TextEncoder().encode("whole"), new TextEncoder().encode("streamed")];
    const file = await written(async (zip) => {
      await zip.folder({ path: "Größe", modifiedMs: 1_000_000_000_999 });
      await zip.whole({ path: "Größe/日本.txt", modifiedMs: 1_500_000_000_000 }, whole);
      await zip.begin({ path: "Größe/emoji 👩‍👩‍👧.bin", modifiedMs: -86_400_125, sizeBytes: 8 });
      for (const byte of streamed) await zip.write(Uint8Array.of(byte));
      await zip.end();
      await zip.whole({ path: "empty", modifiedMs: 0 }, new Uint8Array(0));
    });
    const entries = readZip(file);
    expect(entries.map(({ path, sizeBytes, modifiedSeconds }) => [path, sizeBytes, modifiedSeconds])).toEqual([
      ["Größe/", 0, 1_000_000_000],
      ["Größe/日本.txt", 5, 1_500_000_000],
      ["Größe/emoji 👩‍👩‍👧.bin", 8, -86_401],
      ["empty", 0, 0],
    ]);
    const contents = entries.map(({ start, sizeBytes }) => file.read(start, sizeBytes));
    expect(contents).toEqual([new Uint8Array(0), whole, streamed, new Uint8Array(0)]);
    expect(entries.map(({ crc }) => crc)).toEqual(contents.map((content) => nodeCrc32(content)));
    expect(readZip(await written(async () => undefined))).toEqual([]);
  });

  it("says times that old programs cannot, in the nearest way that they can", async () => {
    const moment = new Date(2024, 1, 29, 13, 14, 17).getTime();
    const times = [moment, new Date(1979, 5, 1).getTime(), new Date(2200, 5, 1).getTime(), -(2 ** 53), 2 ** 53];
    const file = await written(async (zip) => {
      for (const modifiedMs of times) await zip.whole({ path: `${modifiedMs}`, modifiedMs }, new Uint8Array(0));
    });
    const entries = readZip(file);
    expect(entries.map(({ dosTime }) => dosTime)).toEqual([
      "2024-02-29 13:14:16",
      "1980-01-01 00:00:00",
      "2107-12-31 23:59:58",
      "1980-01-01 00:00:00",
      "2107-12-31 23:59:58",
    ]);
    const seconds = entries.map(({ modifiedSeconds }) => modifiedSeconds);
    expect(seconds).toEqual([moment / 1000, (times[1] as number) / 1000, undefined, undefined, undefined]);
  });

  it.each(IS_LONG ? [65_534, 65_535] : [65_535])("holds %d entries", async (count) => {
    const file = await written(async (zip) => {
      for (let index = 0; index < count; index++) {
        await zip.whole({ path: `${index}`, modifiedMs: 0 }, new Uint8Array(0));
      }
    });
    const inOne = file.read(0, file.sizeBytes);
    expect(readZip(inOne).at(-1)?.path).toBe(`${count - 1}`);
  });

  if (IS_LONG) {
    // The sums over four gigabytes take their time.
    it("holds a file above 4 GiB, and files behind it", async () => {
      const piece = new Uint8Array(16 * 1024 * 1024);
      const sizeBytes = piece.length * 257;
      const last = Uint8Array.of(1, 2, 3);
      const file = await written(async (zip) => {
        await zip.begin({ path: "film", modifiedMs: 0, sizeBytes });
        for (let index = 0; index < 257; index++) await zip.write(piece);
        await zip.end();
        await zip.whole({ path: "small", modifiedMs: 0 }, last);
        await zip.begin({ path: "streamed", modifiedMs: 0, sizeBytes: 3 });
        await zip.write(last);
        await zip.end();
      });
      const entries = readZip(file);
      expect(entries.map((entry) => [entry.path, entry.sizeBytes])).toEqual([
        ["film", sizeBytes],
        ["small", 3],
        ["streamed", 3],
      ]);
      for (const { start } of entries.slice(1)) expect(file.read(start, 3)).toEqual(last);
    });
  }

  it("never says that a file is longer or shorter than it is", async () => {
    const zip = new ZipWriter(async () => undefined);
    await zip.begin({ path: "a", modifiedMs: 0, sizeBytes: 3 });
    await zip.write(Uint8Array.of(1, 2));
    await expect(zip.end()).rejects.toThrow("not as long");
  });

  it("refuses a path that its fields cannot hold", async () => {
    const zip = new ZipWriter(async () => undefined);
    const path = `${"folder/".repeat(9_400)}file`;
    await expect(zip.whole({ path, modifiedMs: 0 }, new Uint8Array(0))).rejects.toMatchObject({
      code: "path_too_long",
    });
  });

  it("hands on small pieces together, and keeps no more than a megabyte of contents", async () => {
    const lengths: number[] = [];
    const zip = new ZipWriter(async ({ length }) => void lengths.push(length));
    for (let index = 0; index < 3_000; index++) {
      await zip.whole({ path: `${index}`, modifiedMs: 0 }, new Uint8Array(1_000));
    }
    await zip.finish();
    expect(lengths.length).toBeLessThan(8);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(1024 * 1024);
  });
});
