import {
  callback,
  type Decision,
  failureOf,
  type Session,
  type TransferNews,
  type Unfinished,
  type UploadEntry,
} from "../session/index.ts";
import { fetchWanted, type Wanted } from "./downloads.ts";
import { freeBytes } from "./free-space.ts";
import type { Picking } from "./picked.ts";
import { Questions } from "./questions.ts";
import { Speed } from "./speed.ts";
import { isOver, type NewTransfer, newTransfer, type Transfer, TransferList } from "./transfer-list.ts";
import type { TooMuch, TransfersState } from "./transfers-state.ts";

export type { Transfer, TransferStatus } from "./transfer-list.ts";
export type { TooMuch, TransfersState } from "./transfers-state.ts";

/** News comes far more often than anybody can read. */
const DRAW_EVERY_MS = 150;
/** Entries of one message to the worker. */
const ENTRIES_A_MESSAGE = 500;

interface Batch {
  readonly id: string;
  /** What is needed to send one again; forgotten when it is there. */
  readonly entries: Map<number, UploadEntry>;
  /** Those without a result. */
  open: number;
  /** It is being filled, or waited for. */
  isBusy: boolean;
  isFinishing: boolean;
}

/** Everything that is on its way, or was, in this window: for the panel, and for whoever starts something. */
export class Transfers {
  readonly #session: Session;
  readonly #listeners = new Set<() => void>();
  #list = new TransferList();
  readonly #batches = new Map<string, Batch>();
  readonly #downloads = new Map<number, Wanted>();
  readonly #speed = new Speed(() => performance.now());
  #state: TransfersState;
  #drawing: ReturnType<typeof setTimeout> | undefined;
  #isPaused = false;
  #found: number | undefined;
  #tooMuch: (TooMuch & { readonly decide: (goOn: boolean) => void }) | undefined;
  #isWatching = false;
  readonly #questions = new Questions();
  #lastKey = 0;

