/**
 * [Note: The brake on mass deletion]
 * A script with a wrong variable, or a program gone wrong, deletes a drive in a second, and every device follows. So
 * whatever this device deletes within a minute is counted, everything inside folders included, and before it passes one
 * hundred items, or a fifth of the drive, the deletion is refused as a whole until somebody says that it is meant. Moving to
 * the trash and deleting for good count alike. A fifth of a handful is nothing: that rule begins at twenty items. The
 * count outlives the process, because a script runs a command once for each file. Counting stops as soon as the answer
 * is known, so deleting one file costs no look at the rest of a drive however large.
 */

import { ByteReader, ByteWriter } from "@excalibur/core/bytes";
import type { SealedNotes } from "../upload/types.ts";
import type { Volume } from "../volumes/index.ts";
import { MassDeletionError } from "./errors.ts";
import { isDamage, trashFolderId, walk } from "./reading.ts";
import type { DeleteOptions, ItemRef } from "./types.ts";

/** More than this within the window asks. */
export const BRAKE_ITEMS = 100;
/** One in so many of the drive's items asks. */
export const BRAKE_SHARE = 5;
/** From so many items on the share is looked at. */
export const BRAKE_SHARE_FROM = 20;
export const BRAKE_WINDOW_MS = 60_000;

const NOTE = "deletions";

type Options = { readonly signal?: AbortSignal };

/** What one deletion takes, and when. */
interface Deletion {
  readonly atMs: number;
  readonly items: number;
}

export interface DeletionBrakeOptions {
  readonly volume: Volume;
  readonly notes: SealedNotes;
  readonly nowMs: () => number;
}

export class DeletionBrake {
  readonly #volume: Volume;
  readonly #notes: SealedNotes;
  readonly #nowMs: () => number;

  constructor({ volume, notes, nowMs }: DeletionBrakeOptions) {
    this.#volume = volume;
    this.#notes = notes;
    this.#nowMs = nowMs;
  }

  /**
   * How many items a deletion of these takes, counted up to the limit. Throws MassDeletionError when that is, with what
   * this device has deleted just before, more than may go unasked.
   */
  async count(refs: readonly ItemRef[], options: Options = {}): Promise<number> {
    const recent = (await this.#recent()).reduce((sum, { items }) => sum + items, 0);
    const items = await this.#countItems(refs, BRAKE_ITEMS + 1 - Math.min(recent, BRAKE_ITEMS), options);
    const deleted = recent + items;
    if (deleted > BRAKE_ITEMS) throw new MassDeletionError({ deleted, limit: "items" });
    if (deleted < BRAKE_SHARE_FROM) return items;
    const enough = deleted * BRAKE_SHARE;
    if ((await this.#countDrive(enough, options)) < enough) throw new MassDeletionError({ deleted, limit: "share" });
    return items;
  }

  /** To be called when it is done. */
  async done(items: number): Promise<void> {
    const recent = [...(await this.#recent()), { atMs: this.#nowMs(), items }];
    const writer = new ByteWriter(12 * recent.length);
    for (const deletion of recent) writer.u64(deletion.atMs).u32(deletion.items);
    await this.#notes.put(NOTE, writer.finish());
  }

  /** Somebody said that it is meant: what came before is settled. */
  async meant(): Promise<void> {
    await this.#notes.delete([NOTE]);
  }

  async #recent(): Promise<Deletion[]> {
    const note = await this.#notes.get(NOTE);
    if (note === undefined) return [];
    const nowMs = this.#nowMs();
    const recent: Deletion[] = [];
    for (const reader = new ByteReader(note, "recent deletions"); reader.remaining > 0; ) {
      const deletion = { atMs: reader.u64(), items: reader.u32() };
      // A clock that was set back must not let everything pass.
      if (Math.abs(nowMs - deletion.atMs) < BRAKE_WINDOW_MS) recent.push(deletion);
    }
    return recent;
  }

  async #countItems(refs: readonly ItemRef[], limit: number, options: Options): Promise<number> {
    let items = refs.length;
    for (const { childId } of refs) {
      if (items >= limit) return items;
      // What has pages is a folder: no need to read the listing it stands in.
      if (this.#volume.hasFolder(childId)) items += await this.#countBelow(childId, limit - items, options);
    }
    return items;
  }

  /** The trash is a part of the drive. */
  async #countDrive(limit: number, options: Options): Promise<number> {
    const { volumeId } = this.#volume;
    const live = await this.#countBelow(volumeId, limit, options);
    if (live >= limit) return live;
    return live + (await this.#countBelow(await trashFolderId(this.#volume, volumeId), limit - live, options));
  }

  async #countBelow(nodeId: Uint8Array, limit: number, options: Options): Promise<number> {
    let items = 0;
    for await (const walked of walk(this.#volume, nodeId, options)) {
      if (isDamage(walked)) continue;
      items += 1;
      if (items >= limit) break;
    }
    return items;
  }
}

/** A deletion that is counted first, unless somebody means it. Throws MassDeletionError, and then nothing was deleted. */
export async function braked(
  { refs, ...options }: DeletionBrakeOptions & { readonly refs: readonly ItemRef[] },
  { massDeletion, signal }: DeleteOptions,
  deletion: () => Promise<void>,
): Promise<void> {
  const brake = new DeletionBrake(options);
  if (massDeletion === "meant") {
    await deletion();
    await brake.meant();
    return;
  }
  const items = await brake.count(refs, signal === undefined ? {} : { signal });
  await deletion();
  await brake.done(items);
}
