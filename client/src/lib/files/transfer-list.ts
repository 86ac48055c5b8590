import type { Conflict, EngineFailure, TransferNews, Unfinished } from "../session/index.ts";

export type TransferStatus =
  | "interrupted"
  | "waiting"
  | "running"
  | "conflict"
  | "done"
  | "failed"
  | "cancelled"
  | "skipped";

/** One file or folder on its way; changed in place, because there may be a hundred thousand. */
export interface Transfer {
  readonly key: number;
  readonly batchId: string;
  readonly direction: "up" | "down";
  readonly name: string;
  readonly isFolder: boolean;
  sizeBytes: number;
  readonly modifiedMs: number;
  status: TransferStatus;
  doneBytes: number;
  failure?: EngineFailure;
  conflict?: Conflict;
  /** What a window left behind; present while it is offered to go on. */
  unfinished?: Unfinished;
  /** Somebody chose another file than the one that was being sent. */
  wasOtherFile?: boolean;
}

export type Counts = Readonly<Record<TransferStatus, number>>;

/** Where a row stands in the list: what wants somebody first, then what moves. */
const ORDER = ["conflict", "interrupted", "failed", "running", "waiting", "cancelled", "skipped", "done"] as const;

/** The transfers of a window, counted as they change: no change costs more because there are many. */
export class TransferList {
  readonly #all = new Map<number, Transfer>();
  readonly #by: Readonly<Record<TransferStatus, Set<Transfer>>> = {
    ...{ waiting: new Set(), running: new Set(), conflict: new Set(), done: new Set() },
    ...{ interrupted: new Set(), failed: new Set(), cancelled: new Set(), skipped: new Set() },
  };
  #totalBytes = 0;
  #doneBytes = 0;

  /** Of what is wanted still: what failed or was given up is not. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  get doneBytes(): number {
    return this.#doneBytes;
  }

  get size(): number {
    return this.#all.size;
  }

  get counts(): Counts {
    const counts = ORDER.map((status) => [status, this.#by[status].size] as const);
    return Object.fromEntries(counts) as Record<TransferStatus, number>;
  }

  get(key: number): Transfer | undefined {
    return this.#all.get(key);
  }

  with(status: TransferStatus): ReadonlySet<Transfer> {
    return this.#by[status];
  }

  /** As people see them. */
  rows(): Transfer[] {
    return ORDER.flatMap((status) => [...this.#by[status]]);
  }

  add(transfer: Transfer): void {
    this.#all.set(transfer.key, transfer);
    this.#by[transfer.status].add(transfer);
    if (isWanted(transfer.status)) this.#count(transfer, 1);
  }

  /** Bytes that came new; what did not count before counts nowhere. */
  hear(news: TransferNews): number {
    const transfer = this.#all.get(news.key);
    if (transfer === undefined) return 0;
    if (news.type === "bytes") {
      const before = transfer.doneBytes;
      if (!isWanted(transfer.status)) return 0;
      transfer.doneBytes = Math.min(transfer.sizeBytes, Math.max(0, before + news.bytes));
      this.#doneBytes += transfer.doneBytes - before;
      return transfer.doneBytes - before;
    }
    if (news.type === "size") this.#resize(transfer, news.sizeBytes);
    else if (news.type === "begun") this.move(transfer, "running");
    else if (news.type === "failed") {
      transfer.failure = news.failure;
      this.move(transfer, news.failure.code === "cancelled" ? "cancelled" : "failed");
    } else if (news.type === "conflict") {
      transfer.conflict = news.conflict;
      this.move(transfer, "conflict");
    } else this.move(transfer, news.type);
    return 0;
  }

  move(transfer: Transfer, status: TransferStatus): void {
    const { status: before } = transfer;
    if (isWanted(before)) this.#count(transfer, -1);
    this.#by[before].delete(transfer);
    // Sent again from where the server has it: what counts is told then.
    if (status === "waiting") transfer.doneBytes = 0;
    if (status === "done") transfer.doneBytes = transfer.sizeBytes;
    if (status !== "failed" && status !== "cancelled") delete transfer.failure;
    if (status !== "conflict") delete transfer.conflict;
    transfer.status = status;
    this.#by[status].add(transfer);
    if (isWanted(status)) this.#count(transfer, 1);
  }

  remove(transfer: Transfer): void {
    if (isWanted(transfer.status)) this.#count(transfer, -1);
    this.#by[transfer.status].delete(transfer);
    this.#all.delete(transfer.key);
  }

  #resize(transfer: Transfer, sizeBytes: number): void {
    if (isWanted(transfer.status)) this.#totalBytes += sizeBytes - transfer.sizeBytes;
    transfer.sizeBytes = sizeBytes;
  }

  #count({ sizeBytes, doneBytes }: Transfer, sign: 1 | -1): void {
    this.#totalBytes += sign * sizeBytes;
    this.#doneBytes += sign * doneBytes;
  }
}

function isWanted(status: TransferStatus): boolean {
  return status !== "interrupted" && status !== "failed" && status !== "cancelled" && status !== "skipped";
}

export function isOver(status: TransferStatus | undefined): boolean {
  return status === "done" || status === "failed" || status === "cancelled" || status === "skipped";
}

export interface NewTransfer extends Pick<Transfer, "key" | "batchId" | "direction" | "name"> {
  readonly file?: File | undefined;
  /** Of what goes down. Without it and without a file: a folder. */
  readonly sizeBytes?: number;
}

/** It waits for its turn. */
export function newTransfer({ file, sizeBytes, ...named }: NewTransfer): Transfer {
  return {
    ...named,
    isFolder: file === undefined && sizeBytes === undefined,
    sizeBytes: sizeBytes ?? file?.size ?? 0,
    modifiedMs: file?.lastModified ?? 0,
    status: "waiting",
    doneBytes: 0,
  };
}
