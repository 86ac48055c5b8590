/** Batches of small objects (spec/exef.md §8). */

import { ascii, type Bytes, be, compare, concat, equal, growsStrictly, Reader } from "../foundations/bytes.ts";
import { sha256 } from "../foundations/hashes.ts";
import { demand, Refusal } from "../foundations/refusal.ts";
import { checkHeader } from "./exef.ts";
import { objectRoot } from "./merkle.ts";
import { shapeOf } from "./padding.ts";

export interface BatchRow {
  readonly objectId: Uint8Array;
  readonly root: Uint8Array;
  readonly lengthBytes: number;
}

function encodeTable(rows: readonly BatchRow[]): Bytes {
  const encoded = rows.map((row) => concat(row.objectId, be(4, row.lengthBytes), row.root));
  return concat(ascii("EXB3"), be(2, rows.length), ...encoded);
}

export function encodeBatch(objects: readonly Uint8Array[]): Bytes {
  const rows = objects.map((object) => ({
    objectId: object.slice(8, 24),
    root: objectRoot(object),
    lengthBytes: object.length,
  }));
  return concat(encodeTable(rows), ...objects);
}

export interface OpenedBatch {
  /** What a signed request names. */
  readonly tableHash: Bytes;
  readonly objects: readonly { readonly objectId: Bytes; readonly fits: boolean }[];
}

export function readBatch(bytes: Uint8Array): OpenedBatch {
  const reader = new Reader(bytes);
  demand(equal(reader.take(4), ascii("EXB3")), "malformed", "Not a batch.");
  const count = reader.uint(2);
  demand(count >= 1, "malformed", "An empty batch.");
  const rows = Array.from({ length: count }, () => ({
    objectId: reader.take(16),
    lengthBytes: reader.uint(4),
    root: reader.take(32),
  }));
  for (const row of rows) shapeOf(row.lengthBytes);
  const ids = rows.map((row) => row.objectId).sort(compare);
  demand(growsStrictly(ids), "malformed", "An object twice.");
  const tableHash = sha256(encodeTable(rows));
  const objects = rows.map((row) => ({ objectId: row.objectId, fits: fits(row, reader.take(row.lengthBytes)) }));
  reader.end();
  return { tableHash, objects };
}

function fits(row: BatchRow, object: Uint8Array): boolean {
  try {
    checkHeader(object);
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
  return equal(object.subarray(8, 24), row.objectId) && equal(objectRoot(object), row.root);
}
