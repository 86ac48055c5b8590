import type { getStorage, ReplyOf } from "@excalibur/core/protocol";
import type { LiveSession } from "../../auth/session.ts";
import type { Database } from "../../db/index.ts";
import { findAccount } from "../../db/stores/accounts.ts";
import { deletedObjectsOf, unfinishedBytesOf } from "../../db/stores/quota.ts";
import { Refusal } from "../../refusal.ts";

export interface StorageOptions {
  readonly database: Database;
  readonly retentionMs: number;
}

/** What an account's quota is spent on, as far as a server can know. */
export function createStorage({ database, retentionMs }: StorageOptions) {
  return ({ userId }: LiveSession): Promise<ReplyOf<typeof getStorage>> =>
    database.snapshot(async (read) => {
      const account = await findAccount(read, userId);
      if (account === undefined) throw new Refusal("not_found");
      const deleted = await deletedObjectsOf(read, userId);
      return {
        usedBytes: account.used_bytes,
        quotaBytes: account.quota_bytes,
        deletedBytes: deleted.sizeBytes,
        nextFreeMs: deleted.firstDroppedMs === undefined ? null : deleted.firstDroppedMs + retentionMs,
        unfinishedBytes: await unfinishedBytesOf(read, userId),
        retentionMs,
      } as ReplyOf<typeof getStorage>;
    });
}
