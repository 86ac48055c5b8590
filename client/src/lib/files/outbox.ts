import {
  callback,
  type EngineFailure,
  failureOf,
  type LeftBehind,
  type ReceiptView,
  type RemoteEngine,
  type Said,
  type SendEntry,
  type TransferNews,
} from "../session/index.ts";
import type { Picking } from "./picked.ts";
import { Speed } from "./speed.ts";
import { type Counts, newTransfer, type Transfer, TransferList } from "./transfer-list.ts";

/** News comes far more often than anybody can read. */
const DRAW_EVERY_MS = 150;

export interface OutboxState {
  /** Grows with every change: rows are changed in place. */
  readonly version: number;
  readonly count: number;
  readonly counts: Counts;
  readonly totalBytes: number;
  readonly doneBytes: number;
  /** undefined: not moving, or not long enough to say. */
  readonly bytesPerSecond: number | undefined;
  /** Chosen, and not sent before somebody says so. */
  readonly chosen: { readonly files: number; readonly sizeBytes: number };
  /** What is chosen is more than the request still takes. */
  readonly isTooMuch: boolean;
  readonly isMoving: boolean;
  readonly isPaused: boolean;
  /** Folders are being looked through. */
  readonly isLooking: boolean;
  /** Chosen in an earlier window, and not there yet. */
  readonly left: readonly LeftBehind[];
  /** Of all of it, and not of one file. */
  readonly failure: EngineFailure | undefined;
}

/** What somebody sends into an upload request: chosen, on its way, and there. */
export class Outbox {
  readonly #sending: RemoteEngine["sending"];
  readonly #listeners = new Set<() => void>();
  readonly #list = new TransferList();
  readonly #entries = new Map<number, SendEntry>();
  readonly #places = new Map<string, number>();
  readonly #chosen = new Map<number, number>();
  readonly #speed = new Speed(() => performance.now());
  #left: readonly LeftBehind[] = [];
  #there: ReadonlySet<string> = new Set();
  #failure: EngineFailure | undefined;
  #isTooMuch = false;
  #isPaused = false;
  #looking = 0;
  #lastKey = 0;
  #drawing: ReturnType<typeof setTimeout> | undefined;
  #state: OutboxState;

  constructor(sending: RemoteEngine["sending"]) {
    this.#sending = sending;
    this.#state = this.#snapshot(0);
    addEventListener("beforeunload", (event) => {
      // What was given a moment ago is not drawn yet.
      const { isMoving, chosen } = this.#snapshot(0);
      if (isMoving || chosen.files > 0) event.preventDefault();
    });
  }

