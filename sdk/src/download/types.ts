import type { FileSink } from "../ports/index.ts";
import type { FileContent } from "../volumes/index.ts";

/** Bytes of a file's plaintext, `end` not included. */
export interface DataRange {
  readonly start: number;
  readonly end: number;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
  /** Somebody waits for the first byte: the first request is small, and those after it grow. */
  readonly isWatched?: boolean;
}

export interface DownloadRequest {
  readonly file: FileContent;
  /** Opens the place it goes to; called once, when its turn comes. Left out: it is fetched and verified, and kept nowhere. */
  readonly openSink?: () => Promise<FileSink>;
}

/** Without `error` every byte was verified and the sink was finished; with it the sink was thrown away. */
export interface DownloadResult<Request extends DownloadRequest = DownloadRequest> {
  readonly request: Request;
  readonly error?: unknown;
}

export interface DownloadOptions<Request extends DownloadRequest> {
  readonly signal?: AbortSignal;
  /** Verified bytes of file contents since the last call. */
  readonly onBytes?: (bytes: number) => void;
  /** Called once for each request. */
  readonly onResult?: (result: DownloadResult<Request>) => void;
}

/** Small sealed notes that outlive the process: neither names nor contents are readable, and none can be changed unnoticed. */
export interface SealedNotes {
  /** undefined also for a note that is damaged. */
  get(name: string): Promise<Uint8Array | undefined>;
  put(name: string, note: Uint8Array): Promise<void>;
  delete(names: readonly string[]): Promise<void>;
}

export interface DownloadTotals {
  readonly downloaded: number;
  readonly failed: number;
}
