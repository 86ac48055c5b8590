import { open } from "node:fs/promises";
import { concatBytes } from "@excalibur/core/bytes";
import { EXEF_HEADER_SIZE, EXEF_KIND, merkleTreeHash, partRange } from "@excalibur/core/exef/public";
import { ObjectSealer, sealStream } from "@excalibur/core/exef/secret";
import { randomBytes, sha256 } from "@excalibur/core/primitives";

const OBJECT_ID_AT = 8;

/** A sealed object in a file, with what its sender knows of it: sealing is over before a server is measured. */
export interface RawObject {
  readonly path: string;
  readonly ctLength: number;
  readonly treeHash: Uint8Array;
  /** Leaf hashes of each part. */
  readonly leaves: readonly Uint8Array[];
}

export async function writeRawObject(path: string, sizeBytes: number): Promise<RawObject> {
  const options = { fileKey: randomBytes(32), kind: EXEF_KIND.content, objectId: randomBytes(16), size: sizeBytes };
  const sealer = new ObjectSealer(options);
  const leaves: Uint8Array[] = [];
  await using file = await open(path, "w");
  for await (const part of sealStream({ sealer, source: random(sizeBytes), reuseBuffers: true })) {
    await file.write(part.bytes, 0, part.bytes.length, partRange(sealer.ctLength, part.index).start);
    leaves.push(part.leaves);
  }
  await file.sync();
  return { path, ctLength: sealer.ctLength, treeHash: merkleTreeHash(concatBytes(...leaves)), leaves };
}

/** Gives the object another id, in the bytes of its part 0: no leaf covers the header, and nobody opens it here. */
export function rename(part0: Uint8Array, objectId: Uint8Array): void {
  part0.set(objectId, OBJECT_ID_AT);
}

/** As `excalibur-leaves` has them. */
export function signedLeaves(object: RawObject, part: number, bytes: Uint8Array): Uint8Array {
  const leaves = object.leaves[part] as Uint8Array;
  return part === 0 ? concatBytes(sha256(bytes.subarray(0, EXEF_HEADER_SIZE)), leaves) : leaves;
}

function* random(sizeBytes: number): Generator<Uint8Array> {
  for (let left = sizeBytes; left > 0; left -= 65_536) yield randomBytes(Math.min(left, 65_536));
}
