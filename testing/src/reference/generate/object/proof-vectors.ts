import { ascii, type Bytes, be, concat, hex, zeros } from "../../foundations/bytes.ts";
import { sha256 } from "../../foundations/hashes.ts";
import { encodeBatch, readBatch } from "../../object/batch.ts";
import { KIND, prelude, seal } from "../../object/exef.ts";
import { EXEF_SUITE, encodeParameters } from "../../object/floe.ts";
import { makeRangeProof, merkleTreeHash, rootOf, type SegmentRange, verifyRangeProof } from "../../object/merkle.ts";
import { ciphertextLength, HEADER_BYTES, PAYLOAD_BYTES, shapeOf } from "../../object/padding.ts";
import {
  type Case,
  fixed,
  flipped,
  type Json,
  overwritten,
  refused,
  type VectorFile,
  vectorIvs,
} from "../vector-file.ts";

/** Proofs need no ciphertext: any 32 bytes are a leaf. */
function leaf(index: number): Bytes {
  return sha256(ascii("leaf"), be(4, index));
}

const HEADER = concat(
  prelude(KIND.content, fixed("proof object", 16)),
  encodeParameters(EXEF_SUITE),
  fixed("proof header", 64),
);

interface Tree {
  readonly leaves: readonly Bytes[];
  readonly ciphertextLength: number;
  readonly treeHash: Bytes;
  readonly root: Bytes;
}

/** Lengths are padded in steps, so not every number of segments occurs: the largest object of at most n of them. */
function treeOf(atMost: number): Tree {
  let [low, high] = [0, atMost * PAYLOAD_BYTES];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (shapeOf(ciphertextLength(middle)).segments <= atMost) low = middle;
    else high = middle;
  }
  const length = ciphertextLength(low);
  const leaves = Array.from({ length: shapeOf(length).segments }, (_, i) => leaf(i));
  const treeHash = merkleTreeHash(leaves);
  return {
    leaves,
    ciphertextLength: length,
    treeHash,
    root: rootOf({ header: HEADER, ciphertextLength: length }, treeHash),
  };
}

const TREE_SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 16, 17, 31, 33, 64, 65, 100, 128, 255, 1000];

function treeCases(): Json[] {
  return TREE_SIZES.map((atMost) => {
    const tree = treeOf(atMost);
    return {
      segments: tree.leaves.length,
      ciphertextLength: tree.ciphertextLength,
      treeHash: hex(tree.treeHash),
      root: hex(tree.root),
    };
  });
}

function rangesOf(n: number): SegmentRange[] {
  const middle = Math.floor(n / 2);
  const all: SegmentRange[] = [
    { from: 0, to: 1 },
    { from: n - 1, to: n },
    { from: 0, to: n },
    { from: middle, to: middle + 1 },
    { from: Math.min(1, n - 1), to: Math.max(n - 1, Math.min(2, n)) },
    { from: Math.floor(n / 3), to: Math.min(n, Math.floor(n / 3) + 16) },
  ];
  const seen = new Set<string>();
  return all.filter(({ from, to }) => from < to && !seen.has(`${from}-${to}`) && seen.add(`${from}-${to}`));
}

function proofCases(): Json[] {
  return [1, 2, 3, 5, 7, 8, 33, 65, 100].flatMap((atMost) => {
    const tree = treeOf(atMost);
    return rangesOf(tree.leaves.length).map((range) => {
      const proof = makeRangeProof(tree.leaves, range);
      const input = { header: HEADER, ciphertextLength: tree.ciphertextLength };
      verifyRangeProof(input, range, proof, tree.root);
      return {
        name: `segments ${range.from} to ${range.to} of ${tree.leaves.length}`,
        ciphertextLength: tree.ciphertextLength,
        ...range,
        root: hex(tree.root),
        proof: hex(proof),
      };
    });
  });
}

