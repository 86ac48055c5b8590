import type { RequestSender } from "../../auth/session.ts";
import type { Database, ReadHandle } from "../../db/index.ts";
import { findRequest, type RequestRow } from "../../db/stores/requests.ts";
import type { Announcer } from "../../realtime/index.ts";
import { Refusal } from "../../refusal.ts";
import type { Objects } from "../objects/index.ts";
import type { Uploads } from "../uploads/index.ts";

/** What the operations on upload requests share. */
export interface RequestsRoom {
  readonly database: Database;
  readonly announcer: Announcer;
  readonly uploads: Uploads;
  readonly objects: Objects;
  readonly clock: () => number;
  /** The origins that this server is reached under. */
  readonly origins: () => ReadonlySet<string>;
}

/** Whether a request takes anything now; its owner's account aside. */
export function isOpen({ closed_ms, expires_ms }: RequestRow, nowMs: number): boolean {
  return closed_ms === null && (expires_ms === null || expires_ms > nowMs);
}

/** The request a sender may send into now. @throws Refusal `request_closed`, also when it is gone */
export async function requireOpen(read: ReadHandle, sender: RequestSender, nowMs: number): Promise<RequestRow> {
  const request = await findRequest(read, sender.requestId);
  if (request === undefined || !isOpen(request, nowMs) || (await isDisabled(read, request.owner_user_id)))
    throw new Refusal("request_closed");
  return request;
}

export async function isDisabled(read: ReadHandle, userId: Uint8Array): Promise<boolean> {
  const row = await read.selectFrom("accounts").select("disabled").where("user_id", "=", userId).executeTakeFirst();
  return row?.disabled !== 0;
}
