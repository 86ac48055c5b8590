import { equalBytes } from "@excalibur/core/bytes";
import { EXEF_HASH_LENGTH, partRange } from "@excalibur/core/exef/public";
import { sha256 } from "@excalibur/core/primitives";
import type { Database } from "../../db/index.ts";
import { deleteAllParts, deleteParts, listParts, type UploadPartRow, type UploadRow } from "../../db/stores/uploads.ts";
import { Refusal } from "../../refusal.ts";
import { type ActiveUpload, PART } from "./active-upload.ts";
import { PartCheck } from "./part-check.ts";

const rowsAtOnce = 64;

export interface ReceivedVerification {
  readonly database: Database;
  readonly upload: ActiveUpload;
  readonly row: UploadRow;
}

/**
 * After a restart: a part's receipt promised nothing durable, so what an earlier process recorded is hashed again from
 * the staged bytes before it counts, and rows whose bytes are not there are forgotten.
 */
export async function verifyReceived({ database, upload, row }: ReceivedVerification): Promise<void> {
  for (let from = 0; ; ) {
    const parts = await listParts(database.read, upload.objectId, { from, limit: rowsAtOnce });
    const last = parts.at(-1);
    if (last === undefined) return;
    const lost: number[] = [];
    for (const part of parts) {
      if (upload.closed) return;
      const fits = await isOnDisk(upload, row, part);
      // Somebody may have begun to write this part meanwhile: then it is his to decide.
      if (upload.stateOf(part.part) !== PART.unverified) continue;
      upload.setState(part.part, fits ? PART.received : PART.missing);
      if (!fits) lost.push(part.part);
    }
    if (lost.length > 0) await forgetLost(database, upload, lost);
    from = last.part + 1;
  }
}

async function forgetLost(database: Database, upload: ActiveUpload, lost: readonly number[]): Promise<void> {
  if (!upload.staged.sealed) {
    await database.write((tx) => deleteParts(tx, upload.objectId, lost));
    return;
  }
  // Sealed before the crash, but the bytes are not the ones received: they cannot be written over, so all begins anew.
  await database.write((tx) => deleteAllParts(tx, upload.objectId));
  await upload.staged.discard();
  throw new Refusal("unavailable", { reason: "storage" });
}

async function isOnDisk(upload: ActiveUpload, row: UploadRow, { part, leaves }: UploadPartRow): Promise<boolean> {
  if (part >= upload.partCount || upload.stateOf(part) !== PART.unverified) return false;
  const range = partRange(upload.ciphertextLength, part);
  if (leaves.length !== (range.endSegment - range.firstSegment) * EXEF_HASH_LENGTH) return false;
  if (part === 0 && row.header === null) return false;
  const headerHash = part === 0 && row.header !== null ? sha256(row.header) : new Uint8Array(0);
  const signedLeaves = new Uint8Array(headerHash.length + leaves.length);
  signedLeaves.set(headerHash);
  signedLeaves.set(leaves, headerHash.length);
  const check = new PartCheck({ range, objectId: upload.objectId, signedLeaves });
  try {
    const stored = upload.staged.readAt({ offset: range.start, length: range.end - range.start, reuseBuffers: true });
    for await (const chunk of stored) check.update(chunk);
    check.finish();
  } catch {
    // Torn, missing or unreadable: all the same, the client sends the part again.
    return false;
  }
  return equalBytes(check.leaves, leaves);
}
