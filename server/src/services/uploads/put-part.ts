import { equalBytes } from "@excalibur/core/bytes";
import { partCount, partRange } from "@excalibur/core/exef/public";
import { deleteParts, findPart, findUpload, savePart } from "../../db/stores/uploads.ts";
import { Refusal } from "../../refusal.ts";
import { type ActiveUpload, PART } from "./active-upload.ts";
import { PartCheck } from "./part-check.ts";
import { asRefusal } from "./storage-failure.ts";
import type { UploadsRoom } from "./uploads-room.ts";

export interface IncomingPart {
  readonly userId: Uint8Array;
  readonly objectId: Uint8Array;
  readonly part: number;
  /** What the request's signature covers. */
  readonly signedLeaves: Uint8Array;
  /** As announced, if it was. */
  readonly contentLength: number | undefined;
  /** Chunks stay unchanged until the part is written. */
  readonly body: AsyncIterable<Uint8Array>;
  readonly signal?: AbortSignal;
}

/**
 * Writes a part while checking it. What does not match counts as not received; the same part again is checked and
 * changes nothing; another part in its place replaces it: the last write wins until complete.
 * @throws Refusal `upload_not_found`, `bad_request`, `leaves_mismatch`, `record_invalid`, `storage_full`
 */
export async function putPart(room: UploadsRoom, incoming: IncomingPart): Promise<void> {
  const { objectId, userId, part, signedLeaves, contentLength } = incoming;
  const upload = await room.active.open(objectId, userId);
  if (part >= partCount(upload.ciphertextLength)) throw new Refusal("bad_request", { reason: "part" });
  const range = partRange(upload.ciphertextLength, part);
  if (contentLength !== undefined && contentLength !== range.end - range.start) {
    throw new Refusal("leaves_mismatch", { reason: "length" });
  }
  const check = new PartCheck({ range, objectId, signedLeaves });
  await upload.writePart(part, async (superseded) => {
    if (upload.closed) throw new Refusal("upload_not_found");
    const signal = incoming.signal === undefined ? superseded : AbortSignal.any([incoming.signal, superseded]);
    if (upload.stateOf(part) === PART.received && (await isSamePart(room, upload, { part, check }))) {
      for await (const chunk of checked(incoming.body, { check, signal })) void chunk;
      return;
    }
    await forgetPart(room, upload, part);
    await writeChecked(upload, { offset: range.start, body: incoming.body, check, signal });
    const row = { objectId, part, leaves: check.leaves, header: check.header };
    if (upload.closed || !(await room.database.write((tx) => savePart(tx, row)))) throw new Refusal("upload_not_found");
    upload.setState(part, PART.received);
  });
}

interface Checking {
  readonly check: PartCheck;
  readonly signal: AbortSignal;
}

async function* checked(body: AsyncIterable<Uint8Array>, { check, signal }: Checking): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    signal.throwIfAborted();
    check.update(chunk);
    yield chunk;
  }
  check.finish();
}

async function writeChecked(
  upload: ActiveUpload,
  { offset, body, check, signal }: Checking & { readonly offset: number; readonly body: AsyncIterable<Uint8Array> },
): Promise<void> {
  try {
    await upload.staged.writeAt(offset, checked(body, { check, signal }), { signal });
  } catch (error) {
    throw asRefusal(error);
  }
}

async function isSamePart(
  { database }: UploadsRoom,
  { objectId }: ActiveUpload,
  { part, check }: { readonly part: number; readonly check: PartCheck },
): Promise<boolean> {
  const row = await findPart(database.read, objectId, part);
  if (row === undefined || !equalBytes(row.leaves, check.leaves)) return false;
  if (part !== 0) return true;
  const upload = await findUpload(database.read, objectId);
  return upload?.header != null && check.expectsHeader(upload.header);
}

/** Before its bytes are overwritten: a crash or a cut connection must not leave a receipt for half a part. */
async function forgetPart({ database }: UploadsRoom, upload: ActiveUpload, part: number): Promise<void> {
  const hadReceipt = upload.stateOf(part) !== PART.missing;
  upload.setState(part, PART.missing);
  if (hadReceipt) await database.write((tx) => deleteParts(tx, upload.objectId, [part]));
}
