import type { Transfer } from "./transfer-list.ts";

/** Which of those whose names are taken is asked about now: one at a time, each by itself once. */
export class Questions {
  #asked: Transfer | undefined;
  readonly #putOff = new Set<number>();

  current(open: Iterable<Transfer>): Transfer | undefined {
    if (this.#asked?.status === "conflict") return this.#asked;
    for (const transfer of open) if (!this.#putOff.has(transfer.key)) return transfer;
    return undefined;
  }

  ask(transfer: Transfer): void {
    this.#asked = transfer;
  }

  /** Somebody answered, or wants to do it later: these do not come by themselves again. */
  putOff(transfers: Iterable<Transfer>): void {
    this.#asked = undefined;
    for (const { key } of transfers) this.#putOff.add(key);
  }
}
