import type { Counts, Transfer } from "./transfer-list.ts";

export interface TransfersState {
  /** Grows with every change: rows are changed in place. */
  readonly version: number;
  readonly count: number;
  readonly counts: Counts;
  readonly totalBytes: number;
  readonly doneBytes: number;
  /** undefined: not moving, or not long enough to say. */
  readonly bytesPerSecond: number | undefined;
  /** Something is not there yet: it moves, stands still, or waits for somebody. */
  readonly isActive: boolean;
  /** Something moves without anybody's help: not what is paused, nor what waits for a choice. */
  readonly isRunning: boolean;
  readonly isPaused: boolean;
  /** Files found so far in what was dropped, while folders are still being looked through. */
  readonly found: number | undefined;
  /** What was dropped does not fit into what is left: waits for a yes or no. */
  readonly tooMuch: TooMuch | undefined;
  /** Whose name is taken, and who is asked about now. */
  readonly asking: Transfer | undefined;
}

export interface TooMuch {
  readonly files: number;
  readonly neededBytes: number;
  readonly freeBytes: number;
}
