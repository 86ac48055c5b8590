import { equalBytes, toBase64Url } from "@excalibur/core/bytes";
import { type ErrorCode, LIMITS } from "@excalibur/core/protocol";
import type { RequestSender } from "../../auth/session.ts";
import type { ReadHandle, WriteHandle } from "../../db/index.ts";
import { findObject } from "../../db/stores/objects.ts";
import {
  type BegunItem,
  countSendersUploads,
  deleteItem,
  findItem,
  findItems,
  insertItems,
} from "../../db/stores/request-items.ts";
import { giveBackRoom, type RequestRow, takeRoom, touchSender } from "../../db/stores/requests.ts";
import { findUpload } from "../../db/stores/uploads.ts";
import { Refusal } from "../../refusal.ts";
import type { Objects } from "../objects/index.ts";
import type { Transact } from "../transact.ts";
import type { Uploads } from "../uploads/index.ts";
import { type RequestsRoom, requireOpen } from "./requests-room.ts";

/** The operations on uploads that a sender has too. */
export type UploadDoor = Pick<Uploads, "createUpload" | "getUpload" | "putPart" | "completeUpload" | "cancelUpload"> &
  Pick<Objects, "storeBatch">;

/**
 * Uploads as a sender has them: what he began himself and nothing else, while the request is open, within its caps. It counts
 * for the request's owner, whose account the rooms of uploads and objects see; `userId` of what comes in is not looked at.
 */
export function senderUploads(room: RequestsRoom, sender: RequestSender): UploadDoor {
  const { uploads, objects, clock } = room;
  const { read } = room.database;
  const userId = sender.ownerId;

  async function requireOwn(objectId: Uint8Array): Promise<void> {
    await requireOpen(read, sender, clock());
    if (!isOwn(await findItem(read, objectId), sender)) throw new Refusal("upload_not_found");
  }

  return {
    createUpload: async ({ objectId, ciphertextLength }, transact) => {
      const claim = { sender, objectId, length: ciphertextLength, nowMs: clock() };
      // Before the room of uploads looks: what it says of an upload is for who began it.
      await requireClaimable(read, claim);
      const claiming: Transact = (work) =>
        transact(async (tx) => {
          const state = await requireClaimable(tx, claim);
          const reply = await work(tx);
          // After the account's row, as batches do: in one order nobody waits for each other.
          if (state === "new") await claimUpload(tx, claim);
          return reply;
        });
      return await uploads.createUpload({ userId, objectId, ciphertextLength }, claiming);
    },
    getUpload: async ({ objectId }) => {
      await requireOwn(objectId);
      return await uploads.getUpload({ userId, objectId });
    },
    putPart: async (part) => {
      await requireOwn(part.objectId);
      await uploads.putPart({ ...part, userId });
    },
    completeUpload: async (completion, transact) => {
      await requireOwn(completion.objectId);
      return await uploads.completeUpload({ ...completion, userId }, transact);
    },
    cancelUpload: async ({ objectId }, transact) => {
      const item = await findItem(read, objectId);
      if (!isOwn(item, sender) || item.arrived_ms !== null) return transact(async () => undefined);
      const releasing: Transact = (work) =>
        transact(async (tx) => {
          const isBegun = (await findUpload(tx, objectId)) !== undefined;
          const reply = await work(tx);
          if (isBegun) await release(tx, item);
          return reply;
        });
      await uploads.cancelUpload({ userId, objectId }, releasing);
    },
    storeBatch: async (batch) => {
      const nowMs = clock();
      const request = await requireOpen(read, sender, nowMs);
      // Before a byte is written for nothing.
      const isFull = request.used_items >= request.max_items || request.used_bytes >= request.max_bytes;
      if (isFull) throw new Refusal("request_full");
      const fates = await objects.storeBatch({
        ...batch,
        userId,
        claim: (tx, candidates) => claimBatch(tx, { sender, request, nowMs, candidates }),
      });
      // The owner's object, or another sender's, is not there for this one, whoever knows its id and bytes.
      const ids = fates
        .filter(({ status }) => status === "exists")
        .map(({ objectId }) => Buffer.from(objectId, "base64url"));
      const own = new Set(
        (await findItems(read, ids)).filter((item) => isOwn(item, sender)).map((item) => toBase64Url(item.object_id)),
      );
      return fates.map((fate) =>
        fate.status !== "exists" || own.has(fate.objectId)
          ? fate
          : { objectId: fate.objectId, status: "refused", code: "object_exists" },
      );
    },
  };
}