  constructor(session: Session) {
    this.#session = session;
    this.#state = this.#snapshot(0);
    session.subscribe(() => {
      if (session.state.status !== "open") this.#forgetAll();
    });
    addEventListener("beforeunload", (event) => {
      // What was given a moment ago is not drawn yet.
      if (this.#snapshot(0).isActive) event.preventDefault();
    });
  }

  get state(): TransfersState {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** In the order in which they want attention; made anew for each call. */
  rows(): readonly Transfer[] {
    return this.#list.rows();
  }

  /** Looks through folders, asks whether there is room, and sends. Failures become the transfers' own. */
  async upload(folderId: string, picking: Picking): Promise<void> {
    const batch = this.#open();
    try {
      const entries = await this.#collect(batch, picking);
      if (!(await this.#hasRoom(entries))) {
        this.#batches.delete(batch.id);
        return;
      }
      const { transfers } = this.#session.engine;
      await transfers.open(
        { id: batch.id, folderId },
        callback((news: readonly TransferNews[]) => this.#hear(batch, news)),
      );
      if (this.#isPaused) await transfers.pause();
      for (const { key, name, file } of entries) this.#add(batch, { key, name, file, direction: "up" });
      for (let at = 0; at < entries.length; at += ENTRIES_A_MESSAGE) {
        await transfers.add(batch.id, entries.slice(at, at + ENTRIES_A_MESSAGE));
      }
      await transfers.end(batch.id);
    } catch (error) {
      this.#fail(batch, error);
      return;
    }
    await this.#finish(batch);
  }

  async download(wanted: Wanted): Promise<void> {
    const batch = this.#open();
    const key = this.#nextKey();
    this.#add(batch, { key, name: wanted.name, sizeBytes: wanted.sizeBytes ?? 0, direction: "down" });
    this.#downloads.set(key, wanted);
    const hear = (news: readonly TransferNews[]): void => this.#hear(batch, news);
    try {
      await fetchWanted(this.#session, wanted, { id: batch.id, key, hear });
    } catch (error) {
      this.#fail(batch, error);
    }
    batch.isBusy = false;
  }

  /** Offers what windows left behind that are gone, this one before its reload among them. */
  async offerUnfinished(): Promise<void> {
    if (this.#isWatching) return;
    this.#isWatching = true;
    const { transfers } = this.#session.engine;
    await transfers.watchUnfinished(callback((uploads: readonly Unfinished[]) => this.#offer(uploads)));
  }

  /** With the same file again an interrupted upload goes on; with another it does not, and says so. */
  async goOn(transfer: Transfer, file: File): Promise<void> {
    const { unfinished } = transfer;
    if (unfinished === undefined) return;
    const { folderId, name, sizeBytes, modifiedMs } = unfinished;
    if (file.size !== sizeBytes || file.lastModified !== modifiedMs) {
      transfer.wasOtherFile = true;
      this.#draw();
      return;
    }
    await this.dismiss(transfer);
    async function* picking(): Picking {
      yield [{ path: [], name, file }];
    }
    await this.upload(folderId, picking());
  }

  /** An interrupted upload is not offered again. */
  async dismiss(transfer: Transfer): Promise<void> {
    this.#list.remove(transfer);
    this.#draw();
    if (transfer.unfinished) await this.#session.engine.transfers.forgetUnfinished([transfer.unfinished.id]);
  }

  #offer(uploads: readonly Unfinished[]): void {
    for (const unfinished of uploads) {
      const { name, sizeBytes, modifiedMs } = unfinished;
      const facts = { name, sizeBytes, modifiedMs, isFolder: false, doneBytes: 0, unfinished };
      this.#list.add({ key: this.#nextKey(), batchId: "", direction: "up", status: "interrupted", ...facts });
    }
    this.#draw();
  }

  pause(): void {
    this.#isPaused = true;
    void this.#session.engine.transfers.pause();
    this.#draw();
  }

  resume(): void {
    this.#isPaused = false;
    this.#speed.restart();
    void this.#session.engine.transfers.resume();
    this.#draw();
  }

  cancel({ key, batchId }: Transfer): void {
    void this.#session.engine.transfers.cancel(batchId, [key]);
  }

  cancelAll(): void {
    const open = (["waiting", "running", "conflict"] as const).flatMap((status) => [...this.#list.with(status)]);
    for (const [batchId, some] of Map.groupBy(open, (transfer) => transfer.batchId)) {
      void this.#session.engine.transfers.cancel(
        batchId,
        some.map(({ key }) => key),
      );
    }
    if (this.#isPaused) this.resume();
  }

  /** Sends again what failed or was given up; what the server has of it already is not sent twice. */
  retry(wanted: readonly Transfer[]): void {
    for (const [batchId, some] of Map.groupBy(wanted, (transfer) => transfer.batchId)) {
      for (const transfer of some) this.#downloadAgain(transfer);
      const batch = this.#batches.get(batchId);
      if (batch === undefined) continue;
      const entries = some.flatMap(({ key }) => batch.entries.get(key) ?? []);
      for (const transfer of some) {
        if (!batch.entries.has(transfer.key)) continue;
        batch.open += 1;
        this.#list.move(transfer, "waiting");
      }
      void this.#session.engine.transfers.add(batchId, entries).then(() => this.#finish(batch));
    }
    this.#draw();
  }

  canRetry({ key, batchId, status }: Transfer): boolean {
    const isOver = status === "failed" || status === "cancelled";
    return isOver && (this.#downloads.has(key) || this.#batches.get(batchId)?.entries.has(key) === true);
  }

  /** The browser has thrown away what it had: from the beginning, as a new one. */
  #downloadAgain(transfer: Transfer): void {
    const wanted = this.#downloads.get(transfer.key);
    if (wanted === undefined) return;
    this.#forget(transfer);
    void this.download(wanted);
  }

  /** Opens the question about this one; undefined: later, and none comes by itself until there is a new one. */
  ask(transfer: Transfer | undefined): void {
    if (transfer === undefined) this.#questions.putOff(this.#list.with("conflict"));
    else this.#questions.ask(transfer);
    this.#draw();
  }

  decide(transfer: Transfer, decision: Decision, forAll: boolean): void {
    const { key, batchId } = transfer;
    this.#questions.putOff([transfer]);
    this.#draw();
    void this.#session.engine.transfers.answer(batchId, { key, decision, forAll });
  }

  decideRoom(goOn: boolean): void {
    this.#tooMuch?.decide(goOn);
  }

  /** Forgets what has ended. */
  clear(): void {
    for (const status of ["done", "failed", "cancelled", "skipped"] as const) {
      for (const transfer of [...this.#list.with(status)]) this.#forget(transfer);
    }
    for (const [id, { entries, open, isBusy }] of this.#batches) {
      if (open > 0 || isBusy || entries.size > 0) continue;
      this.#batches.delete(id);
      void this.#session.engine.transfers.forget(id);
    }
    this.#draw();
  }

  #forget(transfer: Transfer): void {
    this.#list.remove(transfer);
    this.#downloads.delete(transfer.key);
    this.#batches.get(transfer.batchId)?.entries.delete(transfer.key);
  }

  #open(): Batch {
    // What ended before, and well, makes room for what begins now.
    if (!this.#state.isActive && this.#list.with("failed").size === 0) this.clear();
    const batch: Batch = { id: `b${this.#nextKey()}`, entries: new Map(), open: 0, isBusy: true, isFinishing: false };
    this.#batches.set(batch.id, batch);
    return batch;
  }

  #nextKey(): number {
    this.#lastKey += 1;
    return this.#lastKey;
  }

  async #collect(batch: Batch, picking: Picking): Promise<UploadEntry[]> {
    this.#found = 0;
    this.#draw();
    try {
      for await (const some of picking) {
        for (const { isUnreadable, ...picked } of some) {
          const key = this.#nextKey();
          if (isUnreadable) this.#addUnreadable(batch, key, picked.name);
          else batch.entries.set(key, { key, ...picked });
        }
        this.#found += some.length;
        this.#drawSoon();
      }
      return [...batch.entries.values()];
    } finally {
      this.#found = undefined;
      this.#draw();
    }
  }

  /** False: somebody thought better of it. A server that does not say how much is left is asked by sending. */
  async #hasRoom(entries: readonly UploadEntry[]): Promise<boolean> {
    const neededBytes = entries.reduce((sum, { file }) => sum + (file?.size ?? 0), 0);
    const left = await freeBytes(this.#session);
    if (neededBytes <= left) return true;
    const files = entries.filter(({ file }) => file !== undefined).length;
    const goesOn = await new Promise<boolean>((decide) => {
      this.#tooMuch = { files, neededBytes, freeBytes: left, decide };
      this.#draw();
    });
    this.#tooMuch = undefined;
    this.#draw();
    return goesOn;
  }

  #add(batch: Batch, what: Omit<NewTransfer, "batchId">): void {
    batch.open += 1;
    this.#list.add(newTransfer({ ...what, batchId: batch.id }));
    this.#drawSoon();
  }

  #addUnreadable(batch: Batch, key: number, name: string): void {
    const failure = { code: "local_unreadable", message: "The browser could not open it." };
    const transfer = newTransfer({ key, batchId: batch.id, name, direction: "up", sizeBytes: 0 });
    this.#list.add({ ...transfer, status: "failed", failure });
  }

  async #finish(batch: Batch): Promise<void> {
    if (batch.isFinishing) return;
    batch.isFinishing = true;
    batch.isBusy = true;
    try {
      // Again for what was added after the last look of the worker.
      while (batch.open > 0 && this.#batches.has(batch.id)) await this.#session.engine.transfers.finish(batch.id);
    } catch (error) {
      this.#fail(batch, error);
    }
    batch.isFinishing = false;
    batch.isBusy = false;
  }

  /** Not one file, but the way itself: everything that was open ends with it. */
  #fail(batch: Batch, error: unknown): void {
    const failure = failureOf(error);
    const open = (["waiting", "running", "conflict"] as const).flatMap((status) => [...this.#list.with(status)]);
    const mine = open.filter(({ batchId }) => batchId === batch.id);
    if (mine.length === 0 && this.#batches.has(batch.id)) this.#session.report(error);
    this.#hear(
      batch,
      mine.map(({ key }) => ({ type: "failed", key, failure })),
    );
    batch.isBusy = false;
  }

  #hear(batch: Batch, news: readonly TransferNews[]): void {
    for (const each of news) {
      const before = this.#list.get(each.key)?.status;
      this.#speed.add(this.#list.hear(each));
      const after = this.#list.get(each.key)?.status;
      if (isOver(after) && !isOver(before)) batch.open -= 1;
      if (after !== "done") continue;
      batch.entries.delete(each.key);
      this.#downloads.delete(each.key);
    }
    this.#drawSoon();
  }

  /** Locked, or signed out: whoever comes next sees no names of files. What was under way ended with the keys. */
  #forgetAll(): void {
    if (this.#list.size === 0 && !this.#isWatching) return;
    for (const id of this.#batches.keys()) void this.#session.engine.transfers.forget(id);
    this.#batches.clear();
    this.#downloads.clear();
    this.#list = new TransferList();
    this.#tooMuch?.decide(false);
    this.#isPaused = false;
    this.#isWatching = false;
    this.#draw();
  }

  #drawSoon(): void {
    this.#drawing ??= setTimeout(() => this.#draw(), DRAW_EVERY_MS);
  }

  #draw(): void {
    clearTimeout(this.#drawing);
    this.#drawing = undefined;
    this.#state = this.#snapshot(this.#state.version + 1);
    for (const listener of this.#listeners) listener();
  }

  #snapshot(version: number): TransfersState {
    const counts = this.#list.counts;
    const isMoving = counts.running > 0 && !this.#isPaused;
    const isOpen = counts.waiting + counts.running > 0;
    return {
      version,
      count: this.#list.size,
      counts,
      totalBytes: this.#list.totalBytes,
      doneBytes: this.#list.doneBytes,
      bytesPerSecond: isMoving ? this.#speed.perSecond() : undefined,
      isActive: isOpen || counts.conflict > 0 || this.#found !== undefined,
      isRunning: (isOpen && !this.#isPaused) || this.#found !== undefined,
      isPaused: this.#isPaused,
      found: this.#found,
      tooMuch: this.#tooMuch,
      asking: this.#questions.current(this.#list.with("conflict")),
    };
  }
}
