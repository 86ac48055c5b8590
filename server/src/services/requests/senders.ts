import { ExcaliburError, equalBytes, toBase64Url } from "@excalibur/core/bytes";
import { canonicalOrigin, originHash, senderBindMessage } from "@excalibur/core/identity";
import { verifyLabelled } from "@excalibur/core/labels";
import { isStrongSignatureKey, randomBytes, sha256 } from "@excalibur/core/primitives";
import {
  LIMITS,
  type openRequest as openRoute,
  type ReplyOf,
  type SessionId,
  type UserId,
} from "@excalibur/core/protocol";
import type { LiveSession } from "../../auth/session.ts";
import {
  findRequest,
  findSenderByKey,
  findSenderRow,
  insertSender,
  makeRoomForSender,
  type RequestRow,
} from "../../db/stores/requests.ts";
import { Refusal } from "../../refusal.ts";
import { isDisabled, isOpen, type RequestsRoom } from "./requests-room.ts";

export interface Knock {
  readonly requestId: Uint8Array;
  readonly knock: Uint8Array;
}

const NOBODYS_HASH = new Uint8Array(32);

/** @throws Refusal `not_found`: without the knock a request that is there is like one that is not */
async function knocked({ database }: RequestsRoom, { requestId, knock }: Knock): Promise<RequestRow> {
  const request = await findRequest(database.read, requestId);
  const fits = equalBytes(sha256(knock), request?.knock_hash ?? NOBODYS_HASH);
  if (request === undefined || !fits) throw new Refusal("not_found");
  return request;
}

/** What a request shows to whoever has its address. */
export async function openRequest(room: RequestsRoom, knock: Knock): Promise<ReplyOf<typeof openRoute>> {
  const request = await knocked(room, knock);
  const disabled = await isDisabled(room.database.read, request.owner_user_id);
  return {
    publicKey: toBase64Url(request.public_key),
    sealedText: toBase64Url(request.sealed_text),
    isOpen: isOpen(request, room.clock()) && !disabled,
    expiresMs: request.expires_ms,
    maxItemBytes: request.max_item_bytes,
    freeBytes: Math.max(0, request.max_bytes - request.used_bytes),
    freeItems: Math.max(0, request.max_items - request.used_items),
  };
}

export interface NewSender extends Knock {
  readonly origin: string;
  readonly publicKey: Uint8Array;
  readonly proof: Uint8Array;
}

/**
 * A session of a key that proves itself, for this request alone (decisions/0048). The same key again is the same sender.
 * @throws Refusal `not_found`, `request_closed`, `too_many`, `bad_request` for a binding that is none
 */
export async function beginSending(room: RequestsRoom, sender: NewSender): Promise<Uint8Array> {
  const { database, clock } = room;
  const request = await knocked(room, sender);
  checkBinding(sender, room.origins());
  const { requestId, publicKey } = sender;
  const nowMs = clock();
  return await database.write(async (tx) => {
    const known = await findSenderByKey(tx, { requestId, publicKey });
    if (known !== undefined) return known.sender_id;
    if (!isOpen(request, nowMs) || (await isDisabled(tx, request.owner_user_id))) throw new Refusal("request_closed");
    if (!(await makeRoomForSender(tx, requestId, LIMITS.sendersPerRequest))) throw new Refusal("too_many");
    const senderId = randomBytes(16);
    const keys = { sender_id: senderId, request_id: requestId, public_key: publicKey };
    await insertSender(tx, { ...keys, created_ms: nowMs, last_used_ms: nowMs });
    return senderId;
  });
}

function checkBinding({ requestId, origin, publicKey, proof }: NewSender, origins: ReadonlySet<string>): void {
  if (!origins.has(origin) || !isCanonical(origin)) throw new Refusal("bad_request", { reason: "origin" });
  if (!isStrongSignatureKey(publicKey)) throw new Refusal("bad_request", { reason: "publicKey" });
  const message = senderBindMessage({ requestId, originHash: originHash(origin), sessionKey: publicKey });
  if (!verifyLabelled("sender", publicKey, message, proof)) throw new Refusal("bad_request", { reason: "proof" });
}

function isCanonical(origin: string): boolean {
  try {
    return canonicalOrigin(origin) === origin;
  } catch (error) {
    if (error instanceof ExcaliburError) return false;
    throw error;
  }
}

/** A sender's session if it is live. It is no account's: `userId` is the sender's own. */
export async function findSender(
  { database, clock }: Pick<RequestsRoom, "database" | "clock">,
  senderId: Uint8Array,
): Promise<LiveSession | undefined> {
  const row = await findSenderRow(database.read, senderId);
  if (row === undefined || clock() - row.last_used_ms >= LIMITS.senderIdleMs) return undefined;
  const text = toBase64Url(senderId);
  return {
    sender: { senderId, requestId: row.request_id, ownerId: row.owner_user_id },
    sessionId: senderId,
    sessionIdText: text as SessionId,
    userId: senderId,
    userIdText: text as UserId,
    publicKey: row.public_key,
    admin: false,
    disabled: false,
    signedInMs: row.created_ms,
    lastUsedMs: row.last_used_ms,
  };
}
