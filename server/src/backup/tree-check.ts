import { concatBytes, equalBytes, FormatError } from "@excalibur/core/bytes";
import { createLeafHash, EXEF_HEADER_SIZE, MerkleTree, objectRoot, segmentRange } from "@excalibur/core/exef/public";
import type { ObjectRow } from "../db/stores/objects.ts";

/** Takes an object's bytes as they come and says whether they are the ones that were stored: every leaf and the header. */
export class TreeCheck {
  readonly #row: ObjectRow;
  readonly #tree = new MerkleTree();
  readonly #header: Uint8Array[] = [];
  #leaf = createLeafHash();
  #position = 0;

  constructor(row: ObjectRow) {
    this.#row = row;
  }

  /** @throws FormatError for more bytes than the object has */
  update(chunk: Uint8Array): void {
    for (let rest = chunk; rest.length > 0; ) {
      const isHeader = this.#position < EXEF_HEADER_SIZE;
      const end = isHeader ? EXEF_HEADER_SIZE : this.#segmentEnd();
      const some = rest.subarray(0, end - this.#position);
      if (isHeader) this.#header.push(some.slice());
      else this.#leaf.update(some);
      this.#position += some.length;
      rest = rest.subarray(some.length);
      if (!isHeader && this.#position === end) this.#finishLeaf();
    }
  }

  /** Whether all bytes came and are right. */
  matches(): boolean {
    const { ciphertext_length: ciphertextLength, root, tree_hash: expected } = this.#row;
    if (this.#position !== ciphertextLength || this.#tree.size === 0) return false;
    const treeHash = this.#tree.hash();
    const header = concatBytes(...this.#header);
    return equalBytes(treeHash, expected) && equalBytes(objectRoot({ header, ciphertextLength, treeHash }), root);
  }

  #segmentEnd(): number {
    const { ciphertext_length: length } = this.#row;
    if (this.#position >= length) throw new FormatError("There are more bytes than the object has.");
    return segmentRange(length, this.#tree.size).end;
  }

  #finishLeaf(): void {
    this.#tree.append(this.#leaf.digest());
    this.#leaf = createLeafHash();
  }
}
