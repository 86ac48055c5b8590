import { BlobDamagedError } from "../../blob-errors.ts";
import type { BlobLocation } from "../../blob-store.ts";
import { diskErrorCode, readError, writeError } from "../disk-errors.ts";
import type { Disk } from "../disk-port.ts";
import { type Layout, type PackPlace, parseLocation } from "../layout.ts";
import type { OpenFiles } from "../open-files.ts";
import { deadState, readRecordHeader, recordHeaderBytes, stateOffset } from "./pack-record.ts";
import { walkPack } from "./pack-walk.ts";

export interface PackRemoverSeat {
  readonly disk: Disk;
  readonly layout: Layout;
  readonly openFiles: OpenFiles;
  readonly isActive: (packName: string) => boolean;
}

/**
 * Marks records as dead in place (one byte) and unlinks a pack when nothing in it lives. Neither is synced: a mark that a
 * power cut undoes leaves an unreferenced object, which the next sweep finds again.
 */
export class PackRemover {
  readonly #seat: PackRemoverSeat;
  /** Live records of the packs that lost some, counted at the first loss. */
  readonly #live = new Map<string, number>();
  /** Packs that lost records while they were still being appended to. */
  readonly #uncounted = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(seat: PackRemoverSeat) {
    this.#seat = seat;
  }

  /** One after the other, so that counts are right. */
  delete(id: string, place: PackPlace): Promise<void> {
    return this.#inTurn(() => this.#delete(id, place));
  }

  /** @throws BlobDamagedError when this is no place in a pack, or another record lies there */
  async deleteAt(id: string, location: BlobLocation): Promise<void> {
    const place = parseLocation(id, location);
    if (place.kind === "pack") await this.delete(id, place);
  }

  /**
   * Removes a pack without living records. Where some of it is not understood (a torn tail, a damaged header) `isForgotten`
   * is asked whether no row means a place in it. Answers whether the pack is gone.
   */
  async removeIfDead(packName: string, isForgotten: () => Promise<boolean>): Promise<boolean> {
    let gone = false;
    await this.#inTurn(async () => {
      const path = this.#seat.layout.packPath(packName);
      if ((await this.#seat.disk.fileStatus(path)) === undefined) gone = true;
      else {
        const { live, isUnderstood } = await this.#count(path);
        if (live > 0 || !(isUnderstood || (await isForgotten()))) return;
        await this.#unlink(packName);
        gone = true;
      }
    });
    return gone;
  }

  /** The pack gets no more records; from now on it may be removed. */
  rolled(packName: string): void {
    if (!this.#uncounted.delete(packName)) return;
    // Only tidies: when it fails, the next deletion in this pack, or its rewriting, does the same.
    this.#inTurn(() => this.#unlinkWhenDead(packName)).catch(() => this.#live.delete(packName));
  }

  /** Waits for what was begun. */
  async settle(): Promise<void> {
    await this.#last;
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(work);
    this.#last = Promise.allSettled([turn]);
    return turn;
  }

  async #delete(id: string, place: PackPlace): Promise<void> {
    const { packName } = place;
    let wasLive: boolean;
    try {
      wasLive = await this.#markDead(id, place);
    } catch (error) {
      if (diskErrorCode(error) === "ENOENT") return;
      throw writeError(error, "an object could not be marked as deleted");
    }
    if (!wasLive) return;
    if (this.#seat.isActive(packName)) {
      this.#uncounted.add(packName);
      return;
    }
    const live = this.#live.get(packName);
    if (live !== undefined) this.#live.set(packName, live - 1);
    try {
      await this.#unlinkWhenDead(packName);
    } catch (error) {
      throw readError(error, id);
    }
  }

  async #markDead(id: string, { packName, recordOffset, sizeBytes }: PackPlace): Promise<boolean> {
    const file = await this.#seat.disk.openFile(this.#seat.layout.packPath(packName), "existing");
    try {
      const bytes = new Uint8Array(recordHeaderBytes);
      const filled = await file.read(bytes, recordOffset);
      const header = readRecordHeader(bytes.subarray(0, filled));
      if (header?.id !== id || header.sizeBytes !== sizeBytes) {
        throw new BlobDamagedError(id, "another record lies where they should be");
      }
      if (header.live) await file.write([Uint8Array.of(deadState)], recordOffset + stateOffset);
      return header.live;
    } finally {
      await file.close();
    }
  }

  async #unlinkWhenDead(packName: string): Promise<void> {
    const path = this.#seat.layout.packPath(packName);
    const live = this.#live.get(packName) ?? (await this.#countLive(path));
    if (live > 0) this.#live.set(packName, live);
    else await this.#unlink(packName);
  }

  async #unlink(packName: string): Promise<void> {
    const { disk, layout, openFiles } = this.#seat;
    const path = layout.packPath(packName);
    this.#live.delete(packName);
    await openFiles.forget(path);
    await disk.unlink(path);
  }

  /** A stretch without a readable header may hold an object that its row still finds: such a pack does not die by itself. */
  async #countLive(path: string): Promise<number> {
    const { live, isUnderstood } = await this.#count(path);
    return isUnderstood ? live : Number.POSITIVE_INFINITY;
  }

  async #count(path: string): Promise<{ readonly live: number; readonly isUnderstood: boolean }> {
    const { disk, openFiles } = this.#seat;
    const sizeBytes = (await disk.fileStatus(path))?.sizeBytes ?? 0;
    return openFiles.use({
      path,
      mode: "read",
      work: async (file) => {
        let live = 0;
        let known = 0;
        for await (const record of walkPack(file, sizeBytes)) {
          if (record.live) live += 1;
          known += recordHeaderBytes + record.sizeBytes;
        }
        return { live, isUnderstood: known === sizeBytes };
      },
    });
  }
}
