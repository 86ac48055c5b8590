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

/** Where a download goes: invisible until `finish`. */
export interface FileSink {
  /** The chunk may be reused by the caller once this resolves. */
  write(chunk: Uint8Array): Promise<void>;
  /** Everything was verified: make it visible under its name. */
  finish(): Promise<void>;
  /** Everything in one: `write` and `finish`. The bytes are left alone until this resolves. */
  finishWith?(whole: Uint8Array): Promise<void>;
  /** Throws away what was written. */
  abort(): Promise<void>;
}
