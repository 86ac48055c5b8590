import { type Bytes, FormatError, uint64 } from "../../bytes/index.ts";
import { hashLabelled } from "../../labels/index.ts";
import { EXEF_HASH_LENGTH, EXEF_HEADER_SIZE } from "./constants.ts";
import { parseExefHeader } from "./header.ts";
import { leafHash, MerkleTree } from "./merkle.ts";
import { segmentRange } from "./ranges.ts";
import { segmentCount } from "./sizes.ts";

export interface ObjectRootOptions {
  /** The 106 bytes. */
  readonly header: Uint8Array;
  readonly ciphertextLength: number;
  /** MTH of all leaves. */
  readonly treeHash: Uint8Array;
}

/** The hash that names a whole object (spec/exef.md §6). */
export function objectRoot({ header, ciphertextLength, treeHash }: ObjectRootOptions): Bytes {
  if (header.length !== EXEF_HEADER_SIZE) throw new FormatError("The header of an object has 106 bytes.");
  if (treeHash.length !== EXEF_HASH_LENGTH) throw new FormatError("A tree hash has 32 bytes.");
  return hashLabelled("root", header, uint64(ciphertextLength), treeHash);
}

/** The root of an object that is in memory as a whole. Throws FormatError if its length is no object's. */
export function rootOfObject(bytes: Uint8Array): Bytes {
  const { headerBytes } = parseExefHeader(bytes);
  const tree = new MerkleTree();
  for (let i = 0; i < segmentCount(bytes.length); i++) {
    const { start, end } = segmentRange(bytes.length, i);
    tree.append(leafHash(bytes.subarray(start, end)));
  }
  return objectRoot({ header: headerBytes, ciphertextLength: bytes.length, treeHash: tree.hash() });
}