type MaybeItem = Awaited<ReturnType<typeof findItem>>;

export function isOwn(item: MaybeItem, { senderId }: RequestSender): item is NonNullable<MaybeItem> {
  return item !== undefined && equalBytes(item.sender_id, senderId);
}

interface Claim {
  readonly sender: RequestSender;
  readonly objectId: Uint8Array;
  readonly length: number;
  readonly nowMs: number;
}

/** Whether it is new, or one's own from before. @throws Refusal `object_exists`, `request_closed`, `request_full` */
async function requireClaimable(read: ReadHandle, { sender, objectId, length, nowMs }: Claim): Promise<"new" | "own"> {
  const request = await requireOpen(read, sender, nowMs);
  const item = await findItem(read, objectId);
  if (isOwn(item, sender)) return "own";
  const isTaken = item ?? (await findUpload(read, objectId)) ?? (await findObject(read, objectId));
  if (isTaken !== undefined) throw new Refusal("object_exists");
  if (length > request.max_item_bytes) throw new Refusal("request_full");
  return "new";
}

async function claimUpload(tx: WriteHandle, claim: Claim): Promise<void> {
  const { sender, length, nowMs } = claim;
  await touchSender(tx, sender.senderId, nowMs);
  const { all, own } = await countSendersUploads(tx, sender);
  if (all >= LIMITS.uploadsPerRequest || own >= LIMITS.uploadsPerSender) throw new Refusal("too_many");
  const { requestId } = sender;
  if (!(await takeRoom(tx, { requestId, bytes: length, items: 1 }))) throw new Refusal("request_full");
  await insertItems(tx, [begun(sender, { objectId: claim.objectId, length, nowMs })]);
}

interface BatchClaim {
  readonly sender: RequestSender;
  readonly request: RequestRow;
  readonly nowMs: number;
  readonly candidates: readonly { readonly objectId: Uint8Array; readonly length: number }[];
}

/** Which of a batch's objects the request does not take, and why. */
async function claimBatch(
  tx: WriteHandle,
  { sender, request, nowMs, candidates }: BatchClaim,
): Promise<ReadonlyMap<string, ErrorCode>> {
  const refused = new Map<string, ErrorCode>();
  await requireOpen(tx, sender, nowMs);
  await touchSender(tx, sender.senderId, nowMs);
  const taken = new Set(
    (
      await findItems(
        tx,
        candidates.map(({ objectId }) => objectId),
      )
    ).map((item) => toBase64Url(item.object_id)),
  );
  const { requestId } = sender;
  let wanted = candidates.filter(({ objectId, length }) => {
    const id = toBase64Url(objectId);
    if (taken.has(id)) refused.set(id, "object_exists");
    else if (length > request.max_item_bytes) refused.set(id, "request_full");
    return !refused.has(id);
  });
  const bytes = wanted.reduce((sum, { length }) => sum + length, 0);
  // Nearly always everything fits, and one statement says so.
  if (wanted.length > 0 && !(await takeRoom(tx, { requestId, bytes, items: wanted.length }))) {
    const fitting: typeof wanted = [];
    for (const one of wanted) {
      if (await takeRoom(tx, { requestId, bytes: one.length, items: 1 })) fitting.push(one);
      else refused.set(toBase64Url(one.objectId), "request_full");
    }
    wanted = fitting;
  }
  await insertItems(
    tx,
    wanted.map((one) => begun(sender, { ...one, nowMs })),
  );
  return refused;
}

function begun(
  { requestId, senderId }: RequestSender,
  { objectId, length, nowMs }: Pick<Claim, "objectId" | "length" | "nowMs">,
): BegunItem {
  const whose = { request_id: requestId, sender_id: senderId };
  return { object_id: objectId, ...whose, ciphertext_length: length, begun_ms: nowMs };
}

/** Of what was begun and will not be finished: the request has its room back. */
export async function release(
  tx: WriteHandle,
  item: Pick<BegunItem, "object_id" | "request_id" | "ciphertext_length">,
): Promise<void> {
  await deleteItem(tx, item.object_id);
  await giveBackRoom(tx, { requestId: item.request_id, bytes: item.ciphertext_length, items: 1 });
}
