import { equalBytes, toBase64Url } from "@excalibur/core/bytes";
import { isStrongKemKey } from "@excalibur/core/primitives";
import {
  type BodyOf,
  type changeRequest as changeRoute,
  LIMITS,
  type RequestId,
  type RequestState,
} from "@excalibur/core/protocol";
import type { Static } from "typebox";
import type { ReadHandle } from "../../db/index.ts";
import { insertAudit } from "../../db/stores/audit.ts";
import { unfinishedUploadsInto } from "../../db/stores/request-items.ts";
import {
  countRequestsOf,
  deleteRequestRows,
  findRequest,
  insertRequest,
  listRequestsOf,
  type OwnedRequest,
  type RequestChange,
  updateRequest,
} from "../../db/stores/requests.ts";
import { decodeBytes } from "../../decode-bytes.ts";
import { Refusal } from "../../refusal.ts";
import type { Transact } from "../transact.ts";
import type { RequestsRoom } from "./requests-room.ts";

type State = Static<typeof RequestState>;
type Change = BodyOf<typeof changeRoute>;

export interface OwnRequest {
  readonly userId: Uint8Array;
  readonly requestId: Uint8Array;
}

export interface NewRequest extends OwnRequest {
  readonly publicKey: Uint8Array;
  readonly knockHash: Uint8Array;
  readonly change: Omit<Change, "closed">;
}

/** @throws Refusal `bad_request` for a weak key, `too_many`, `object_exists` for an id that is taken */
export function createRequest(room: RequestsRoom, request: NewRequest, transact: Transact): Promise<State> {
  const { userId, requestId, publicKey, knockHash, change } = request;
  if (!isStrongKemKey(publicKey)) throw new Refusal("bad_request", { reason: "publicKey" });
  return transact(async (tx) => {
    const nowMs = room.clock();
    if ((await countRequestsOf(tx, userId)) >= LIMITS.requestsPerUser) throw new Refusal("too_many");
    const isNew = await insertRequest(tx, {
      ...{ request_id: requestId, owner_user_id: userId, public_key: publicKey, knock_hash: knockHash },
      ...columnsOf(change, null),
      ...{ used_bytes: 0, used_items: 0, last_place: 0, created_ms: nowMs },
    });
    if (!isNew) throw new Refusal("object_exists");
    await insertAudit(tx, { atMs: nowMs, actor: userId, action: "request-created", subject: toBase64Url(requestId) });
    return await stateOf(tx, request);
  });
}

export async function listRequests({ database }: RequestsRoom, userId: Uint8Array): Promise<State[]> {
  return (await listRequestsOf(database.read, userId)).map(present);
}

/** What was sent before stays. @throws Refusal `not_found` */
export async function changeRequest(
  room: RequestsRoom,
  own: OwnRequest & { readonly change: Change },
  transact: Transact,
): Promise<State> {
  const { userId, requestId, change } = own;
  const state = await transact(async (tx) => {
    const { closed_ms: closedMs } = await requireOwn(tx, own);
    const nowMs = room.clock();
    await updateRequest(tx, requestId, columnsOf(change, change.closed ? (closedMs ?? nowMs) : null));
    await insertAudit(tx, { atMs: nowMs, actor: userId, action: "request-changed", subject: toBase64Url(requestId) });
    return await stateOf(tx, own);
  });
  announce(room, own);
  return state;
}

/** With its inbox and what was begun and not finished. Deleting what is not there succeeds. */
export async function deleteRequest(room: RequestsRoom, own: OwnRequest, transact: Transact): Promise<void> {
  const { userId, requestId } = own;
  const isOwn = async (read: ReadHandle) => {
    const request = await findRequest(read, requestId);
    return request !== undefined && equalBytes(request.owner_user_id, userId);
  };
  const unfinished = (await isOwn(room.database.read))
    ? await unfinishedUploadsInto(room.database.read, requestId)
    : [];
  await transact(async (tx) => {
    if (!(await isOwn(tx))) return;
    await deleteRequestRows(tx, requestId);
    const subject = toBase64Url(requestId);
    await insertAudit(tx, { atMs: room.clock(), actor: userId, action: "request-deleted", subject });
  });
  // After the request: whoever sends finds it gone. What a crash leaves here is forgotten like every abandoned upload.
  for (const objectId of unfinished)
    await room.uploads.cancelUpload({ userId, objectId }, (work) => room.database.write(work));
  announce(room, own);
}

/** @throws Refusal `not_found`, also for somebody else's */
export async function requireOwn(read: ReadHandle, { userId, requestId }: OwnRequest) {
  const request = await findRequest(read, requestId);
  if (request === undefined || !equalBytes(request.owner_user_id, userId)) throw new Refusal("not_found");
  return request;
}

export function announce({ announcer }: RequestsRoom, { userId, requestId }: OwnRequest): void {
  announcer.announce({ type: "request", userId: toBase64Url(userId), requestId: toBase64Url(requestId) });
}

async function stateOf(read: ReadHandle, { userId, requestId }: OwnRequest): Promise<State> {
  const [row] = await listRequestsOf(read, userId, requestId);
  if (row === undefined) throw new Refusal("not_found");
  return present(row);
}

function columnsOf({ sealedText, caps, expiresMs }: Omit<Change, "closed">, closedMs: number | null): RequestChange {
  return {
    sealed_text: decodeBytes(sealedText),
    max_bytes: caps.maxBytes,
    max_items: caps.maxItems,
    max_item_bytes: caps.maxItemBytes,
    expires_ms: expiresMs,
    closed_ms: closedMs,
  };
}

function present(row: OwnedRequest): State {
  return {
    requestId: toBase64Url(row.request_id) as RequestId,
    sealedText: toBase64Url(row.sealed_text),
    caps: { maxBytes: row.max_bytes, maxItems: row.max_items, maxItemBytes: row.max_item_bytes },
    expiresMs: row.expires_ms,
    createdMs: row.created_ms,
    closedMs: row.closed_ms,
    usedBytes: row.used_bytes,
    usedItems: row.used_items,
    waiting: row.waiting,
  };
}
