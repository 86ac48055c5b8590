import { equalBytes, readUint, toBase64Url, uint32 } from "@excalibur/core/bytes";
import { LIMITS } from "@excalibur/core/protocol";
import { isRole, mayWrite, pageRecordHash, parsePageRecord } from "@excalibur/core/volume/record";
import {
  deletePendingPagesBefore,
  findPageRecords,
  findPageSizes,
  insertPendingPages,
  type PendingPageRow,
  pendingBytesOf,
} from "../../db/stores/pages.ts";
import { Refusal } from "../../refusal.ts";
import type { Transact } from "../transact.ts";
import type { SizedBytes } from "./read-state.ts";
import { refuseInvalid } from "./record-refusal.ts";
import { requireMember, type VolumeCaller, type VolumesRoom } from "./volumes-room.ts";

/** Pages that no commit named in this time are forgotten. */
const pendingForMs = 24 * 3_600_000;
/** Of one account, in all volumes. */
const pendingBytesPerUser = 1024 * 1024 * 1024;
const lengthBytes = 4;
/** Loaded at once while an answer is sent. */
const recordsAtOnce = 8;

/** Whether this role may write, and so undo: read what was replaced or dropped and is still kept. */
export function isWriterRole(role: number): boolean {
  return isRole(role) && mayWrite(role);
}

export interface IncomingPages extends VolumeCaller {
  /** n × (length4 ‖ record) */
  readonly body: Uint8Array;
}

/**
 * Keeps page records ahead of the commit that names them.
 * @throws Refusal `not_found`, `record_invalid`, `quota_exceeded`
 */
export async function putPages(
  { database, clock }: VolumesRoom,
  incoming: IncomingPages,
  transact: Transact,
): Promise<{ stored: number }> {
  // Any member: after a restored backup even those who may only read can bring back what they have (§5).
  await requireMember(database.read, incoming);
  const nowMs = clock();
  const rows = readRecords(incoming.body).map((record) => pendingRow(record, incoming, nowMs));
  return transact(async (tx) => {
    await deletePendingPagesBefore(tx, nowMs - pendingForMs);
    await insertPendingPages(tx, rows);
    if ((await pendingBytesOf(tx, incoming.userId)) > pendingBytesPerUser) throw new Refusal("quota_exceeded");
    return { stored: rows.length };
  });
}

function readRecords(body: Uint8Array): Uint8Array[] {
  const records: Uint8Array[] = [];
  for (let at = 0; at < body.length; ) {
    const end = at + lengthBytes + (at + lengthBytes <= body.length ? readUint(body, at, lengthBytes) : 0);
    if (end > body.length || end - at - lengthBytes > LIMITS.pageRecordBytes || end === at + lengthBytes) {
      throw new Refusal("record_invalid", { reason: "length" });
    }
    records.push(body.subarray(at + lengthBytes, end));
    at = end;
  }
  if (records.length === 0) throw new Refusal("record_invalid", { reason: "empty" });
  return records;
}

function pendingRow(bytes: Uint8Array, { volumeId, userId }: VolumeCaller, nowMs: number): PendingPageRow {
  return refuseInvalid("record_invalid", () => {
    const { header, headerBytes } = parsePageRecord(bytes);
    if (!equalBytes(header.volumeId, volumeId)) throw new Refusal("record_invalid", { reason: "volume" });
    return {
      volume_id: volumeId,
      record_hash: pageRecordHash(bytes),
      header: headerBytes,
      node_id: header.nodeId,
      bits_length: header.bitsLength,
      bits: header.bits,
      version: header.version,
      size_bytes: bytes.length,
      record: bytes,
      user_id: userId,
      received_ms: nowMs,
    };
  });
}

/**
 * Page records by hash, in the order asked, length 0 for one that is not there. Replaced ones go to members who may
 * write, for undo and rewind. @throws Refusal `not_found`
 */
export async function fetchPages(
  { database }: VolumesRoom,
  caller: VolumeCaller & { readonly hashes: readonly Uint8Array[] },
): Promise<SizedBytes> {
  const { volumeId, hashes } = caller;
  const { role } = await requireMember(database.read, caller);
  const question = { hashes: distinct(hashes), replacedToo: isWriterRole(role) };
  const sizes = new Map<string, number>();
  for (const row of await findPageSizes(database.read, volumeId, question)) {
    sizes.set(toBase64Url(row.record_hash), row.size_bytes);
  }
  const sizeBytes = hashes.reduce((sum, hash) => sum + lengthBytes + (sizes.get(toBase64Url(hash)) ?? 0), 0);

  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < hashes.length; at += recordsAtOnce) {
      const some = hashes.slice(at, at + recordsAtOnce);
      const wanted = distinct(some.filter((hash) => sizes.has(toBase64Url(hash))));
      const rows = wanted.length === 0 ? [] : await findPageRecords(database.read, volumeId, wanted);
      const records = new Map(rows.map((row) => [toBase64Url(row.record_hash), row.record]));
      for (const hash of some) {
        const record = records.get(toBase64Url(hash));
        yield uint32(record?.length ?? 0);
        if (record !== undefined) yield record;
      }
    }
  }
  return { sizeBytes, chunks: chunks() };
}

function distinct(hashes: readonly Uint8Array[]): Uint8Array[] {
  return [...new Map(hashes.map((hash) => [toBase64Url(hash), hash])).values()];
}
