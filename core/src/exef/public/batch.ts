import {
  ByteReader,
  type Bytes,
  ByteWriter,
  equalBytes,
  FormatError,
  IntegrityError,
  toHex,
} from "../../bytes/index.ts";
import { EXEF_HASH_LENGTH, EXEF_OBJECT_ID_LENGTH } from "./constants.ts";
import { parseExefHeader } from "./header.ts";
import { rootOfObject } from "./root.ts";
import { isPossibleCiphertextLength } from "./sizes.ts";

const MAGIC = "EXB3";
const ROW_SIZE = EXEF_OBJECT_ID_LENGTH + 4 + EXEF_HASH_LENGTH;

/** Magic and count: enough to know how long the table is. */
export const BATCH_HEAD_SIZE = 6;
/** The count has two bytes. */
export const BATCH_MAX_OBJECTS = 65_535;

export interface BatchRow {
  readonly objectId: Uint8Array;
  /** Length of the whole object in bytes. */
  readonly length: number;
  readonly root: Uint8Array;
}

/** Length of a table of `count` rows. */
export function batchTableLength(count: number): number {
  return BATCH_HEAD_SIZE + count * ROW_SIZE;
}

/** Everything in front of the first object (spec/exef.md §8); the objects follow in the order of the rows. */
export function encodeBatchTable(rows: readonly BatchRow[]): Bytes {
  checkRows(rows);
  const table = new ByteWriter(batchTableLength(rows.length)).text(MAGIC).u16(rows.length);
  for (const { objectId, length, root } of rows) table.bytes(objectId).u32(length).bytes(root);
  return table.finish();
}

/** Length of the table that begins with these 6 bytes. */
export function readBatchHead(head: Uint8Array): number {
  const reader = new ByteReader(head.subarray(0, BATCH_HEAD_SIZE), "batch");
  reader.expectAscii(MAGIC);
  return batchTableLength(reader.u16());
}

/** The rows of a table, which must be given exactly. */
export function parseBatchTable(table: Uint8Array): BatchRow[] {
  const reader = new ByteReader(table, "batch table");
  reader.expectAscii(MAGIC);
  const count = reader.u16();
  if (table.length !== batchTableLength(count)) throw new FormatError("The batch table has another length.");
  const rows = Array.from({ length: count }, () => ({
    objectId: new Uint8Array(reader.bytes(EXEF_OBJECT_ID_LENGTH)),
    length: reader.u32(),
    root: new Uint8Array(reader.bytes(EXEF_HASH_LENGTH)),
  }));
  checkRows(rows);
  return rows;
}

/** Checks one object of a batch against its row: IntegrityError if it is another object than the row says. */
export function checkBatchObject(row: BatchRow, object: Uint8Array): void {
  const fits =
    object.length === row.length &&
    equalBytes(parseExefHeader(object).objectId, row.objectId) &&
    equalBytes(rootOfObject(object), row.root);
  if (!fits) {
    throw new IntegrityError("An object of the batch is not the one its row announces. It was not stored.", {
      code: "batch_object_wrong",
      details: { objectId: toHex(row.objectId) },
    });
  }
}

function checkRows(rows: readonly BatchRow[]): void {
  if (rows.length < 1 || rows.length > BATCH_MAX_OBJECTS) {
    throw new FormatError(`A batch has 1 to ${BATCH_MAX_OBJECTS} objects, not ${rows.length}.`);
  }
  const seen = new Set<string>();
  for (const { objectId, length, root } of rows) {
    if (objectId.length !== EXEF_OBJECT_ID_LENGTH) throw new FormatError("An objectId has 16 bytes.");
    if (root.length !== EXEF_HASH_LENGTH) throw new FormatError("A root has 32 bytes.");
    if (!isPossibleCiphertextLength(length)) throw new FormatError(`No object has a length of ${length} bytes.`);
    seen.add(toHex(objectId));
  }
  if (seen.size !== rows.length) throw new FormatError("The batch names an object twice.");
}
