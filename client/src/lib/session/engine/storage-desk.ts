import { toBase64Url } from "@excalibur/core/bytes";
import { Breakdown } from "@excalibur/sdk";
import { type ItemKind, kindOf } from "../../files/kind-of.ts";
import type { AccountDesk } from "./account-desk.ts";
import type { StorageView } from "./types.ts";

const LARGEST = 8;
/** A message for each file would take longer than counting it. */
const TELL_EVERY = 500;

/** What the space is spent on. */
export class StorageDesk {
  readonly #accounts: AccountDesk;
  #counting: AbortController | undefined;

  constructor(accounts: AccountDesk) {
    this.#accounts = accounts;
  }

  /** Looks at every file; `onFiles` is told how many it has seen. A later count ends an earlier one. */
  async count(onFiles: (files: number) => void): Promise<StorageView> {
    this.cancel();
    const counting = new AbortController();
    this.#counting = counting;
    const breakdown = new Breakdown(kindOf);
    const use = await this.#accounts.account.storage({
      signal: counting.signal,
      onItem: (item, addedBytes) => {
        breakdown.look(item, addedBytes);
        if (item.type === "file" && breakdown.files % TELL_EVERY === 0) onFiles(breakdown.files);
      },
    });
    const { usedBytes, quotaBytes, versionsBytes, trashBytes, deletedBytes, nextFreeMs, damaged } = use;
    return {
      ...{ usedBytes, quotaBytes, versionsBytes, trashBytes, deletedBytes, nextFreeMs },
      otherBytes: use.otherBytes + use.unfinishedBytes,
      isDamaged: damaged > 0,
      kinds: breakdown.kinds.map(({ kind, ...share }) => ({ ...share, kind: kind as ItemKind })),
      folders: breakdown
        .largestFolders(LARGEST)
        .map(({ folderId, path, sizeBytes }) => ({ id: toBase64Url(folderId), path, sizeBytes })),
    };
  }

  cancel(): void {
    this.#counting?.abort();
    this.#counting = undefined;
  }
}
