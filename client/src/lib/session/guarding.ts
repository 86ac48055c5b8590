import type { GuardStore, GuardWords } from "../../native/types.ts";

/** What of the engine it takes. */
export interface GuardedAccount {
  guard(): Promise<string>;
  beGuarded(): Promise<void>;
  dropGuard(): Promise<void>;
}

/** false: the person put the question away. Without the key store's consent nothing opens the drive but what did before. */
export async function turnGuardOn(account: GuardedAccount, store: GuardStore, words: GuardWords): Promise<boolean> {
  let isKept: true | undefined;
  try {
    isKept = await store.keep(await account.guard(), words);
  } finally {
    if (isKept === undefined) await account.dropGuard();
  }
  if (isKept) await account.beGuarded();
  return isKept === true;
}

/** First what it would open: whatever the key store does then, its secret is worthless. */
export async function turnGuardOff(account: Pick<GuardedAccount, "dropGuard">, store: GuardStore): Promise<void> {
  await account.dropGuard();
  await store.drop();
}
