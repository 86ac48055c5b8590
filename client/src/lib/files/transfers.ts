import {
  callback,
  type EngineFailure,
  failureOf,
  handOver,
  type ItemRef,
  type Session,
  type TransferNews,
} from "../session/index.ts";
import { startDownload } from "./start-download.ts";

export type TransferStatus = "waiting" | "running" | "done" | "failed" | "cancelled";

export interface Transfer {
  readonly id: string;
  readonly direction: "up" | "down";
  readonly name: string;
  readonly sizeBytes: number;
  readonly status: TransferStatus;
  readonly failure?: EngineFailure;
}

export interface TransfersState {
  readonly transfers: readonly Transfer[];
  readonly totalBytes: number;
  readonly doneBytes: number;
  readonly isRunning: boolean;
}

const NOTHING: TransfersState = { transfers: [], totalBytes: 0, doneBytes: 0, isRunning: false };
/** News of bytes comes far more often than anybody can read. */
const DRAW_EVERY_MS = 120;

interface Batch {
  readonly id: string;
  readonly transferIds: readonly string[];
}

/** Everything that is on its way, or was, in this window: for the panel, and for whoever starts something. */
export class Transfers {
  readonly #session: Session;
  readonly #listeners = new Set<() => void>();
  #state = NOTHING;
  #pendingBytes = 0;
  #drawing: ReturnType<typeof setTimeout> | undefined;
  readonly #batches: Batch[] = [];
  #lastId = 0;

  constructor(session: Session) {
    this.#session = session;
    addEventListener("beforeunload", (event) => {
      if (this.#state.isRunning) event.preventDefault();
    });
  }

  get state(): TransfersState {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Failures become the transfers' own. */
  async upload(folderId: string, files: readonly File[]): Promise<void> {
    if (files.length === 0) return;
    const batch = this.#add(
      "up",
      files.map(({ name, size }) => ({ name, sizeBytes: size })),
    );
    const { engine } = this.#session;
    await this.#guarded(batch, () =>
      engine.transfers.upload(
        { id: batch.id, folderId, files },
        callback((news: TransferNews) => this.#hear(batch, news)),
      ),
    );
  }

  async download(item: ItemRef & { readonly sizeBytes: number }): Promise<void> {
    const batch = this.#add("down", [item]);
    await this.#guarded(batch, async () => {
      const { port, done } = await startDownload(item.name, item.sizeBytes);
      try {
        await this.#session.engine.transfers.download(
          handOver({ id: batch.id, item: { parentId: item.parentId, id: item.id, name: item.name }, port }, [port]),
          callback((news: TransferNews) => this.#hear(batch, news)),
        );
      } finally {
        done();
      }
    });
  }

  cancel(transferId: string): void {
    const batch = this.#batches.find(({ transferIds }) => transferIds.includes(transferId));
    if (batch !== undefined) void this.#session.engine.transfers.cancel(batch.id);
  }

  /** Forgets what has ended. */
  clear(): void {
    if (!this.#state.isRunning) this.#set(NOTHING);
  }

  #add(
    direction: Transfer["direction"],
    files: readonly { readonly name: string; readonly sizeBytes: number }[],
  ): Batch {
    const added = files.map(({ name, sizeBytes }): Transfer => {
      this.#lastId += 1;
      return { id: `t${this.#lastId}`, direction, name, sizeBytes, status: "running" };
    });
    const batch = { id: `b${this.#lastId}`, transferIds: added.map(({ id }) => id) };
    this.#batches.push(batch);
    // What ended before makes room for what begins now.
    const before = this.#state.isRunning ? this.#state : NOTHING;
    this.#set({
      transfers: [...before.transfers, ...added],
      totalBytes: before.totalBytes + added.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      doneBytes: before.doneBytes,
      isRunning: true,
    });
    return batch;
  }

  async #guarded(batch: Batch, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const failure = failureOf(error);
      for (const [index] of batch.transferIds.entries()) this.#hear(batch, { type: "failed", index, failure });
    }
  }

  #hear(batch: Batch, news: TransferNews): void {
    if (news.type === "bytes") {
      this.#pendingBytes += news.bytes;
      this.#drawing ??= setTimeout(() => this.#draw(), DRAW_EVERY_MS);
      return;
    }
    const id = batch.transferIds[news.index];
    const ended = (transfer: Transfer): Transfer => {
      if (transfer.id !== id || transfer.status !== "running") return transfer;
      if (news.type === "done") return { ...transfer, status: "done" };
      const { failure } = news;
      return failure.code === "cancelled"
        ? { ...transfer, status: "cancelled" }
        : { ...transfer, status: "failed", failure };
    };
    const transfers = this.#state.transfers.map(ended);
    this.#set({ ...this.#state, transfers, isRunning: transfers.some(({ status }) => status === "running") });
  }

  #draw(): void {
    this.#drawing = undefined;
    const doneBytes = this.#state.doneBytes + this.#pendingBytes;
    this.#pendingBytes = 0;
    this.#set({ ...this.#state, doneBytes });
  }

  #set(state: TransfersState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
