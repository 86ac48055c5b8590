import { dirname } from "node:path";
import { BlobDamagedError, StorageFailedError } from "../blob-errors.ts";
import type { BlobLocation, BlobPacks, BlobRead, BlobStore, ListedBlob, SmallBlob, StagedBlob } from "../blob-store.ts";
import { BufferPool } from "./buffer-pool.ts";
import { diskErrorCode, writeError } from "./disk-errors.ts";
import type { Disk } from "./disk-port.ts";
import { idBytes, type Layout, layoutOf, parseLocation } from "./layout.ts";
import { listBlobs } from "./list-blobs.ts";
import { nodeDisk } from "./node-disk.ts";
import { OpenFiles } from "./open-files.ts";
import { diskPacks } from "./packs/disk-packs.ts";
import { recordHeaderBytes } from "./packs/pack-record.ts";
import { PackRemover } from "./packs/pack-remover.ts";
import { PackWriter } from "./packs/pack-writer.ts";
import { readRange } from "./read-range.ts";
import { setAside } from "./set-aside.ts";
import { Shards } from "./shards.ts";
import { StagedFile } from "./staged-file.ts";

const MIB = 1024 * 1024;

export interface DiskBlobStoreOptions {
  /** The objects folder; made when missing (the folder around it must exist). One process at a time may use it. */
  readonly directory: string;
  readonly disk?: Disk;
  /** Descriptors kept open for reads and staged writes. */
  readonly openFileLimit?: number;
  /** Memory for reads with `reuseBuffers`. */
  readonly readBufferBytes?: number;
  /** A pack is closed when the next group of small objects would make it longer than this. */
  readonly packBytes?: number;
  /** A large object is synced beside its writing each time so many bytes have come. */
  readonly syncEveryBytes?: number;
}

/** Objects in one folder of one disk: large ones as a file each, small ones in append-only packs. Layout: spec/storage.md. */
export async function openDiskBlobStore(options: DiskBlobStoreOptions): Promise<BlobStore> {
  const disk = options.disk ?? nodeDisk();
  const layout = layoutOf(options.directory);
  try {
    await makeFolders(disk, layout);
    const shards = new Shards(disk, layout);
    await shards.open();
    return new DiskBlobStore({ disk, layout, shards }, options);
  } catch (error) {
    throw writeError(error, `the folder ${layout.root} could not be prepared`);
  }
}

async function makeFolders(disk: Disk, layout: Layout): Promise<void> {
  await disk.makeDirectory(layout.root);
  for (const directory of [layout.stagingDirectory, layout.packsDirectory, layout.largeDirectory]) {
    await disk.makeDirectory(directory);
  }
  // Every time: an earlier process may have made the folders and died before syncing their names.
  await disk.syncDirectory(layout.root);
  await disk.syncDirectory(dirname(layout.root));
}

async function removeFile(disk: Disk, path: string): Promise<void> {
  try {
    await disk.unlink(path);
  } catch (error) {
    if (diskErrorCode(error) !== "ENOENT") throw writeError(error, "an object could not be removed");
  }
}

class DiskBlobStore implements BlobStore {
  readonly packs: BlobPacks;
  readonly #disk: Disk;
  readonly #layout: Layout;
  readonly #shards: Shards;
  readonly #openFiles: OpenFiles;
  readonly #pool: BufferPool;
  readonly #syncEveryBytes: number;
  readonly #packWriter: PackWriter;
  readonly #packRemover: PackRemover;
  readonly #staged = new Map<string, Promise<StagedFile>>();
  readonly #stagedByPath = new Map<string, StagedFile>();
  /** Staged objects whose sync failed: their files are removed before the id is staged again. */
  readonly #givenUp = new Map<string, StagedFile>();
  #closing: Promise<void> | undefined;

