import { toBase64Url } from "@excalibur/core/bytes";
import type { Item } from "./types.ts";

export interface KindShare {
  readonly kind: string;
  readonly sizeBytes: number;
  readonly files: number;
}

export interface FolderShare {
  readonly folderId: Uint8Array;
  /** The names from below the root down to it. */
  readonly path: readonly string[];
  /** Of all files below it, at any depth. */
  readonly sizeBytes: number;
}

interface FolderSum {
  readonly folderId: Uint8Array;
  readonly name: string;
  readonly parentKey: string;
}

/**
 * What the files of a drive take, by kind and by folder: told of each item, in any order. What lies in a volume that is
 * mounted counts for the folders around its mount, too.
 */
export class Breakdown {
  readonly #kindOf: (item: Item) => string;
  readonly #kinds = new Map<string, { sizeBytes: number; files: number }>();
  readonly #folders = new Map<string, FolderSum>();
  /** The folder that a volume's root is in the volume around it, by volumeId. */
  readonly #mounts = new Map<string, string>();
  /** Of the files in a folder, by its id, or that of the volume whose root it is. */
  readonly #ownBytes = new Map<string, number>();
  #files = 0;

  /** `kindOf` names the kind of a file, in words of the caller's. */
  constructor(kindOf: (item: Item) => string) {
    this.#kindOf = kindOf;
  }

  /** Files looked at so far. */
  get files(): number {
    return this.#files;
  }

  /** `sizeBytes`: what the item adds to the drive; 0 for a copy, whose bytes are there already. */
  look(item: Item, sizeBytes: number): void {
    const parentKey = toBase64Url(item.parentId);
    if (item.type === "folder") {
      const { childId: folderId, name, entry } = item;
      const key = toBase64Url(folderId);
      if (!this.#folders.has(key)) this.#folders.set(key, { folderId, name, parentKey });
      if (entry.mount !== undefined) this.#mounts.set(toBase64Url(entry.mount.volumeId), key);
      return;
    }
    if (item.type !== "file") return;
    this.#files += 1;
    const kind = this.#kindOf(item);
    const sum = this.#kinds.get(kind) ?? { sizeBytes: 0, files: 0 };
    this.#kinds.set(kind, { sizeBytes: sum.sizeBytes + sizeBytes, files: sum.files + 1 });
    this.#ownBytes.set(parentKey, (this.#ownBytes.get(parentKey) ?? 0) + sizeBytes);
  }

  /** Largest first. */
  get kinds(): KindShare[] {
    const kinds = [...this.#kinds].map(([kind, sum]) => ({ kind, ...sum }));
    return kinds.sort((a, b) => b.sizeBytes - a.sizeBytes);
  }

  /** Largest first, `count` at most, empty ones never. */
  largestFolders(count: number): FolderShare[] {
    const sums = new Map<FolderSum, number>();
    for (const [key, ownBytes] of this.#ownBytes) {
      for (const folder of this.#upwards(key)) sums.set(folder, (sums.get(folder) ?? 0) + ownBytes);
    }
    const folders = [...sums].filter(([, sizeBytes]) => sizeBytes > 0);
    const largest = folders.sort(([, a], [, b]) => b - a).slice(0, count);
    return largest.map(([{ folderId }, sizeBytes]) => {
      const path = [...this.#upwards(toBase64Url(folderId))].reverse().map(({ name }) => name);
      return { folderId, path, sizeBytes };
    });
  }

  /** The folder and those that it lies in. Each once: a listing that leads back to itself must not lead round for ever. */
  *#upwards(from: string): Generator<FolderSum> {
    const seen = new Set<string>();
    for (let at = from; !seen.has(at); ) {
      const key = this.#mounts.get(at) ?? at;
      const folder = this.#folders.get(key);
      if (folder === undefined) return;
      seen.add(at);
      yield folder;
      at = folder.parentKey;
    }
  }
}
