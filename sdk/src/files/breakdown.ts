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
  sizeBytes: number;
}

/** What the files of a drive take, by kind and by folder: told of each item on a walk that meets parents before children. */
export class Breakdown {
  readonly #kindOf: (item: Item) => string;
  readonly #kinds = new Map<string, { sizeBytes: number; files: number }>();
  readonly #folders = new Map<string, FolderSum>();
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
      const { childId: folderId, name } = item;
      const key = toBase64Url(folderId);
      if (!this.#folders.has(key)) this.#folders.set(key, { folderId, name, parentKey, sizeBytes: 0 });
      return;
    }
    if (item.type !== "file") return;
    this.#files += 1;
    const kind = this.#kindOf(item);
    const sum = this.#kinds.get(kind) ?? { sizeBytes: 0, files: 0 };
    this.#kinds.set(kind, { sizeBytes: sum.sizeBytes + sizeBytes, files: sum.files + 1 });
    for (const folder of this.#upwards(parentKey)) folder.sizeBytes += sizeBytes;
  }

  /** Largest first. */
  get kinds(): KindShare[] {
    const kinds = [...this.#kinds].map(([kind, sum]) => ({ kind, ...sum }));
    return kinds.sort((a, b) => b.sizeBytes - a.sizeBytes);
  }

  /** Largest first, `count` at most, empty ones never. */
  largestFolders(count: number): FolderShare[] {
    const folders = [...this.#folders].filter(([, { sizeBytes }]) => sizeBytes > 0);
    const largest = folders.sort(([, a], [, b]) => b.sizeBytes - a.sizeBytes).slice(0, count);
    return largest.map(([key, { folderId, sizeBytes }]) => {
      const path = [...this.#upwards(key)].reverse().map(({ name }) => name);
      return { folderId, path, sizeBytes };
    });
  }

  /** The folder and those that it lies in. Each once: a listing that leads back to itself must not lead round for ever. */
  *#upwards(from: string): Generator<FolderSum> {
    const seen = new Set<string>();
    for (let key = from; !seen.has(key); ) {
      const folder = this.#folders.get(key);
      if (folder === undefined) return;
      seen.add(key);
      yield folder;
      key = folder.parentKey;
    }
  }
}
