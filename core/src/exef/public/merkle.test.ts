import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatBytes, FormatError, IntegrityError } from "../../bytes/index.ts";
import { randomBytes, sha256 } from "../../primitives/index.ts";
import {
  ciphertextLength,
  createLeafHash,
  EXEF_HEADER_SIZE,
  leafHash,
  leafHashBulk,
  MerkleTree,
  merkleTreeHash,
  objectRoot,
  proveRange,
  segmentCount,
  verifyRange,
} from "./index.ts";

const leaves = (count: number) => Array.from({ length: count }, (_, i) => leafHash(Uint8Array.of(i, i >> 8)));

/** RFC 9162 §2.1.1, word by word. */
function slowTreeHash(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 1) return hashes[0] as Uint8Array;
  let k = 1;
  while (k * 2 < hashes.length) k *= 2;
  return sha256(Uint8Array.of(1), slowTreeHash(hashes.slice(0, k)), slowTreeHash(hashes.slice(k)));
}

function objectWith(count: number) {
  const length = ciphertextLength(count === 1 ? 0 : 262_112 * (count - 1));
  const hashes = leaves(segmentCount(length));
  const header = randomBytes(EXEF_HEADER_SIZE);
  const root = objectRoot({ header, ciphertextLength: length, treeHash: merkleTreeHash(hashes) });
  return { hashes, header, ciphertextLength: length, root };
}

describe("tree hash", () => {
  it("is that of RFC 9162, for arrays, packed leaves and one by one", () => {
    for (let count = 1; count < 70; count++) {
      const hashes = leaves(count);
      const expected = slowTreeHash(hashes);
      expect(merkleTreeHash(hashes)).toEqual(expected);
      expect(merkleTreeHash(concatBytes(...hashes))).toEqual(expected);
    }
  });

  it("can be asked at any time", () => {
    const tree = new MerkleTree();
    expect(() => tree.hash()).toThrow(FormatError);
    const seen: Uint8Array[] = [];
    for (const leaf of leaves(20)) {
      tree.append(leaf);
      seen.push(leaf);
      expect(tree.hash()).toEqual(slowTreeHash(seen));
      expect(tree.size).toBe(seen.length);
    }
  });

  it("refuses leaves that are no hashes", () => {
    expect(() => new MerkleTree().append(new Uint8Array(31))).toThrow(FormatError);
    expect(() => merkleTreeHash(new Uint8Array(33))).toThrow(FormatError);
  });

  it("hashes a segment the same way in three ways", async () => {
    const segment = randomBytes(1000);
    const expected = sha256(Uint8Array.of(0), segment);
    expect(leafHash(segment)).toEqual(expected);
    expect(await leafHashBulk(segment)).toEqual(expected);
    const pieces = createLeafHash().update(segment.subarray(0, 7)).update(segment.subarray(7));
    expect(pieces.digest()).toEqual(expected);
  });
});

describe("range proofs", () => {
  // What a server keeps: leaves in runs with the hash of each. A last run may be a single leaf.
  it.each([1, 2, 7, 8, 9, 16, 17, 31, 32, 33])("of %i leaves need no leaf outside the runs they touch", (count) => {
    const runLength = 8;
    const all = leaves(count);
    const knownSubtree = (low: number, high: number) =>
      low % runLength === 0 && high === Math.min(low + runLength, count)
        ? merkleTreeHash(all.slice(low, high))
        : undefined;
    for (let from = 0; from < count; from++) {
      const to = from + 1;
      const run = Math.floor(from / runLength) * runLength;
      const sparse: Uint8Array[] = [];
      sparse.length = count;
      for (let i = run; i < Math.min(run + runLength, count); i++) sparse[i] = all[i] as Uint8Array;
      expect(proveRange({ leaves: sparse, from, to, knownSubtree })).toEqual(proveRange({ leaves: all, from, to }));
    }
  });

  it("prove every range of objects of up to 20 segments", () => {
    for (const count of [1, 2, 3, 5, 8, 13, 17, 20]) {
      const { hashes, ...object } = objectWith(count);
      for (let from = 0; from < hashes.length; from++) {
        for (let to = from + 1; to <= hashes.length; to++) {
          const proof = proveRange({ leaves: hashes, from, to });
          expect(verifyRange({ ...object, proof, from, to })).toEqual(hashes.slice(from, to));
        }
      }
    }
  });

  it("use subtrees that are already known", () => {
    const { hashes, ...object } = objectWith(40);
    const asked: string[] = [];
    const knownSubtree = (low: number, high: number) => {
      asked.push(`${low}-${high}`);
      return high - low === 16 ? slowTreeHash(hashes.slice(low, high)) : undefined;
    };
    const proof = proveRange({ leaves: concatBytes(...hashes), from: 3, to: 4, knownSubtree });
    expect(verifyRange({ ...object, proof, from: 3, to: 4 })).toEqual([hashes[3]]);
    expect(asked).toContain("16-32");
    expect(asked.some((range) => range === "16-24")).toBe(false);
  });

  it("fail when anything is changed, missing, left over or for another range", () => {
    const { hashes, ...object } = objectWith(19);
    const [from, to] = [3, 8];
    const proof = proveRange({ leaves: hashes, from, to });
    const range = { from, to };
    fc.assert(
      fc.property(fc.nat(proof.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const altered = proof.slice();
        altered[at] = (altered[at] as number) ^ flip;
        expect(() => verifyRange({ ...object, ...range, proof: altered })).toThrow();
      }),
    );
    for (const bad of [proof.subarray(0, -1), proof.subarray(0, -32), concatBytes(proof, proof.subarray(0, 1))]) {
      expect(() => verifyRange({ ...object, ...range, proof: bad })).toThrow(FormatError);
    }
    expect(() => verifyRange({ ...object, proof, from: 4, to: 9 })).toThrow();
    expect(() => verifyRange({ ...object, proof, from: 3, to: 7 })).toThrow(FormatError);
    const { root, header } = object;
    expect(() => verifyRange({ ...object, ...range, proof, root: randomBytes(32) })).toThrow(IntegrityError);
    expect(() => verifyRange({ ...object, ...range, proof, header: randomBytes(106) })).toThrow(IntegrityError);
    expect(() =>
      verifyRange({ proof, ...range, root, header, ciphertextLength: ciphertextLength(262_112 * 19) }),
    ).toThrow();
  });

  it("exist for real ranges only", () => {
    const { hashes, ...object } = objectWith(5);
    for (const [from, to] of [
      [0, 0],
      [2, 1],
      [-1, 1],
      [0, hashes.length + 1],
      [0.5, 2],
    ] as const) {
      expect(() => proveRange({ leaves: hashes, from, to })).toThrow(FormatError);
      expect(() => verifyRange({ ...object, proof: new Uint8Array(8), from, to })).toThrow(FormatError);
    }
  });

  it("cannot make the verifier allocate what they claim", () => {
    const { hashes: _, ...object } = objectWith(5);
    const proof = new Uint8Array(8).fill(0xff);
    expect(() => verifyRange({ ...object, proof, from: 0, to: 1 })).toThrow(FormatError);
  });
});
