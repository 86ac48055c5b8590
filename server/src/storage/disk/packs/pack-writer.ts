import { type BlobLocation, maxSmallBlobBytes, type SmallBlob } from "../../blob-store.ts";
import { isDiskFull, writeError } from "../disk-errors.ts";
import type { Disk, DiskFile } from "../disk-port.ts";
import { type Layout, newPackName, packLocation } from "../layout.ts";
import { recordHeaderBytes, writeRecordHeader } from "./pack-record.ts";

const groupBytes = 16 * 1024 * 1024;

export interface PackWriterSeat {
  readonly disk: Disk;
  readonly layout: Layout;
  readonly packBytes: number;
  /** Called when a pack gets no more records. */
  readonly onRolled: (packName: string) => void;
}

interface WaitingPut {
  readonly objects: readonly SmallBlob[];
  /** Header, bytes, header, bytes, … */
  readonly chunks: readonly Uint8Array[];
  readonly sizeBytes: number;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (locations: BlobLocation[]) => void;
  readonly reject: (error: unknown) => void;
}

interface ActivePack {
  readonly name: string;
  readonly path: string;
  readonly file: DiskFile;
  /** Everything before it is synced and acknowledged; the next group is written here. */
  endBytes: number;
  /** Whether the pack's name survives a power cut. */
  nameSynced: boolean;
}

/**
 * Appends small objects to packs. Calls that arrive while a sync is in flight wait and share the next one. A process
 * begins a pack of its own, so the torn tail that a crash may leave is never appended to.
 */
export class PackWriter {
  readonly #disk: Disk;
  readonly #layout: Layout;
  readonly #packBytes: number;
  readonly #onRolled: (packName: string) => void;
  readonly #queue: WaitingPut[] = [];
  #draining: Promise<void> | undefined;
  #pack: ActivePack | undefined;

  constructor(seat: PackWriterSeat) {
    this.#disk = seat.disk;
    this.#layout = seat.layout;
    this.#packBytes = seat.packBytes;
    this.#onRolled = seat.onRolled;
  }

  /** The pack that is being appended to. */
  get activePackName(): string | undefined {
    return this.#pack?.name;
  }

  async put(objects: readonly SmallBlob[], signal?: AbortSignal): Promise<BlobLocation[]> {
    signal?.throwIfAborted();
    if (objects.length === 0) return [];
    const chunks = encodeRecords(objects);
    const sizeBytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    return new Promise((resolve, reject) => {
      this.#queue.push({ objects, chunks, sizeBytes, signal, resolve, reject });
      this.#draining ??= this.#drain();
    });
  }

  async close(): Promise<void> {
    await this.#draining;
    const pack = this.#pack;
    this.#pack = undefined;
    await pack?.file.close();
  }

  /** Never rejects: each caller gets its own group's outcome. */
  async #drain(): Promise<void> {
    for (let group = this.#nextGroup(); group.length > 0; group = this.#nextGroup()) {
      try {
        await this.#store(group);
      } catch (error) {
        const typed = writeError(error, "small objects could not be stored");
        for (const put of group) put.reject(typed);
      }
    }
    this.#draining = undefined;
  }

  #nextGroup(): WaitingPut[] {
    const group: WaitingPut[] = [];
    let sizeBytes = 0;
    for (let put = this.#queue[0]; put; put = this.#queue[0]) {
      if (group.length > 0 && sizeBytes + put.sizeBytes > groupBytes) break;
      this.#queue.shift();
      if (put.signal?.aborted) {
        put.reject(put.signal.reason);
      } else {
        group.push(put);
        sizeBytes += put.sizeBytes;
      }
    }
    return group;
  }

  async #store(group: readonly WaitingPut[]): Promise<void> {
    const sizeBytes = group.reduce((sum, put) => sum + put.sizeBytes, 0);
    const pack = await this.#packWithRoom(sizeBytes);
    try {
      await pack.file.write(
        group.flatMap((put) => put.chunks),
        pack.endBytes,
      );
    } catch (error) {
      // A full disk leaves a torn tail that the next group overwrites; a new pack each time would litter a full disk.
      if (!isDiskFull(error)) await this.#abandon(pack);
      throw error;
    }
    try {
      await pack.file.datasync();
      if (!pack.nameSynced) await this.#disk.syncDirectory(this.#layout.packsDirectory);
      pack.nameSynced = true;
    } catch (error) {
      // After a failed sync the kernel may call lost pages clean: this pack must never be taken for synced again.
      await this.#abandon(pack);
      throw error;
    }
    for (const put of group) {
      const locations = put.objects.map(({ bytes }) => {
        const place = { packName: pack.name, recordOffset: pack.endBytes, sizeBytes: bytes.length };
        pack.endBytes += recordHeaderBytes + bytes.length;
        return packLocation(place);
      });
      put.resolve(locations);
    }
  }

  async #packWithRoom(sizeBytes: number): Promise<ActivePack> {
    const current = this.#pack;
    if (current && (current.endBytes === 0 || current.endBytes + sizeBytes <= this.#packBytes)) return current;
    if (current) {
      this.#pack = undefined;
      await current.file.close();
      this.#onRolled(current.name);
    }
    const name = newPackName();
    const path = this.#layout.packPath(name);
    const file = await this.#disk.openFile(path, "new");
    this.#pack = { name, path, file, endBytes: 0, nameSynced: false };
    return this.#pack;
  }

  /** What was acknowledged from this pack stays readable; nothing is appended any more. */
  async #abandon(pack: ActivePack): Promise<void> {
    this.#pack = undefined;
    // The caller already has an error to report; a handle or an empty file left behind harms nobody.
    await Promise.allSettled([pack.file.close()]);
    if (pack.endBytes === 0) await Promise.allSettled([this.#disk.unlink(pack.path)]);
    else this.#onRolled(pack.name);
  }
}

function encodeRecords(objects: readonly SmallBlob[]): Uint8Array[] {
  const headers = new Uint8Array(objects.length * recordHeaderBytes);
  const chunks: Uint8Array[] = [];
  for (const [index, object] of objects.entries()) {
    if (object.bytes.length > maxSmallBlobBytes) {
      throw new RangeError(`An object of ${object.bytes.length} bytes is not small: stage it.`);
    }
    const header = headers.subarray(index * recordHeaderBytes, (index + 1) * recordHeaderBytes);
    writeRecordHeader(header, object);
    chunks.push(header, object.bytes);
  }
  return chunks;
}
