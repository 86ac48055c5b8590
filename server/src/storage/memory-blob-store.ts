import { BlobDamagedError, BlobMissingError, BlobSealedError, StorageFailedError } from "./blob-errors.ts";
import {
  type BlobLocation,
  type BlobRead,
  type BlobStore,
  type ByteChunks,
  type ListedBlob,
  maxSmallBlobBytes,
  type SmallBlob,
  type StagedBlob,
  type WriteOptions,
} from "./blob-store.ts";
import { idBytes, requireShelfName } from "./disk/layout.ts";

const chunkBytes = 1024 * 1024;
const location = "memory" as BlobLocation;

interface StoredBytes {
  readonly bytes: Uint8Array;
  readonly modifiedAtMs: number;
}

/** What outlives a store in memory, so that tests can "restart" it. */
export interface MemoryBlobs {
  readonly stored: Map<string, StoredBytes>;
  readonly staged: Map<string, { readonly bytes: Uint8Array; writtenBytes: number }>;
}

export function memoryBlobs(): MemoryBlobs {
  return { stored: new Map(), staged: new Map() };
}

/** For tests and trials only: everything is gone with the process. */
export function openMemoryBlobStore(blobs: MemoryBlobs = memoryBlobs()): BlobStore {
  return new MemoryBlobStore(blobs);
}

class MemoryBlobStore implements BlobStore {
  readonly packs = undefined;
  readonly #blobs: MemoryBlobs;
  readonly #open = new Map<string, MemoryStagedBlob>();
  #closed = false;

  constructor(blobs: MemoryBlobs) {
    this.#blobs = blobs;
  }

  async putSmall(objects: readonly SmallBlob[], signal?: AbortSignal): Promise<BlobLocation[]> {
    this.#refuseWhenClosed();
    signal?.throwIfAborted();
    for (const { id, bytes } of objects) {
      idBytes(id);
      if (bytes.length > maxSmallBlobBytes) throw new RangeError("The object is not small: stage it.");
    }
    for (const { id, bytes } of objects) this.#blobs.stored.set(id, { bytes: bytes.slice(), modifiedAtMs: Date.now() });
    return objects.map(() => location);
  }

  async openStaged(id: string, sizeBytes: number): Promise<StagedBlob> {
    this.#refuseWhenClosed();
    idBytes(id);
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) throw new RangeError("A size is a whole number of bytes.");
    const open = this.#open.get(id) ?? new MemoryStagedBlob(this.#blobs, id, sizeBytes);
    if (open.sizeBytes !== sizeBytes) throw new RangeError("This object was staged with another size.");
    if (!open.discarded) this.#open.set(id, open);
    return open.discarded ? this.#reopen(id, sizeBytes) : open;
  }

  async *read({ id, offset, length, signal }: BlobRead): AsyncGenerator<Uint8Array, void, undefined> {
    this.#refuseWhenClosed();
    idBytes(id);
    const bytes = this.#blobs.stored.get(id)?.bytes;
    if (!bytes) throw new BlobMissingError(id);
    if (offset + length > bytes.length) throw new BlobDamagedError(id, "they end too early");
    yield* chunksOf(bytes.subarray(offset, offset + length), signal);
  }

  async delete({ id }: { readonly id: string }): Promise<void> {
    this.#refuseWhenClosed();
    idBytes(id);
    this.#blobs.stored.delete(id);
  }

  async discardStaged(id: string): Promise<void> {
    this.#refuseWhenClosed();
    idBytes(id);
    if (!this.#open.has(id)) this.#blobs.staged.delete(id);
  }

  async setAside(blob: ListedBlob, shelf: string): Promise<void> {
    requireShelfName(shelf);
    if (blob.state === "staged") await this.discardStaged(blob.id);
    else await this.delete(blob);
  }

  async *list(): AsyncGenerator<ListedBlob, void, undefined> {
    for (const [id, { bytes, modifiedAtMs }] of this.#blobs.stored) {
      yield { state: "stored", id, location, sizeBytes: bytes.length, modifiedAtMs };
    }
    for (const [id, { writtenBytes }] of this.#blobs.staged) {
      yield { state: "staged", id, sizeBytes: writtenBytes, modifiedAtMs: Date.now() };
    }
  }

  async freeBytes(): Promise<number> {
    return 2 ** 40;
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #reopen(id: string, sizeBytes: number): StagedBlob {
    const open = new MemoryStagedBlob(this.#blobs, id, sizeBytes);
    this.#open.set(id, open);
    return open;
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new StorageFailedError("the store is closed");
  }
}

class MemoryStagedBlob implements StagedBlob {
  readonly id: string;
  readonly sizeBytes: number;
  readonly #blobs: MemoryBlobs;
  readonly givenUp = false;
  discarded = false;

  constructor(blobs: MemoryBlobs, id: string, sizeBytes: number) {
    this.#blobs = blobs;
    this.id = id;
    this.sizeBytes = sizeBytes;
    if (!blobs.stored.has(id) && !blobs.staged.has(id)) {
      blobs.staged.set(id, { bytes: new Uint8Array(sizeBytes), writtenBytes: 0 });
    }
  }

  get sealed(): boolean {
    return !this.discarded && this.#blobs.stored.has(this.id);
  }

  async writeAt(offset: number, chunks: ByteChunks, options: WriteOptions = {}): Promise<number> {
    this.#staged();
    let at = offset;
    options.signal?.throwIfAborted();
    for await (const chunk of chunks) {
      options.signal?.throwIfAborted();
      if (at + chunk.length > this.sizeBytes) throw new RangeError("The bytes go beyond the end of the object.");
      const staged = this.#staged();
      staged.bytes.set(chunk, at);
      at += chunk.length;
      staged.writtenBytes = Math.max(staged.writtenBytes, at);
      options.onDone?.(chunk);
    }
    return at - offset;
  }

  async *readAt({
    offset,
    length,
    signal,
  }: Pick<BlobRead, "offset" | "length" | "signal">): AsyncGenerator<Uint8Array, void, undefined> {
    const sealed = this.#blobs.stored.get(this.id)?.bytes;
    const staged = sealed ? undefined : this.#staged();
    const written = sealed ?? staged?.bytes.subarray(0, staged.writtenBytes) ?? new Uint8Array();
    yield* chunksOf(written.subarray(offset, offset + length), signal);
  }

  async seal(): Promise<BlobLocation> {
    if (this.sealed) return location;
    const { bytes, writtenBytes } = this.#staged();
    if (writtenBytes !== this.sizeBytes) {
      throw new BlobDamagedError(this.id, `${writtenBytes} of ${this.sizeBytes} bytes are there`);
    }
    this.#blobs.stored.set(this.id, { bytes, modifiedAtMs: Date.now() });
    this.#blobs.staged.delete(this.id);
    return location;
  }

  async discard(): Promise<void> {
    if (!this.discarded) {
      this.#blobs.stored.delete(this.id);
      this.#blobs.staged.delete(this.id);
    }
    this.discarded = true;
  }

  #staged(): { readonly bytes: Uint8Array; writtenBytes: number } {
    const staged = this.#blobs.staged.get(this.id);
    if (this.discarded) throw new StorageFailedError("this upload was discarded");
    if (!staged) throw new BlobSealedError(this.id);
    return staged;
  }
}

async function* chunksOf(bytes: Uint8Array, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  signal?.throwIfAborted();
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    signal?.throwIfAborted();
    yield bytes.slice(at, at + chunkBytes);
  }
}