  get state(): OutboxState {
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

  isChosen({ key }: Transfer): boolean {
    return this.#chosen.has(key);
  }

  canRetry({ key, status }: Transfer): boolean {
    return (status === "failed" || status === "cancelled") && this.#entries.has(key);
  }

  /** Files of folders come with the folders' names; a folder without files is nothing to send. */
  async choose(picking: Picking): Promise<void> {
    this.#looking += 1;
    this.#draw();
    try {
      for await (const picked of picking) {
        for (const { path, name, file, isUnreadable } of picked) {
          if (file !== undefined) this.#choose([...path, name], file);
          else if (isUnreadable) this.#addUnreadable([...path, name]);
        }
        this.#drawSoon();
      }
      await this.#look();
    } catch (error) {
      this.#failure = failureOf(error);
    } finally {
      this.#looking -= 1;
      this.#draw();
    }
  }

  /** Everything that is chosen. */
  async send(said: Said): Promise<void> {
    const keys = [...this.#chosen.keys()];
    this.#chosen.clear();
    this.#isTooMuch = false;
    await this.#send(keys, said);
  }

  async retry(transfers: readonly Transfer[], said: Said): Promise<void> {
    const again = transfers.filter((transfer) => this.canRetry(transfer));
    for (const transfer of again) this.#list.move(transfer, "waiting");
    await this.#send(
      again.map(({ key }) => key),
      said,
    );
  }

  /** Takes it off: what was not sent yet is forgotten, what is on its way is broken off. */
  cancel(transfers: readonly Transfer[]): void {
    const moving: number[] = [];
    for (const transfer of transfers) {
      if (this.#chosen.delete(transfer.key)) this.#drop(transfer);
      else if (transfer.status === "waiting" || transfer.status === "running") moving.push(transfer.key);
    }
    if (moving.length > 0) this.#run(this.#sending.cancel(moving));
    this.#draw();
    this.#run(this.#look());
  }

  cancelAll(): void {
    this.cancel([...this.#list.with("waiting"), ...this.#list.with("running")]);
    this.#isPaused = false;
    this.#draw();
  }

  pause(): void {
    this.#isPaused = true;
    this.#run(Promise.resolve(this.#sending.pause()));
    this.#draw();
  }

  resume(): void {
    this.#isPaused = false;
    this.#speed.restart();
    this.#run(Promise.resolve(this.#sending.resume()));
    this.#draw();
  }

  /** What another window had not sent to the end is shown until it is chosen again, or not wanted any more. */
  watchLeft(): void {
    const found = (left: readonly LeftBehind[]): void => {
      this.#left = [...this.#left, ...left];
      this.#forgetThere();
      this.#draw();
    };
    this.#run(this.#sending.watchLeft(callback(found)));
  }

  /** What the receipt names need not be chosen again: the window went before it had noted that. */
  hearReceipt({ items }: ReceiptView): void {
    this.#there = new Set(items.map(({ path, sizeBytes }) => `${sizeBytes} ${path.join("/")}`));
    this.#forgetThere();
  }

  forgetLeft(left: readonly LeftBehind[] = this.#left): void {
    const ids = left.map(({ id }) => id);
    this.#left = this.#left.filter(({ id }) => !ids.includes(id));
    this.#run(this.#sending.forgetLeft(ids));
    this.#draw();
  }

  /** The notice was read. */
  dismiss(): void {
    this.#failure = undefined;
    this.#draw();
  }

  #forgetThere(): void {
    const there = this.#left.filter(({ path, sizeBytes }) => this.#there.has(`${sizeBytes} ${path}`));
    if (there.length > 0) this.forgetLeft(there);
  }

  async #send(keys: readonly number[], said: Said): Promise<void> {
    const entries = keys.map((key) => this.#entries.get(key) as SendEntry);
    if (entries.length === 0) return;
    this.#isPaused = false;
    this.#failure = undefined;
    this.#speed.restart();
    this.#draw();
    // They are remembered anew as those of this window.
    const places = new Set(entries.map(({ path }) => path.join("/")));
    const again = this.#left.filter(({ path }) => places.has(path));
    if (again.length > 0) this.forgetLeft(again);
    try {
      await this.#sending.resume();
      await this.#sending.send(
        entries,
        said,
        callback((news: readonly TransferNews[]) => this.#hear(news)),
      );
    } catch (error) {
      const failure = failureOf(error);
      this.#hear(keys.map((key) => ({ type: "failed", key, failure })));
    }
  }

  #choose(path: readonly string[], file: File): void {
    const place = path.join("/");
    const known = this.#list.get(this.#places.get(place) ?? 0);
    const isSame = known?.sizeBytes === file.size && known.modifiedMs === file.lastModified;
    if (known !== undefined && this.#chosen.has(known.key)) {
      this.#chosen.delete(known.key);
      this.#drop(known);
    } else if (known !== undefined && isSame && known.status !== "failed" && known.status !== "cancelled") return;
    const key = this.#add(path, file);
    this.#places.set(place, key);
    this.#entries.set(key, { key, path, file });
    this.#chosen.set(key, file.size);
  }

  #add(path: readonly string[], file?: File): number {
    this.#lastKey += 1;
    const key = this.#lastKey;
    const kind = file === undefined ? { sizeBytes: 0 } : { file };
    this.#list.add(newTransfer({ key, batchId: "", direction: "up", name: path.join(" / "), ...kind }));
    return key;
  }

  #addUnreadable(path: readonly string[]): void {
    const key = this.#add(path);
    const failure = { code: "local_unreadable", message: "The browser could not open it." };
    this.#list.hear({ type: "failed", key, failure });
  }

  #drop(transfer: Transfer): void {
    this.#list.remove(transfer);
    this.#entries.delete(transfer.key);
  }

  /** What the request does not take is said before anything is sent. */
  async #look(): Promise<void> {
    const keys = [...this.#chosen.keys()];
    const entries = keys.map((key) => this.#entries.get(key) as SendEntry);
    const { problems, isTooMuch } = await this.#sending.look(
      entries.map(({ key, path, file }) => ({ key, path, sizeBytes: file.size })),
    );
    for (const { key, failure } of problems) {
      this.#chosen.delete(key);
      this.#entries.delete(key);
      this.#list.hear({ type: "failed", key, failure });
    }
    this.#isTooMuch = isTooMuch;
    this.#draw();
  }

  #hear(news: readonly TransferNews[]): void {
    for (const each of news) {
      this.#speed.add(this.#list.hear(each));
      if (each.type === "done") this.#entries.delete(each.key);
    }
    this.#drawSoon();
  }

  #run(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      this.#failure = failureOf(error);
      this.#draw();
    });
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

  #snapshot(version: number): OutboxState {
    const { counts, totalBytes, doneBytes, size } = this.#list;
    const chosenBytes = [...this.#chosen.values()].reduce((sum, sizeBytes) => sum + sizeBytes, 0);
    const isMoving = counts.running + counts.waiting > this.#chosen.size;
    return {
      version,
      count: size,
      counts,
      totalBytes: totalBytes - chosenBytes,
      doneBytes,
      bytesPerSecond: counts.running > 0 && !this.#isPaused ? this.#speed.perSecond() : undefined,
      chosen: { files: this.#chosen.size, sizeBytes: chosenBytes },
      isTooMuch: this.#isTooMuch,
      isMoving,
      isPaused: this.#isPaused && isMoving,
      isLooking: this.#looking > 0,
      left: this.#left,
      failure: this.#failure,
    };
  }
}
