import { equalBytes } from "@excalibur/core/bytes";
import { partCount, partRange } from "@excalibur/core/exef/public";
import { deleteParts, findPart, findUpload, savePart } from "../../db/stores/uploads.ts";
import { Refusal } from "../../refusal.ts";
import { type ActiveUpload, PART } from "./active-upload.ts";
import { PartCheck } from "./part-check.ts";
import { asRefusal } from "./storage-failure.ts";
import { untilAborted } from "./until-aborted.ts";
import type { UploadsRoom } from "./uploads-room.ts";

export interface IncomingPart {
  readonly userId: Uint8Array;
  readonly objectId: Uint8Array;
  readonly part: number;
  /** What the request's signature covers. */
  readonly signedLeaves: Uint8Array;
  /** As announced, if it was. */
  readonly contentLength: number | undefined;
  /** Chunks stay unchanged until they are released. Fails when the client hangs up. Left early it does not end: its owner sees to the rest. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Takes a chunk back that is needed no more. */
  readonly release?: (chunk: Uint8Array) => void;
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
  try {
    await upload.writePart(part, async (superseded) => {
      try {
        const { body, release } = incoming;
        await receive(room, upload, { part, check, offset: range.start, body, release, signal: superseded });
      } catch (error) {
        if (superseded.aborted) throw new Refusal("unavailable", { reason: "superseded" }, error);
        throw asRefusal(error);
      }
    });
  } finally {
    // The disk lost parts that were received before: the next request looks at what is left, and asks for them again.
    if (upload.staged.givenUp && !upload.closed) await room.active.forget(objectId);
  }
}

interface Reception extends Checking {
  readonly part: number;
  /** Of the part in the object. */
  readonly offset: number;
  readonly body: AsyncIterable<Uint8Array>;
  readonly release: IncomingPart["release"];
}

async function receive(room: UploadsRoom, upload: ActiveUpload, reception: Reception): Promise<void> {
  const { part, check, offset, body, release, signal } = reception;
  if (upload.closed) throw new Refusal("upload_not_found");
  if (upload.stateOf(part) === PART.received && (await isSamePart(room, upload, reception))) {
    for await (const chunk of checked(body, reception)) release?.(chunk);
    return;
  }
  await forgetPart(room, upload, part);
  await upload.staged.writeAt(offset, checked(body, reception), { signal, onDone: release });
  const row = { objectId: upload.objectId, part, leaves: check.leaves, header: check.header };
  if (upload.closed || !(await room.database.write((tx) => savePart(tx, row)))) throw new Refusal("upload_not_found");
  upload.setState(part, PART.received);
}

interface Checking {
  readonly check: PartCheck;
  readonly signal: AbortSignal;
}

async function* checked(body: AsyncIterable<Uint8Array>, { check, signal }: Checking): AsyncGenerator<Uint8Array> {
  for await (const chunk of untilAborted(body, signal)) {
    check.update(chunk);
    yield chunk;
  }
  check.finish();
}

async function isSamePart(
  { database }: UploadsRoom,
  { objectId }: ActiveUpload,
  { part, check }: Pick<Reception, "part" | "check">,
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
