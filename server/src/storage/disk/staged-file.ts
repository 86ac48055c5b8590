import { BlobDamagedError, BlobSealedError, StorageFailedError } from "../blob-errors.ts";
import type { BlobLocation, BlobRead, ByteChunks, StagedBlob, WriteOptions } from "../blob-store.ts";
import type { BufferPool } from "./buffer-pool.ts";
import { readError, writeError } from "./disk-errors.ts";
import type { Disk } from "./disk-port.ts";
import { fileLocation, type Layout } from "./layout.ts";
import type { OpenFiles } from "./open-files.ts";
import { readRange } from "./read-range.ts";
import type { Shards } from "./shards.ts";
import { writeChunks } from "./write-chunks.ts";

export interface StagedFileSeat {
  readonly disk: Disk;
  readonly layout: Layout;
  readonly shards: Shards;
  readonly openFiles: OpenFiles;
  readonly pool: BufferPool;
  /** After so many bytes a sync begins beside the writing, so that sealing has little left to wait for. */
  readonly syncEveryBytes: number;
  /** Called once when this object will change no more: sealed, discarded or given up. */
  readonly onEnd: (staged: StagedFile) => void;
}

type State = "open" | "sealing" | "sealed" | "discarded" | "given-up";

/** One large object on its way: `staging/<hex>` until it is sealed, `large/<ab>/<hex>` from then on. */
export class StagedFile implements StagedBlob {
  readonly id: string;
  readonly sizeBytes: number;
  readonly #seat: StagedFileSeat;
  readonly #stagedPath: string;
  readonly #largePath: string;
  readonly #writes = new Set<Promise<unknown>>();
  #state: State;
  #ended = false;
  #unsyncedBytes = 0;
  #earlySync: Promise<void> | undefined;
  #sealing: Promise<BlobLocation> | undefined;
  #discarding: Promise<void> | undefined;

  constructor(
    seat: StagedFileSeat,
    { id, sizeBytes, foundSealed }: { readonly id: string; readonly sizeBytes: number; readonly foundSealed: boolean },
  ) {
    this.#seat = seat;
    this.id = id;
    this.sizeBytes = sizeBytes;
    this.#stagedPath = seat.layout.stagedPath(id);
    this.#largePath = seat.layout.largePath(id);
    this.#state = foundSealed ? "sealed" : "open";
  }

  get sealed(): boolean {
    return this.#state === "sealed";
  }

  async writeAt(offset: number, chunks: ByteChunks, { signal, onDone }: WriteOptions = {}): Promise<number> {
    this.#refuseWhenNotOpen();
    if (!Number.isSafeInteger(offset) || offset < 0) throw new RangeError("An offset is a whole number of bytes.");
    const writing = writeChunks({
      chunks,
      position: offset,
      end: this.sizeBytes,
      signal,
      onDone,
      write: (batch, position) => this.#writeBatch(batch, position),
    });
    this.#writes.add(writing);
    try {
      return await writing;
    } finally {
      this.#writes.delete(writing);
    }
  }

