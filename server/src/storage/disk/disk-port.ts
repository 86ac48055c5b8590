/**
 * The one small port through which the store speaks to a disk, so that tests can cut the power at every point of a run.
 * Errors are the platform's, with their `code` (ENOSPC, EIO, …); the store translates them.
 */
export interface Disk {
  /** `new` fails when the name exists; `existing` and `read` fail when it does not; `either` makes it when missing. */
  openFile(path: string, mode: OpenMode): Promise<DiskFile>;
  /** Makes one folder; one that exists is fine. */
  makeDirectory(path: string): Promise<void>;
  /** Makes the names in a folder durable (not what the files hold). */
  syncDirectory(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  listDirectory(path: string): Promise<string[]>;
  /** Undefined when nothing has that name. */
  fileStatus(path: string): Promise<FileStatus | undefined>;
  /** Bytes that this process may still write on the file system that holds `path`. */
  freeBytes(path: string): Promise<number>;
}

export interface FileStatus {
  readonly sizeBytes: number;
  /** When its bytes changed last, in milliseconds since 1970. */
  readonly modifiedAtMs: number;
}

export type OpenMode = "new" | "existing" | "either" | "read";

export interface DiskFile {
  /** Writes all chunks one after the other from `position` on, or rejects (then any part of them may be written). */
  write(chunks: readonly Uint8Array[], position: number): Promise<void>;
  /** Fills `target` from `position` on as far as the file goes; resolves with the number of bytes. */
  read(target: Uint8Array, position: number): Promise<number>;
  /** Makes the file's bytes and length durable (not its name). */
  datasync(): Promise<void>;
  close(): Promise<void>;
}
