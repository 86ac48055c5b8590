/**
 * [Note: Proven once]
 * Whether the keys of a record are strong is a question of mathematics that takes ten milliseconds, and a client asks it of every member each
 * time it looks at a shared folder. The answer depends on the bytes and on nothing else, so it is remembered by their SHA-256: of other bytes
 * nobody knows anything. Only what was proven is remembered, and no more of it than the latest: what was forgotten is proven again.
 */

import { toHex } from "../bytes/index.ts";

export class ProvenHashes {
  readonly #most: number;
  /** In the order in which they were asked for. */
  readonly #hashes = new Set<string>();

  constructor(most: number) {
    this.#most = most;
  }

  has(hash: Uint8Array): boolean {
    const text = toHex(hash);
    if (!this.#hashes.delete(text)) return false;
    this.#hashes.add(text);
    return true;
  }

  add(hash: Uint8Array): void {
    this.#hashes.add(toHex(hash));
    for (const oldest of this.#hashes) {
      if (this.#hashes.size <= this.#most) return;
      this.#hashes.delete(oldest);
    }
  }
}
