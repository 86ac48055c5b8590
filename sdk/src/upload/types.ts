import type { ConflictPolicy, FileDraft, PutFile } from "../files/index.ts";
import type { FileSource, SealedSource } from "../ports/index.ts";
import type { FileContent } from "../volumes/index.ts";

export interface UploadRequest {
  /** Opens the file; called once, a little before its turn comes. */
  readonly open: () => Promise<FileSource | SealedSource>;
  readonly folderId: Uint8Array;
  /** The name on the drive. */
  readonly name: string;
  readonly onConflict: ConflictPolicy;
  /** Makes a small picture of it, for lists; undefined: none can be made. When this fails the file goes up without one. */
  readonly thumbnail?: () => Promise<Uint8Array | undefined>;
  /** Gives up this file alone. What was sent of a large one stays for a later attempt. */
  readonly signal?: AbortSignal;
}

/** Exactly one of `put` and `error`: a file that failed leaves the others alone. */
export type UploadResult<Request extends UploadRequest = UploadRequest> =
  | { readonly request: Request; readonly put: PutFile; readonly sizeBytes: number }
  | { readonly request: Request; readonly error: unknown };

export interface UploadOptions<Request extends UploadRequest> {
  readonly signal?: AbortSignal;
  /** Bytes of file contents that are on the server now and were not before this call. Negative when a part is sent again. */
  readonly onBytes?: (bytes: number, request: Request) => void;
  /** Called once for each request, when it is listed in its folder or has failed for good. */
  readonly onResult?: (result: UploadResult<Request>) => void;
}

export interface UploadTotals {
  readonly uploaded: number;
  readonly failed: number;
}

/** What the upload needs of the tree: it lists files, it does not read them. */
export interface FileLister {
  put(
    drafts: readonly FileDraft[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<({ put: PutFile } | { error: unknown })[]>;
}

/** What the upload needs of the download: verified bytes of a file, as everybody gets them. */
export interface ContentReader {
  read(
    file: FileContent,
    range: { readonly start: number; readonly end: number },
    options?: { readonly signal?: AbortSignal },
  ): AsyncIterable<Uint8Array>;
}

/** Small sealed notes that outlive the process. Names are hashed by the store and contents sealed: neither is readable. */
export interface SealedNotes {
  /** undefined also for a note that is damaged. */
  get(name: string): Promise<Uint8Array | undefined>;
  put(name: string, note: Uint8Array): Promise<void>;
  delete(names: readonly string[]): Promise<void>;
}
