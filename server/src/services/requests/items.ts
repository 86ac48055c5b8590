import { equalBytes, toBase64Url } from "@excalibur/core/bytes";
import {
  type BodyOf,
  type Hash,
  LIMITS,
  type listItems as listRoute,
  type ObjectId,
  type postItems as postRoute,
  type ReplyOf,
  type listSent as sentRoute,
  type settleItems as settleRoute,
} from "@excalibur/core/protocol";
import type { RequestSender } from "../../auth/session.ts";
import type { WriteHandle } from "../../db/index.ts";
import { countAudit } from "../../db/stores/audit.ts";
import { findObjects } from "../../db/stores/objects.ts";
import {
  findItems,
  listedObjects,
  listSentBy,
  listWaiting,
  markArrived,
  markSettled,
  type RequestItemRow,
} from "../../db/stores/request-items.ts";
import { giveBackRoom, takePlaces, touchSender } from "../../db/stores/requests.ts";
import { decodeBytes } from "../../decode-bytes.ts";
import { Refusal } from "../../refusal.ts";
import type { Transact } from "../transact.ts";
import { announce, type OwnRequest, requireOwn } from "./manage.ts";
import { type RequestsRoom, requireOpen } from "./requests-room.ts";
import { isOwn } from "./sender-uploads.ts";

const SLICE = LIMITS.requestItemsAtOnce;

/** Into the inbox. Posting again changes nothing. @throws Refusal `request_closed`, `object_missing` */
export async function postItems(
  room: RequestsRoom,
  { sender, items }: { readonly sender: RequestSender } & BodyOf<typeof postRoute>,
  transact: Transact,
): Promise<ReplyOf<typeof postRoute>> {
  const descriptions = new Map(
    items.map(({ objectId, description }) => [objectId as string, decodeBytes(description)]),
  );
  const ids = [...descriptions.keys()].map(decodeBytes);
  const { ownerId: userId, requestId, senderId } = sender;
  const reply = await transact(async (tx) => {
    const nowMs = room.clock();
    await requireOpen(tx, sender, nowMs);
    const known = new Map((await findItems(tx, ids)).map((item) => [toBase64Url(item.object_id), item]));
    const stored = new Set((await findObjects(tx, ids)).map((object) => toBase64Url(object.object_id)));
    const missing = [...descriptions.keys()].filter((id) => !stored.has(id) || !isOwn(known.get(id), sender));
    if (missing.length > 0) throw new Refusal("object_missing", { ids: missing });
    const fresh = [...descriptions].filter(([id]) => known.get(id)?.arrived_ms === null);
    if (fresh.length === 0) return { arrivedMs: nowMs };
    let place = await takePlaces(tx, requestId, fresh.length);
    for (const [id, description] of fresh) {
      await markArrived(tx, { objectId: decodeBytes(id), description, place, nowMs });
      place += 1;
    }
    await touchSender(tx, senderId, nowMs);
    // How often, by the hour: strangers can make it happen as often as the caps allow.
    await countAudit(tx, { atMs: nowMs, actor: "anybody", action: "request-items", subject: toBase64Url(requestId) });
    return { arrivedMs: nowMs };
  });
  announce(room, { userId, requestId });
  return reply;
}

/** @throws Refusal `not_found` */
export async function listItems(
  { database }: RequestsRoom,
  own: OwnRequest & { readonly after: number },
): Promise<ReplyOf<typeof listRoute>> {
  await requireOwn(database.read, own);
  const rows = await listWaiting(database.read, own.requestId, { after: own.after, limit: SLICE + 1 });
  const items = rows.slice(0, SLICE).map((row) => ({
    objectId: toBase64Url(row.object_id) as ObjectId,
    place: Number(row.place),
    arrivedMs: Number(row.arrived_ms),
    ciphertextLength: row.ciphertext_length,
    root: toBase64Url(row.root) as Hash,
    description: toBase64Url(row.description ?? new Uint8Array()),
  }));
  return { items, more: rows.length > SLICE };
}

export async function listSent(
  { database }: RequestsRoom,
  { sender, after }: { readonly sender: RequestSender; readonly after: number },
): Promise<ReplyOf<typeof sentRoute>> {
  const rows = await listSentBy(database.read, sender.senderId, { after, limit: SLICE + 1 });
  const items = rows.slice(0, SLICE).map((row) => ({
    objectId: toBase64Url(row.object_id) as ObjectId,
    place: Number(row.place),
    arrivedMs: Number(row.arrived_ms),
    proof: row.filed_proof === null ? null : toBase64Url(row.filed_proof),
  }));
  return { items, more: rows.length > SLICE };
}

/** Out of the inbox. Settling again changes nothing. @throws Refusal `not_found`, `item_not_filed` */
export async function settleItems(
  room: RequestsRoom,
  settling: OwnRequest & BodyOf<typeof settleRoute>,
  transact: Transact,
): Promise<void> {
  const { requestId, filed, rejected } = settling;
  const proofs = new Map(filed.map(({ objectId, proof }) => [objectId as string, decodeBytes(proof)]));
  await transact(async (tx) => {
    await requireOwn(tx, settling);
    const waiting = await waitingOf(tx, requestId, [...proofs.keys(), ...rejected]);
    const toFile = waiting.filter((item) => proofs.has(toBase64Url(item.object_id)));
    const listed = await listedObjects(
      tx,
      toFile.map((item) => item.object_id),
    );
    if (listed.length < toFile.length) throw new Refusal("item_not_filed");
    for (const item of waiting) {
      const proof = proofs.get(toBase64Url(item.object_id)) ?? null;
      await markSettled(tx, item.object_id, proof);
      if (proof === null) await giveBackRoom(tx, { requestId, bytes: item.ciphertext_length, items: 1 });
    }
  });
  announce(room, settling);
}

async function waitingOf(tx: WriteHandle, requestId: Uint8Array, ids: readonly string[]): Promise<RequestItemRow[]> {
  const items = await findItems(tx, [...new Set(ids)].map(decodeBytes));
  return items.filter((item) => equalBytes(item.request_id, requestId) && item.description !== null);
}
