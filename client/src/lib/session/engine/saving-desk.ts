import { fromBase64Url } from "@excalibur/core/bytes";
import { measureVisited, type SavedFile, type SaveOptions, saveAgain, saveVisited } from "@excalibur/sdk";
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

type Sum = Pick<SaveProgress, "files" | "sizeBytes">;
type Tell = (progress: SaveProgress) => void;

/**
 * What a link leads to, saved into the drive of whoever is signed in in this browser. The account is opened for that alone, when
 * they ask for it, and put away with it (docs/decisions/0069).
 */
export class SavingDesk {
  readonly #accounts: AccountDesk;
  readonly #visits: VisitDesk;
  #saving = new AbortController();
  /** Of the last time. */
  #failed: SavedFile[] = [];
  #into: Uint8Array | undefined;

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
  async save({ items, folderId }: SaveForm, tell: Tell): Promise<SaveOutcome> {
    const { visit } = this.#visits;
    const drive = await this.#accounts.account.drive();
    const wanted = await itemsOf(visit.files, items);
    const signal = this.#begin();
    const all = await measureVisited(visit, { items: wanted, signal });
    this.#into = fromBase64Url(folderId);
    const wish = { items: wanted, folderId: this.#into, signal };
    return await this.#run({ all, signal, tell }, (hooks) => saveVisited(drive, visit, { ...wish, ...hooks }));
  }

  /** What failed the last time, once more; what was saved then stays as it is. */
  async saveAgain(tell: Tell): Promise<SaveOutcome> {
    const { visit } = this.#visits;
    const drive = await this.#accounts.account.drive();
    const failed = this.#failed;
    const signal = this.#begin();
    // What stood in the way may have been taken out of it by another window, which nobody follows here.
    if (this.#into !== undefined) await (await drive.volumes.place(this.#into)).volume.catchUp({ signal });
    const all = { files: failed.length, sizeBytes: failed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
    return await this.#run({ all, signal, tell }, (hooks) => saveAgain(drive, visit, { failed, signal, ...hooks }));
  }

  #begin(): AbortSignal {
    this.#saving = new AbortController();
    this.#failed = [];
    return this.#saving.signal;
  }

  async #run(
    { all, signal, tell }: { readonly all: Sum; readonly signal: AbortSignal; readonly tell: Tell },
    save: (hooks: Required<Pick<SaveOptions, "onBytes" | "onResult">>) => Promise<unknown>,
  ): Promise<SaveOutcome> {
    const failures: EngineFailure[] = [];
    const sums = { saved: 0, failed: 0, doneBytes: 0 };
    let toldMs = 0;
    const say = (isLast = false): void => {
      const nowMs = performance.now();
      if (!isLast && nowMs - toldMs < TOLD_EVERY_MS) return;
      toldMs = nowMs;
      // A folder that is tried again brings more than was counted.
      const doneFiles = sums.saved + sums.failed;
      tell({ ...all, files: Math.max(all.files, doneFiles), doneFiles, doneBytes: sums.doneBytes });
    };
    say();
    try {
      await save({
        onBytes: (bytes) => {
          sums.doneBytes += bytes;
          say();
        },
        onResult: (result) => {
          if ("error" in result) {
            if (signal.aborted) return;
            sums.failed += 1;
            this.#failed.push(result.request);
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
    this.#failed = [];
    await this.#accounts.dropKeys();
  }
}
