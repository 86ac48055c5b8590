/** The state tree (spec/volumes.md §6), recursive straight from the definition. */

import { type Bytes, be, compare, concat, hex, unhex, zeros } from "../foundations/bytes.ts";
import { labelledHash, sha256 } from "../foundations/hashes.ts";
import { type PagePlace, pageKey } from "./page-place.ts";

export interface Item {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

export const LEAF_ITEMS = 64;

export function nibble(key: Uint8Array, depth: number): number {
  const byte = key[Math.floor(depth / 2)] as number;
  return depth % 2 === 0 ? byte >> 4 : byte & 15;
}

/** S_0 … S_15 by the d-th nibble. */
export function childrenOf(items: readonly Item[], depth: number): Item[][] {
  return Array.from({ length: 16 }, (_, i) => items.filter((item) => nibble(item.key, depth) === i));
}

export function encodeItems(items: readonly Item[]): Bytes {
  const sorted = [...items].sort((a, b) => compare(a.key, b.key));
  return concat(...sorted.flatMap((item) => [item.key, item.value]));
}

/** The 576 bytes below an interior node. */
export function interiorBody(items: readonly Item[], depth: number): Bytes {
  return concat(...childrenOf(items, depth).flatMap((child) => [be(4, child.length), treeHash(child, depth + 1)]));
}

/** T(S, d). */
export function treeHash(items: readonly Item[], depth = 0): Bytes {
  if (items.length === 0) return zeros(32);
  if (items.length <= LEAF_ITEMS) return sha256(Uint8Array.of(0), encodeItems(items));
  return sha256(Uint8Array.of(1), interiorBody(items, depth));
}

export interface PageState extends PagePlace {
  readonly nodeId: Uint8Array;
  readonly version: number;
  readonly recordHash: Uint8Array;
}

export function pageItem(page: PageState): Item {
  return { key: pageKey(page), value: concat(be(8, page.version), page.recordHash) };
}

/** Folders in hex by nodeId, each with its pages. */
export function pagesByFolder(pages: readonly PageState[]): Map<string, PageState[]> {
  const folders = new Map<string, PageState[]>();
  for (const page of pages) {
    const node = hex(page.nodeId);
    folders.set(node, [...(folders.get(node) ?? []), page]);
  }
  return folders;
}

export function folderItems(pages: readonly PageState[]): Item[] {
  return [...pagesByFolder(pages)].map(([node, own]) => ({ key: unhex(node), value: treeHash(own.map(pageItem)) }));
}

export function stateRootOf(volumeId: Uint8Array, foldersHash: Uint8Array): Bytes {
  return labelledHash("state", volumeId, foldersHash);
}

export function stateRoot(volumeId: Uint8Array, pages: readonly PageState[]): Bytes {
  return stateRootOf(volumeId, treeHash(folderItems(pages)));
}
