import { toHex } from "@excalibur/core/bytes";
import type { Entry, Volume } from "../volumes/index.ts";
import { isDamage, listFolder, trashFolderId, walk } from "./reading.ts";
import type { Item } from "./types.ts";

/** Bytes on the server, encrypted. An object that several entries list counts once, for the first of these that it is. */
export interface Usage {
  /** Files as they are, and their thumbnails. */
  readonly currentBytes: number;
  readonly versionsBytes: number;
  /** What is in the trash, with its earlier versions. */
  readonly trashBytes: number;
  /** Parts of listings that could not be read: what is on them is not counted. */
  readonly damaged: number;
}

export interface UsageOptions {
  readonly signal?: AbortSignal;
  /** Told of each item outside the trash, parents before children, and of the bytes that it is the first to list. */
  readonly onItem?: (item: Item, addedBytes: number) => void;
}

export async function usageOf(volumes: readonly Volume[], options: UsageOptions = {}): Promise<Usage> {
  const current = new Map<string, number>();
  const versions = new Map<string, number>();
  const trash = new Map<string, number>();
  let damaged = 0;
  const look = async (volume: Volume, nodeId: Uint8Array, found: (entry: Entry, item: Item) => void) => {
    for await (const walked of walk(volume, nodeId, options)) {
      if (isDamage(walked)) damaged += 1;
      else found(walked.item.entry, walked.item);
    }
  };
  for (const volume of volumes) {
    await look(volume, volume.volumeId, (entry, item) => {
      const addedBytes = note(current, contentsOf(entry));
      options.onItem?.(item, addedBytes);
      note(versions, entry.file?.versions ?? []);
    });
  }
  const inTrash = (entry: Entry) => note(trash, [...contentsOf(entry), ...(entry.file?.versions ?? [])]);
  for (const volume of volumes) {
    const trashed = await listFolder(volume, await trashFolderId(volume, volume.volumeId), options);
    damaged += trashed.damage.length;
    for (const { entry, type, childId } of trashed.items) {
      inTrash(entry);
      if (type === "folder" && entry.mount === undefined) await look(volume, childId, inTrash);
    }
  }
  return {
    currentBytes: sum(current),
    versionsBytes: sum(versions, [current]),
    trashBytes: sum(trash, [current, versions]),
    damaged,
  };
}

type Sized = { readonly objectId: Uint8Array; readonly ciphertextLength: number };

function contentsOf({ file }: Entry): Sized[] {
  if (!file) return [];
  return file.thumbnail ? [file, file.thumbnail] : [file];
}

/** Answers how many bytes of them were not known yet. */
function note(sizes: Map<string, number>, objects: readonly Sized[]): number {
  let addedBytes = 0;
  for (const { objectId, ciphertextLength } of objects) {
    const id = toHex(objectId);
    if (!sizes.has(id)) addedBytes += ciphertextLength;
    sizes.set(id, ciphertextLength);
  }
  return addedBytes;
}

function sum(sizes: ReadonlyMap<string, number>, others: readonly ReadonlyMap<string, number>[] = []): number {
  let total = 0;
  for (const [id, sizeBytes] of sizes) if (!others.some((other) => other.has(id))) total += sizeBytes;
  return total;
}
