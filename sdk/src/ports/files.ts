import type { SealedWhole } from "./sealer.ts";

interface FileFacts {
  readonly name: string;
  readonly sizeBytes: number;
  /** Milliseconds since 1970; may be negative. */
  readonly modifiedMs: number;
  readonly mediaType?: string;
}

/** A small file that was read whole, found unchanged, and sealed already: on another thread, where there is one. */
export interface SealedSource extends FileFacts {
  readonly sealed: SealedWhole;
}

/** A local file to be uploaded: random access, read in pieces, never held whole. */
export interface FileSource extends FileFacts {
  /** Fills `into` from `offset` on; fewer bytes than asked only at the end of the file. */
  read(offset: number, into: Uint8Array, signal?: AbortSignal): Promise<number>;
  /** Size, time and, where there is one, inode: another text means that the file changed. Throws when it vanished. */
  fingerprint(): Promise<string>;
  close(): Promise<void>;
}

/**
 * The side of a sink that outlives the program. Whoever uses it says first where writing begins (`begin` or `takeOver` and
 * `goOnAt`); nothing that it gives back is to be trusted unless it was checked.
 */
export interface ResumableSink {
  /** Where the file goes: equal for equal places of this device, whatever the name becomes in the end. */
  readonly place: string;
  /** A name for an unfinished file that is not there yet. */
  newTicket(): string;
  /** Makes the unfinished file of this ticket. */
  begin(ticket: string): Promise<unknown>;
  /** What an earlier program left under this ticket becomes this sink's. How long it is; undefined: nothing usable is there, or another program writes it. */
  takeOver(ticket: string): Promise<number | undefined>;
  /** Fills `into` from `offset` on with what was written; how many bytes there were. */
  read(offset: number, into: Uint8Array): Promise<number>;
  /** What is behind is cut off, and the next `write` goes there. */
  goOnAt(offset: number): Promise<void>;
  /** Instead of `abort`: what was written stays for the next program. */
  leave(): Promise<void>;
  /** Removes what an earlier program left under this ticket. */
  discard(ticket: string): Promise<void>;
}

/** Where a download goes: invisible until `finish`. */
export interface FileSink {
  /** Where the platform can keep half a file: used for large ones. */
  readonly resumable?: ResumableSink;
  /** The chunk may be reused by the caller once this resolves. */
  write(chunk: Uint8Array): Promise<void>;
  /** Everything was verified: make it visible under its name. */
  finish(): Promise<void>;
  /** Everything in one: `write` and `finish`. The bytes are left alone until this resolves. */
  finishWith?(whole: Uint8Array): Promise<void>;
  /** Throws away what was written. */
  abort(): Promise<void>;
}