  constructor(
    { disk, layout, shards }: { readonly disk: Disk; readonly layout: Layout; readonly shards: Shards },
    {
      openFileLimit = 64,
      readBufferBytes = 64 * MIB,
      packBytes = 64 * MIB,
      syncEveryBytes = 64 * MIB,
    }: DiskBlobStoreOptions,
  ) {
    this.#syncEveryBytes = syncEveryBytes;
    this.#disk = disk;
    this.#layout = layout;
    this.#shards = shards;
    this.#pool = new BufferPool(readBufferBytes);
    this.#openFiles = new OpenFiles(disk, {
      limit: openFileLimit,
      onLostWrites: (path) => this.#stagedByPath.get(path)?.giveUp(),
    });
    this.#packRemover = new PackRemover({
      disk,
      layout,
      openFiles: this.#openFiles,
      isActive: (packName) => this.#packWriter.activePackName === packName,
    });
    this.#packWriter = new PackWriter({
      disk,
      layout,
      packBytes,
      onRolled: (packName) => this.#packRemover.rolled(packName),
    });
    this.packs = diskPacks({
      ...{ disk, layout, remover: this.#packRemover },
      put: (objects) => this.putSmall(objects),
      isGrowing: (packName) => this.#packWriter.activePackName === packName,
    });
  }

  async putSmall(objects: readonly SmallBlob[], signal?: AbortSignal): Promise<BlobLocation[]> {
    this.#refuseWhenClosed();
    return this.#packWriter.put(objects, signal);
  }

  async openStaged(id: string, sizeBytes: number): Promise<StagedBlob> {
    this.#refuseWhenClosed();
    idBytes(id);
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) throw new RangeError("A size is a whole number of bytes.");
    let opening = this.#staged.get(id);
    if (!opening) {
      opening = this.#openStaged(id, sizeBytes);
      this.#staged.set(id, opening);
      opening.catch(() => {
        // Everybody who waits gets the error itself; the next call tries again.
        this.#staged.delete(id);
      });
    }
    const staged = await opening;
    if (staged.sizeBytes !== sizeBytes) throw new RangeError("This object was staged with another size.");
    return staged;
  }

  async *read({
    id,
    location,
    offset,
    length,
    signal,
    reuseBuffers,
  }: BlobRead): AsyncGenerator<Uint8Array, void, undefined> {
    this.#refuseWhenClosed();
    idBytes(id);
    if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0) {
      throw new RangeError("A range is given in whole bytes.");
    }
    const place = parseLocation(id, location);
    if (place.kind === "pack" && offset + length > place.sizeBytes) {
      throw new BlobDamagedError(id, "the range goes beyond their end");
    }
    const path = place.kind === "pack" ? this.#layout.packPath(place.packName) : this.#layout.largePath(id);
    yield* readRange(
      { openFiles: this.#openFiles, pool: this.#pool },
      {
        id,
        source: () => ({ path, mode: "read" }),
        position: place.kind === "pack" ? place.recordOffset + recordHeaderBytes + offset : offset,
        length,
        whenShort: "damaged",
        signal,
        reuseBuffers,
      },
    );
  }

  async delete({ id, location }: { readonly id: string; readonly location: BlobLocation }): Promise<void> {
    this.#refuseWhenClosed();
    idBytes(id);
    const place = parseLocation(id, location);
    if (place.kind === "pack") return this.#packRemover.delete(id, place);
    const path = this.#layout.largePath(id);
    await this.#openFiles.forget(path);
    await removeFile(this.#disk, path);
  }

  async discardStaged(id: string): Promise<void> {
    this.#refuseWhenClosed();
    if (this.#staged.has(id)) return;
    const path = this.#layout.stagedPath(id);
    await this.#openFiles.forget(path);
    await removeFile(this.#disk, path);
  }

  async setAside(blob: ListedBlob, shelf: string): Promise<void> {
    this.#refuseWhenClosed();
    if (blob.state === "staged" && this.#staged.has(blob.id)) return;
    const packs = this.#packRemover;
    await setAside({ disk: this.#disk, layout: this.#layout, openFiles: this.#openFiles, packs }, blob, shelf);
  }

  list(): AsyncIterable<ListedBlob> {
    this.#refuseWhenClosed();
    return listBlobs(this.#disk, this.#layout);
  }

  async freeBytes(): Promise<number> {
    try {
      return await this.#disk.freeBytes(this.#layout.root);
    } catch (error) {
      throw writeError(error, "the free space could not be read");
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #openStaged(id: string, sizeBytes: number): Promise<StagedFile> {
    try {
      await this.#givenUp.get(id)?.removeFiles();
      this.#givenUp.delete(id);
      const sealedBytes = (await this.#disk.fileStatus(this.#layout.largePath(id)))?.sizeBytes;
      const foundSealed = sealedBytes !== undefined;
      if (foundSealed && sealedBytes !== sizeBytes) {
        throw new BlobDamagedError(id, `${sealedBytes} of ${sizeBytes} bytes are there`);
      }
      if (foundSealed) await this.#dropSecondName(id);
      else await this.#touch(this.#layout.stagedPath(id));
      const staged = new StagedFile(
        {
          disk: this.#disk,
          layout: this.#layout,
          shards: this.#shards,
          openFiles: this.#openFiles,
          pool: this.#pool,
          syncEveryBytes: this.#syncEveryBytes,
          onEnd: (staged) => this.#endStaged(staged),
        },
        { id, sizeBytes, foundSealed },
      );
      this.#stagedByPath.set(this.#layout.stagedPath(id), staged);
      return staged;
    } catch (error) {
      throw writeError(error, "an upload could not be opened");
    }
  }

  async #touch(path: string): Promise<void> {
    const file = await this.#disk.openFile(path, "either");
    await file.close();
  }

  /** A power cut may keep a rename's new name and its old one; writing through the old one would change a sealed object. */
  async #dropSecondName(id: string): Promise<void> {
    const path = this.#layout.stagedPath(id);
    if (await this.#disk.fileStatus(path)) await this.#disk.unlink(path);
  }

  #endStaged(staged: StagedFile): void {
    this.#staged.delete(staged.id);
    this.#stagedByPath.delete(this.#layout.stagedPath(staged.id));
    if (staged.givenUp) this.#givenUp.set(staged.id, staged);
  }

  async #close(): Promise<void> {
    await this.#packWriter.close();
    await this.#packRemover.settle();
    await this.#openFiles.closeAll();
  }

  #refuseWhenClosed(): void {
    if (this.#closing !== undefined) throw new StorageFailedError("the store is closed");
  }
}
