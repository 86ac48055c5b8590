import { compareBytes, concatBytes, toHex, uint16, uint32, uint64, utf8Encode } from "../../../bytes/index.ts";
import { sha256 } from "../../../primitives/index.ts";
import type { PageRef } from "../index.ts";

/** T(S, d) of cryptography.md §5, word by word: the fast tree is checked against this. */
export function slowT(items: readonly (readonly [Uint8Array, Uint8Array])[], depth = 0): Uint8Array {
  if (items.length === 0) return new Uint8Array(32);
  if (items.length <= 64) {
    const sorted = [...items].sort(([a], [b]) => compareBytes(a, b));
    return sha256(concatBytes(Uint8Array.of(0), ...sorted.flat()));
  }
  const parts: Uint8Array[] = [Uint8Array.of(1)];
  for (let nibble = 0; nibble < 16; nibble++) {
    const child = items.filter(([key]) => Number.parseInt(toHex(key)[depth] as string, 16) === nibble);
    parts.push(uint32(child.length), slowT(child, depth + 1));
  }
  return sha256(concatBytes(...parts));
}

export function slowRoot(volumeId: Uint8Array, pages: readonly PageRef[]): Uint8Array {
  const folders = Map.groupBy(pages, (page) => toHex(page.nodeId));
  const items = [...folders.values()].map((group) => {
    const folderRoot = slowT(
      group.map((page) => [
        concatBytes(uint16(page.bits), Uint8Array.of(page.bitsLength)),
        concatBytes(uint64(page.version), page.recordHash),
      ]),
    );
    return [(group[0] as PageRef).nodeId, folderRoot] as const;
  });
  return sha256(utf8Encode("excalibur/v3/state\0"), volumeId, slowT(items));
}
