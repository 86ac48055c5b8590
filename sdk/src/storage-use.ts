import type { AccountStorage } from "./account/index.ts";
import type { Usage } from "./files/index.ts";

/** Everything that counts against a quota, each byte under one heading. */
export interface StorageUse extends Usage, AccountStorage {
  /** Uploaded and listed in no folder of this drive: of a file that is being stored, or of an upload that broke off. */
  readonly otherBytes: number;
}

/** The server does not see what an entry lists, and a drive not what was deleted: together they know. */
export function toStorageUse(account: AccountStorage, usage: Usage): StorageUse {
  const { usedBytes, deletedBytes, unfinishedBytes } = account;
  const told = usage.currentBytes + usage.versionsBytes + usage.trashBytes + deletedBytes + unfinishedBytes;
  return { ...account, ...usage, otherBytes: Math.max(0, usedBytes - told) };
}