function refusedProofs(): Json[] {
  const tree = treeOf(100);
  const range = { from: 20, to: 24 };
  const proof = makeRangeProof(tree.leaves, range);
  const n = tree.leaves.length;
  const siblings = proof.length - 4 - 4 * 32 - 4;
  const make = (
    name: string,
    refuse: "malformed" | "integrity",
    bytes: Bytes,
    changes: { range?: SegmentRange; ciphertextLength?: number; root?: Bytes } = {},
  ): Case => {
    const wanted = changes.range ?? range;
    const length = changes.ciphertextLength ?? tree.ciphertextLength;
    const root = changes.root ?? tree.root;
    const input = { ciphertextLength: length, ...wanted, root: hex(root), proof: hex(bytes) };
    return refused(name, { refuse, wrong: name }, input, () =>
      verifyRangeProof({ header: HEADER, ciphertextLength: length }, wanted, bytes, root),
    );
  };
  const moved = { from: 24, to: 28 };
  const swap = concat(proof.slice(0, 4), proof.slice(36, 68), proof.slice(4, 36), proof.slice(68));
  const withoutLeaf = concat(be(4, 3), proof.slice(4, 100), proof.slice(132));
  const moreLeaves = concat(be(4, 5), proof.slice(4, 132), leaf(24), proof.slice(132));
  const withoutSibling = concat(proof.slice(0, 132), be(4, siblings / 32 - 1), proof.slice(136, -32));
  const moreSiblings = concat(proof.slice(0, 132), be(4, siblings / 32 + 1), proof.slice(136), leaf(0));
  return [
    make("a leaf flipped", "integrity", flipped(proof, 4)),
    make("a sibling flipped", "integrity", flipped(proof, -1)),
    make("two leaves swapped", "integrity", swap),
    make("for another range of the same length", "integrity", proof, { range: moved }),
    make("for another root", "integrity", proof, { root: fixed("another root", 32) }),
    make("one leaf too few", "malformed", withoutLeaf),
    make("one leaf too many", "malformed", moreLeaves),
    make("one sibling too few", "malformed", withoutSibling),
    make("one sibling too many", "malformed", moreSiblings),
    make("a count above the bytes", "malformed", overwritten(proof, 0, be(4, 2 ** 32 - 1))),
    make("a byte missing", "malformed", proof.slice(0, -1)),
    make("a byte left over", "malformed", concat(proof, zeros(1))),
    make("nothing", "malformed", zeros(0)),
    make("an empty range", "malformed", concat(be(4, 0), be(4, 1), tree.treeHash), { range: { from: 3, to: 3 } }),
    make("a range beyond the end", "malformed", proof, { range: { from: n - 2, to: n + 2 } }),
    make("an object of one segment less", "integrity", proof, { ciphertextLength: treeOf(96).ciphertextLength }),
  ];
}

export function proofVectors(): VectorFile {
  return {
    about:
      'Merkle trees and range proofs (spec/exef.md §6). Leaf i is SHA-256("leaf" ‖ be32(i)); all proofs are for the given header.',
    header: hex(HEADER),
    trees: treeCases(),
    proofs: proofCases(),
    refused: refusedProofs(),
  };
}

// ── batches ──────────────────────────────────────────────────────────────────────────────────────────────────────

function object(name: string, size: number): Bytes {
  const binding = {
    kind: KIND.content,
    objectId: fixed(`batch ${name}`, 16),
    key: fixed(`batch key ${name}`, 32),
    context: zeros(0),
  };
  return seal(binding, vectorIvs(fixed(`batch iv ${name}`, 32)), fixed(`batch data ${name}`, size));
}

const FIRST = object("first", 0);
const SECOND = object("second", 600);
const BATCH = encodeBatch([FIRST, SECOND]);
const ROW = 52;

function batchCase(name: string, bytes: Bytes): Case {
  const read = readBatch(bytes);
  return {
    name,
    batch: hex(bytes),
    tableHash: hex(read.tableHash),
    objects: read.objects.map((item) => ({ objectId: hex(item.objectId), fits: item.fits })),
  };
}

export function batchVectors(): VectorFile {
  const table = BATCH.slice(0, 6 + 2 * ROW);
  const objects = BATCH.slice(6 + 2 * ROW);
  const make = (name: string, bytes: Bytes): Case =>
    refused(name, { refuse: "malformed", wrong: name }, { batch: hex(bytes) }, () => readBatch(bytes));
  const secondRow = 6 + ROW;
  const firstAt = 6 + 2 * ROW;
  const sameIdTwice = overwritten(BATCH, secondRow, BATCH.slice(6, 22));
  return {
    about: "Batches of small objects (spec/exef.md §8). `fits` says whether the object is what its row says.",
    accepted: [
      batchCase("two objects", BATCH),
      batchCase("one object", encodeBatch([FIRST])),
      batchCase("an object with a bit flipped: it alone does not fit", flipped(BATCH, -1)),
      batchCase("the first object with a bit flipped", flipped(BATCH, firstAt + HEADER_BYTES + 50)),
      batchCase("a root flipped", flipped(BATCH, 6 + 20)),
      batchCase("an objectId in the table that is not the object's", flipped(BATCH, 6)),
      batchCase("an object of version 2", overwritten(BATCH, firstAt + 5, Uint8Array.of(2))),
    ],
    refused: [
      make("another magic", overwritten(BATCH, 3, ascii("4"))),
      make("no object", concat(ascii("EXB3"), be(2, 0))),
      make("cut inside the table", table.slice(0, -1)),
      make("the objects are missing", table),
      make("a byte missing", BATCH.slice(0, -1)),
      make("a byte left over", concat(BATCH, zeros(1))),
      make("one row more than there are", overwritten(BATCH, 4, be(2, 3))),
      make("one row less than there are", overwritten(BATCH, 4, be(2, 1))),
      make("an objectId twice", sameIdTwice),
      make("a length that no object has", overwritten(BATCH, 6 + 16, be(4, FIRST.length + 1))),
      make("a length beyond the bytes", overwritten(BATCH, 6 + 16, be(4, ciphertextLength(1_000_000)))),
      make("nothing", zeros(0)),
      make("the objects without a table", objects),
    ],
  };
}
