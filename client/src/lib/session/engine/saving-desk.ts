import { fromBase64Url } from "@excalibur/core/bytes";
import { measureVisited, saveVisited } from "@excalibur/sdk";
import type { AccountDesk } from "./account-desk.ts";
import { itemsOf } from "./archive-job.ts";
import { failureOf } from "./failure.ts";
import { type PlaceChoice, placeChoice } from "./folder-desk.ts";
import type { SaveForm, SaveOutcome, SaveProgress } from "./link-types.ts";
import type { AccountState, EngineFailure } from "./types.ts";
import type { VisitDesk } from "./visit-desk.ts";

const TOLD_EVERY_MS = 200;
/** More than anybody reads; the others are counted. */
const FAILURES_SHOWN = 100;

/**
 * What a link leads to, saved into the drive of whoever is signed in in this browser. The account is opened for that alone, when
 * they ask for it, and put away with it (docs/decisions/0069).
 */
export class SavingDesk {
  readonly #accounts: AccountDesk;
  readonly #visits: VisitDesk;
  #saving = new AbortController();

  constructor(accounts: AccountDesk, visits: VisitDesk) {
    this.#accounts = accounts;
    this.#visits = visits;
  }

  async open(): Promise<AccountState> {
    return await this.#accounts.open();
  }

  /** For this window, until `close`. */
  async unlock({ name, password }: { readonly name: string; readonly password: string }): Promise<AccountState> {
    return await this.#accounts.signIn({ name, password, stay: false });
  }

  /** Folders of the drive into which something can be saved. */
  async subfolders(folderId?: string): Promise<PlaceChoice> {
    return await placeChoice(await this.#accounts.rooms(), folderId);
  }

  /** Resolves when everything is saved, has failed, or was stopped: what was saved until then stays. */
  async save({ items, folderId }: SaveForm, tell: (progress: SaveProgress) => void): Promise<SaveOutcome> {
    const { visit } = this.#visits;
    const drive = await this.#accounts.account.drive();
    this.#saving = new AbortController();
    const { signal } = this.#saving;
    const wanted = await itemsOf(visit.files, items);
    const all = await measureVisited(visit, { items: wanted, signal });
    const failures: EngineFailure[] = [];
    const sums = { saved: 0, failed: 0, doneBytes: 0 };
    let toldMs = 0;
    const say = (isLast = false): void => {
      const nowMs = performance.now();
      if (!isLast && nowMs - toldMs < TOLD_EVERY_MS) return;
      toldMs = nowMs;
      tell({ ...all, doneFiles: sums.saved + sums.failed, doneBytes: sums.doneBytes });
    };
    say();
    try {
      await saveVisited(drive, visit, {
        ...{ items: wanted, folderId: fromBase64Url(folderId), signal },
        onBytes: (bytes) => {
          sums.doneBytes += bytes;
          say();
        },
        onResult: (result) => {
          if ("error" in result) {
            if (signal.aborted) return;
            sums.failed += 1;
            if (failures.length < FAILURES_SHOWN) {
              failures.push({ ...failureOf(result.error), path: result.request.path });
            }
          } else sums.saved += 1;
          say();
        },
      });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    say(true);
    return { saved: sums.saved, failed: sums.failed, failures, isStopped: signal.aborted };
  }

  stop(): void {
    this.#saving.abort();
  }

  /** The account is put away again. */
  async close(): Promise<void> {
    this.#saving.abort();
    await this.#accounts.dropKeys();
  }
}
