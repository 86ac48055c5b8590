import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatBytes, FormatError, IntegrityError } from "../../bytes/index.ts";
import { randomBytes } from "../../primitives/index.ts";
import {
  BATCH_HEAD_SIZE,
  type BatchRow,
  batchTableLength,
  checkBatchObject,
  EXEF_KIND,
  encodeBatchTable,
  encodeExefPrelude,
  parseBatchTable,
  readBatch,
  readBatchHead,
  rootOfObject,
} from "./index.ts";

const LIMITS = { maxObjects: 100, maxObjectBytes: 10_000 };

/** Something with a good header and a possible length; what is inside does not matter to a server. */
function fakeObject(length = 658) {
  const objectId = randomBytes(16);
  const header = concatBytes(
    encodeExefPrelude({ kind: EXEF_KIND.content, objectId }),
    Uint8Array.of(0, 0, 0, 4, 0, 0, 0, 0, 0, 0x20),
    randomBytes(64),
  );
  const bytes = concatBytes(header, randomBytes(length - header.length));
  return { bytes, row: { objectId, length, root: rootOfObject(bytes) } satisfies BatchRow };
}

async function* inPieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readAll(body: Uint8Array, pieceSize: number) {
  const batch = await readBatch(inPieces(body, pieceSize), LIMITS);
  const objects = [];
  for await (const object of batch.objects()) objects.push(object);
  return { ...batch, objects };
}

describe("batches", () => {
  const objects = [fakeObject(), fakeObject(1170), fakeObject(690)];
  const rows = objects.map(({ row }) => row);
  const table = encodeBatchTable(rows);
  const body = concatBytes(table, ...objects.map(({ bytes }) => bytes));

  it("carry a table and the objects in its order", async () => {
    expect(table).toHaveLength(6 + 3 * 52);
    expect(readBatchHead(table)).toBe(batchTableLength(3));
    expect(parseBatchTable(table)).toEqual(rows);
    for (const pieceSize of [1, 7, 52, 1000, 100_000]) {
      const batch = await readAll(body, pieceSize);
      expect(batch.table).toEqual(table);
      expect(batch.rows).toEqual(rows);
      expect(batch.objects.map(({ bytes }) => bytes)).toEqual(objects.map(({ bytes }) => bytes));
      for (const { row, bytes } of batch.objects) checkBatchObject(row, bytes);
    }
  });

  it("show the table before the objects have arrived", async () => {
    async function* slow() {
      yield table;
      throw new Error("the rest was asked for");
    }
    const batch = await readBatch(slow(), LIMITS);
    expect(batch.rows).toEqual(rows);
    await expect(batch.objects().next()).rejects.toThrow("the rest was asked for");
  });

  it("are refused when they end early or late", async () => {
    for (const length of [0, 5, 6, table.length - 1, table.length, body.length - 1]) {
      await expect(readAll(body.subarray(0, length), 100)).rejects.toThrow(FormatError);
    }
    await expect(readAll(concatBytes(body, new Uint8Array(1)), 100)).rejects.toThrow(FormatError);
  });

  it("are refused with a bad table", () => {
    const [first] = rows as [BatchRow];
    expect(() => encodeBatchTable([])).toThrow(FormatError);
    expect(() => encodeBatchTable([first, first])).toThrow(FormatError);
    expect(() => encodeBatchTable([{ ...first, length: 659 }])).toThrow(FormatError);
    expect(() => encodeBatchTable([{ ...first, root: new Uint8Array(31) }])).toThrow(FormatError);
    expect(() => encodeBatchTable([{ ...first, objectId: new Uint8Array(15) }])).toThrow(FormatError);
    expect(() => parseBatchTable(concatBytes(table, new Uint8Array(1)))).toThrow(FormatError);
    expect(() => parseBatchTable(table.subarray(0, BATCH_HEAD_SIZE))).toThrow(FormatError);
    const [other, none, impossible, twice] = [table.slice(), table.slice(0, 6), table.slice(), table.slice()];
    other[3] = 0x34;
    none.fill(0, 4);
    impossible[25] = 0;
    twice.set(table.subarray(6, 22), 6 + 52);
    for (const bad of [other, none, impossible, twice]) expect(() => parseBatchTable(bad)).toThrow(FormatError);
  });

  it("are refused above the limits before anything is allocated", async () => {
    const many = concatBytes(table.subarray(0, 4), Uint8Array.of(0xff, 0xff));
    await expect(readBatch(inPieces(many, 10), LIMITS)).rejects.toThrow(/more than 100 objects/);
    await expect(readBatch(inPieces(table, 10), { ...LIMITS, maxObjectBytes: 1000 })).rejects.toThrow(/more than 1000/);
  });

  it("hold exactly the objects their rows announce", () => {
    const [a, b] = objects as [ReturnType<typeof fakeObject>, ReturnType<typeof fakeObject>];
    const property = fc.property(fc.nat(a.bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const altered = a.bytes.map((byte, i) => (i === at ? byte ^ flip : byte));
      expect(() => checkBatchObject(a.row, altered)).toThrow();
    });
    fc.assert(property);
    expect(() => checkBatchObject(a.row, b.bytes)).toThrow(IntegrityError);
    expect(() => checkBatchObject({ ...a.row, objectId: b.row.objectId }, a.bytes)).toThrow(IntegrityError);
    expect(() => checkBatchObject({ ...a.row, root: b.row.root }, a.bytes)).toThrow(IntegrityError);
  });
});