  async *readAt(
    range: Pick<BlobRead, "offset" | "length" | "signal" | "reuseBuffers">,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    this.#refuseWhenGone();
    const { offset, length, signal, reuseBuffers } = range;
    yield* readRange(this.#seat, {
      id: this.id,
      source: () =>
        this.#state === "sealed"
          ? { path: this.#largePath, mode: "read" }
          : { path: this.#stagedPath, mode: "existing" },
      position: offset,
      length: Math.min(length, Math.max(0, this.sizeBytes - offset)),
      whenShort: "end",
      signal,
      reuseBuffers,
    });
  }

  seal(): Promise<BlobLocation> {
    this.#sealing ??= this.#seal().catch((error: unknown) => {
      this.#sealing = undefined;
      throw error;
    });
    return this.#sealing;
  }

  discard(): Promise<void> {
    this.#discarding ??= this.#discard().catch((error: unknown) => {
      this.#discarding = undefined;
      throw error;
    });
    return this.#discarding;
  }

  /** The disk told that it lost writes of this file: what it holds cannot be trusted, and no later sync would tell. */
  giveUp(): void {
    if (this.#state !== "open" && this.#state !== "sealing") return;
    this.#state = "given-up";
    this.#end();
  }

  get givenUp(): boolean {
    return this.#state === "given-up";
  }

  /** Removes whatever names the object has. */
  async removeFiles(): Promise<void> {
    for (const path of [this.#stagedPath, this.#largePath]) {
      await this.#seat.openFiles.forget(path);
      try {
        await this.#seat.disk.unlink(path);
      } catch (error) {
        const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
        if (!missing) throw writeError(error, "a file could not be removed");
      }
    }
  }

  async #writeBatch(batch: readonly Uint8Array[], position: number): Promise<void> {
    this.#refuseWhenGone();
    try {
      await this.#seat.openFiles.use({
        path: this.#stagedPath,
        mode: "existing",
        writes: true,
        work: (file) => file.write(batch, position),
      });
    } catch (error) {
      throw writeError(error, "a write did not work");
    }
    for (const { length } of batch) this.#unsyncedBytes += length;
    if (this.#unsyncedBytes >= this.#seat.syncEveryBytes) this.#earlySync ??= this.#syncEarly();
  }

  /** Promises nothing, it only spares time later. But a sync that fails here is as final as any other. */
  async #syncEarly(): Promise<void> {
    this.#unsyncedBytes = 0;
    try {
      await this.#datasync();
    } catch (error) {
      await this.#abandon(error);
    } finally {
      this.#earlySync = undefined;
    }
  }

  #datasync(): Promise<void> {
    const { openFiles } = this.#seat;
    return openFiles.use({ path: this.#stagedPath, mode: "existing", work: (file) => file.datasync() });
  }

  async #seal(): Promise<BlobLocation> {
    const { disk, openFiles, layout, shards } = this.#seat;
    if (this.#state === "sealed") return this.#makeNameDurable();
    this.#refuseWhenNotOpen();
    this.#state = "sealing";
    await Promise.allSettled(this.#writes);
    await this.#earlySync;
    this.#refuseWhenGone();
    await this.#checkSize();
    this.#refuseWhenGone();
    try {
      await this.#datasync();
    } catch (error) {
      throw await this.#abandon(error);
    }
    this.#refuseWhenGone();
    await openFiles.forget(this.#stagedPath);
    try {
      await shards.ensure(layout.shardOf(this.id));
      await disk.rename(this.#stagedPath, this.#largePath);
    } catch (error) {
      this.#reopen();
      throw writeError(error, "a file could not be renamed");
    }
    // spec/storage.md "Sealing": bytes first, then the name; the folder's sync is what makes the rename survive.
    try {
      await disk.syncDirectory(layout.shardOf(this.id));
    } catch (error) {
      throw await this.#abandon(error);
    }
    this.#state = "sealed";
    this.#end();
    return fileLocation;
  }

  /** Found sealed after a crash: the bytes were synced before the rename, but perhaps not yet the name. */
  async #makeNameDurable(): Promise<BlobLocation> {
    const { disk, layout } = this.#seat;
    try {
      await disk.syncDirectory(layout.shardOf(this.id));
    } catch (error) {
      throw writeError(error, "a sync did not work");
    }
    this.#end();
    return fileLocation;
  }

  async #checkSize(): Promise<void> {
    let sizeBytes: number | undefined;
    try {
      sizeBytes = (await this.#seat.disk.fileStatus(this.#stagedPath))?.sizeBytes;
    } catch (error) {
      this.#reopen();
      throw readError(error, this.id);
    }
    if (sizeBytes === this.sizeBytes) return;
    this.#reopen();
    const detail = `${sizeBytes ?? 0} of ${this.sizeBytes} bytes are there`;
    throw new BlobDamagedError(this.id, detail);
  }

  #reopen(): void {
    if (this.#state === "sealing") this.#state = "open";
  }

  /** After a failed sync the kernel may call lost pages clean: the file must never be taken for synced again. */
  async #abandon(error: unknown): Promise<Error> {
    this.giveUp();
    // When removing fails as well, the store still refuses this file; see `openStaged`.
    await Promise.allSettled([this.removeFiles()]);
    return writeError(error, "a sync did not work");
  }

  async #discard(): Promise<void> {
    if (this.#state === "sealing") await Promise.allSettled([this.#sealing]);
    this.#state = "discarded";
    await Promise.allSettled(this.#writes);
    await this.#earlySync;
    await this.removeFiles();
    // Also one that was found sealed: whoever opens this id again must get a fresh file.
    this.#end();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#seat.onEnd(this);
  }

  #refuseWhenNotOpen(): void {
    this.#refuseWhenGone();
    if (this.#state !== "open") throw new BlobSealedError(this.id);
  }

  #refuseWhenGone(): void {
    if (this.#state === "discarded") throw new StorageFailedError("this upload was discarded");
    if (this.#state === "given-up")
      throw new StorageFailedError("the staged bytes could not be synced and were given up");
  }
}
