import { equalBytes, toBase64Url } from "@excalibur/core/bytes";
import type { IndexedPage, PageName } from "./indexed-page.ts";
import type { FoundStep } from "./types.ts";

/** Far deeper than people nest, and an end for folders that say they lie in each other. */
const DEEPEST = 2_000;

/** The pages a search knows, by folder; and from them, which folder lies where. */
export class PageTable {
  readonly #folders = new Map<string, Map<number, IndexedPage>>();
  #size = 0;
  #inside: Map<string, boolean> | undefined;

  get size(): number {
    return this.#size;
  }

  put(page: IndexedPage): void {
    const key = toBase64Url(page.nodeId);
    const pages = this.#folders.get(key) ?? new Map<number, IndexedPage>();
    if (!pages.has(placeKey(page))) this.#size += 1;
    pages.set(placeKey(page), page);
    this.#folders.set(key, pages);
    this.#inside = undefined;
  }

  /** The page if this very version of it is known. */
  get(name: PageName): IndexedPage | undefined {
    const page = this.#folders.get(toBase64Url(name.nodeId))?.get(placeKey(name));
    return page !== undefined && equalBytes(page.recordHash, name.recordHash) ? page : undefined;
  }

  *pages(): Generator<IndexedPage> {
    for (const pages of this.#folders.values()) yield* pages.values();
  }

  /** Pages of folders that lie below the root, wherever; those of the trash and of what lies in it are none of them. */
  *pagesBelow(rootId: Uint8Array, trashId: Uint8Array): Generator<IndexedPage> {
    this.#inside ??= new Map([
      [toBase64Url(rootId), true],
      [toBase64Url(trashId), false],
    ]);
    for (const [key, pages] of this.#folders) if (this.#isInside(key, this.#inside)) yield* pages.values();
  }

  /**
   * Whether a folder lists what is really there: where a folder is, is said by its own page, and a listing that disagrees
   * is out of date (docs/spec/volumes.md §3).
   */
  isListedRightly(page: IndexedPage, index: number): boolean {
    if (page.typeAt(index) !== "folder") return true;
    const parentId = this.#parentOf(toBase64Url(page.idAt(index)));
    return parentId === undefined || (parentId !== null && equalBytes(parentId, page.nodeId));
  }

  /** The folders from below the root down to this one, itself included. */
  stepsTo(folderId: Uint8Array, known: Map<string, readonly FoundStep[]>): readonly FoundStep[] {
    const key = toBase64Url(folderId);
    const there = known.get(key);
    if (there !== undefined) return there;
    // Against folders that say they lie in each other; those are in no answer, since they do not lead to the root.
    known.set(key, []);
    const parentId = this.#parentOf(key);
    const name = parentId ? this.#nameIn(parentId, folderId) : undefined;
    const steps = parentId && name !== undefined ? [...this.stepsTo(parentId, known), { folderId, name }] : [];
    known.set(key, steps);
    return steps;
  }

  #nameIn(parentId: Uint8Array, childId: Uint8Array): string | undefined {
    for (const page of this.#folders.get(toBase64Url(parentId))?.values() ?? []) {
      const index = page.indexOf(childId);
      if (index >= 0) return page.nameAt(index);
    }
    return undefined;
  }

  #isInside(key: string, inside: Map<string, boolean>): boolean {
    const way: string[] = [];
    let at = key;
    while (!inside.has(at) && way.length < DEEPEST) {
      way.push(at);
      const parentId = this.#parentOf(at);
      if (!parentId) break;
      at = toBase64Url(parentId);
    }
    const isInside = inside.get(at) ?? false;
    for (const each of way) inside.set(each, isInside);
    return isInside;
  }

  #parentOf(key: string): Uint8Array | null | undefined {
    for (const page of this.#folders.get(key)?.values() ?? []) if (page.parentId !== undefined) return page.parentId;
    return undefined;
  }
}

function placeKey({ bits, bitsLength }: PageName): number {
  return bits * 32 + bitsLength;
}
