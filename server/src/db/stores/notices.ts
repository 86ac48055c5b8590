import type { ReadHandle, WriteHandle } from "../database.ts";

/** What a running server can be told by whoever changes its database from beside it. */
export type NoticeKind =
  /** Subject: the session's id as it travels. Its sockets have to go. */
  | "session-ended"
  /** Subject: the account's id as it travels. What memory holds of it has to go. */
  | "account-removed";

export interface Notice {
  readonly kind: NoticeKind;
  readonly subject: string;
}

/** Older ones are of no use: every server has read them, or has been started since. */
const KEPT_MS = 24 * 3_600_000;

export async function newestNoticeId(read: ReadHandle): Promise<number> {
  const newest = await read
    .selectFrom("notices")
    .select("notice_id")
    .orderBy("notice_id", "desc")
    .limit(1)
    .executeTakeFirst();
  return newest?.notice_id ?? 0;
}

/**
 * To be read by every server within half a second, in the order of the transactions. Numbers are made from the newest row
 * inside the transaction and the newest row stays for ever, so that none is skipped and none comes twice.
 */
export async function insertNotices(tx: WriteHandle, notices: readonly Notice[], nowMs: number): Promise<void> {
  if (notices.length === 0) return;
  const newest = await newestNoticeId(tx);
  await tx
    .deleteFrom("notices")
    .where("at_ms", "<", nowMs - KEPT_MS)
    .where("notice_id", "<", newest)
    .execute();
  const rows = notices.map((notice, index) => ({ notice_id: newest + 1 + index, at_ms: nowMs, ...notice }));
  await tx.insertInto("notices").values(rows).execute();
}

export async function listNoticesAfter(
  read: ReadHandle,
  noticeId: number,
  limit: number,
): Promise<(Notice & { readonly noticeId: number })[]> {
  const rows = await read
    .selectFrom("notices")
    .select(["notice_id", "kind", "subject"])
    .where("notice_id", ">", noticeId)
    .orderBy("notice_id")
    .limit(limit)
    .execute();
  return rows.map(({ notice_id, kind, subject }) => ({ noticeId: notice_id, kind: kind as NoticeKind, subject }));
}
