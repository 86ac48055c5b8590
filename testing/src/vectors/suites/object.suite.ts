import { concatBytes } from "@excalibur/core/bytes";
import {
  checkBatchObject,
  ciphertextLength,
  type ExefKind,
  isPossibleCiphertextLength,
  leafHash,
  merkleTreeHash,
  objectRoot,
  paddedPlaintextLength,
  proveRange,
  readBatch,
  rootOfObject,
  segmentCount,
  segmentRange,
  verifyRange,
} from "@excalibur/core/exef/public";
import { openObject, openStream, sealObject } from "@excalibur/core/exef/secret";
import { sha256 } from "@excalibur/core/primitives";
import { describe, expect, it } from "vitest";
import { vectorIvs } from "../../reference/generate/vector-file.ts";
import { open, seal } from "../../reference/object/exef.ts";
import { itRefuses } from "../check-cases.ts";
import { frozen, hex, type MustFail, type Named, type Packed, unhex, unpack } from "../frozen.ts";

interface GoodObject extends Named {
  readonly kind: ExefKind;
  readonly objectId: string;
  readonly key: string;
  readonly context: string;
  readonly iv: string;
  readonly plaintext: Packed;
  readonly ciphertextLength: number;
  readonly ciphertext?: string;
  readonly sha256: string;
  readonly leaves: readonly string[];
  readonly root: string;
}

interface Expectation {
  readonly kind: ExefKind;
  readonly objectId?: string;
  readonly key: string;
  readonly context: string;
  readonly root?: string;
  readonly size?: number;
}

type WrongObject = MustFail & Expectation & { readonly ciphertext: string };
type Piece = { readonly from: number; readonly to: number } | { readonly hex: string };
type WrongLongObject = MustFail &
  Expectation & { readonly of: string; readonly pieces: readonly Piece[]; readonly sha256: string };

interface ExefFile {
  readonly lengths: readonly { size: number; padded: number; segments: number; ciphertextLength: number }[];
  readonly impossibleLengths: readonly (MustFail & { readonly ciphertextLength: number })[];
  readonly objects: readonly GoodObject[];
  readonly refused: readonly WrongObject[];
  readonly refusedLong: readonly WrongLongObject[];
}

/** Vectors hold long ciphertexts as a recipe: the slow implementation repeats them, and the hash proves that it did. */
function ciphertextOf(object: GoodObject): Uint8Array {
  const binding = {
    kind: object.kind,
    objectId: unhex(object.objectId),
    key: unhex(object.key),
    context: unhex(object.context),
  };
  const bytes = object.ciphertext
    ? unhex(object.ciphertext)
    : seal(binding, vectorIvs(unhex(object.iv)), unpack(object.plaintext));
  expect(hex(sha256(bytes))).toBe(object.sha256);
  return bytes;
}

function opening(expected: Expectation) {
  return {
    kind: expected.kind,
    context: unhex(expected.context),
    ...(expected.objectId === undefined ? {} : { objectId: unhex(expected.objectId) }),
  };
}

function openWhole(expected: Expectation, bytes: Uint8Array): Promise<Uint8Array> {
  return openObject({
    ...opening(expected),
    key: unhex(expected.key),
    bytes,
    ...(expected.root === undefined ? {} : { expectedRoot: unhex(expected.root) }),
    ...(expected.size === undefined ? {} : { expectedSize: expected.size }),
  });
}

const PIECE_SIZES = [1000, 65_536, 262_144, 700_001];

function* pieces(bytes: Uint8Array, sizeBytes: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += sizeBytes) yield bytes.subarray(at, at + sizeBytes);
}

interface Streaming {
  readonly expected: Expectation;
  readonly bytes: Uint8Array;
  readonly ctLength: number;
  readonly leaves: readonly Uint8Array[];
  readonly pieceSizeBytes: number;
}

/** Streams the object; whatever was released before an error goes to `released`. */
async function openStreamed(streaming: Streaming, released: Uint8Array[]): Promise<void> {
  const { expected, bytes, ctLength, leaves, pieceSizeBytes } = streaming;
  const stream = openStream({
    ...opening(expected),
    fileKey: unhex(expected.key),
    ctLength,
    source: pieces(bytes, pieceSizeBytes),
    ...(expected.size === undefined ? {} : { size: expected.size }),
    ...(expected.root === undefined ? {} : { root: unhex(expected.root), leaves: [...leaves] }),
  });
  for await (const piece of stream) released.push(piece.slice());
}

function leavesOf(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: segmentCount(bytes.length) }, (_, i) => {
    const { start, end } = segmentRange(bytes.length, i);
    return leafHash(bytes.subarray(start, end));
  });
}

/** exef.json: sizes, whole objects and streams. */
function exefSuite(): void {
  describe("exef.json", () => {
    const file = frozen<ExefFile>("exef");

    it("knows every length", () => {
      for (const { size, padded, segments, ciphertextLength: length } of file.lengths) {
        expect([paddedPlaintextLength(size), ciphertextLength(size), segmentCount(length)]).toEqual([
          padded,
          length,
          segments,
        ]);
      }
    });
    it("knows which lengths are impossible", () => {
      for (const { ciphertextLength: length } of file.impossibleLengths)
        expect(isPossibleCiphertextLength(length)).toBe(false);
    });
    itRefuses("lengths", file.impossibleLengths, ({ ciphertextLength: length }) => segmentCount(length));

    it("opens every object whole, with its root and leaves", async () => {
      for (const object of file.objects) {
        const bytes = ciphertextOf(object);
        const plaintext = unpack(object.plaintext);
        expect(hex(await openWhole({ ...object, size: plaintext.length }, bytes))).toBe(hex(plaintext));
        expect(hex(rootOfObject(bytes))).toBe(object.root);
        expect(leavesOf(bytes).map(hex)).toEqual(object.leaves);
      }
    });

    it("opens every object as a stream of pieces of any size", async () => {
      for (const [i, object] of file.objects.entries()) {
        const bytes = ciphertextOf(object);
        const plaintext = unpack(object.plaintext);
        const released: Uint8Array[] = [];
        const pieceSizeBytes = PIECE_SIZES[i % PIECE_SIZES.length] as number;
        const expected = { ...object, size: plaintext.length };
        await openStreamed(
          { expected, bytes, ctLength: bytes.length, leaves: object.leaves.map(unhex), pieceSizeBytes },
          released,
        );
        expect(hex(sha256(concatBytes(...released)))).toBe(hex(sha256(plaintext)));
      }
    });

    it("seals what the slow implementation opens", async () => {
      for (const object of file.objects) {
        const plaintext = unpack(object.plaintext);
        const context = unhex(object.context);
        const sealed = await sealObject({
          key: unhex(object.key),
          kind: object.kind,
          objectId: unhex(object.objectId),
          context,
          plaintext,
        });
        expect(sealed.bytes.length).toBe(object.ciphertextLength);
        const expected = {
          ...object,
          key: unhex(object.key),
          objectId: unhex(object.objectId),
          context,
          root: sealed.root,
          size: plaintext.length,
        };
        expect(hex(sha256(open(sealed.bytes, expected)))).toBe(hex(sha256(plaintext)));
      }
    });

    itRefuses("objects, whole", file.refused, (one) => openWhole(one, unhex(one.ciphertext)));

    const goodByName = new Map(file.objects.map((object) => [object.name, object]));
    const madeOf = new Map<string, Uint8Array>();
    function altered(one: WrongLongObject): Uint8Array {
      const good = madeOf.get(one.of) ?? ciphertextOf(goodByName.get(one.of) as GoodObject);
      madeOf.set(one.of, good);
      const bytes = concatBytes(
        ...one.pieces.map((piece) => ("hex" in piece ? unhex(piece.hex) : good.subarray(piece.from, piece.to))),
      );
      expect(hex(sha256(bytes))).toBe(one.sha256);
      return bytes;
    }

    itRefuses("long objects, whole", file.refusedLong, (one) => openWhole(one, altered(one)));

    itRefuses("long objects, streamed; what was released before is right", file.refusedLong, async (one) => {
      const good = goodByName.get(one.of) as GoodObject;
      const bytes = altered(one);
      // The leaves are the server's word: those of the altered bytes, where there are as many.
      const leaves = bytes.length === good.ciphertextLength ? leavesOf(bytes) : good.leaves.map(unhex);
      const released: Uint8Array[] = [];
      try {
        await openStreamed(
          { expected: one, bytes, ctLength: good.ciphertextLength, leaves, pieceSizeBytes: 100_000 },
          released,
        );
      } finally {
        const data = concatBytes(...released);
        const plaintext = unpack(good.plaintext).subarray(0, data.length);
        expect(data.length).toBeLessThan(unpack(good.plaintext).length + 1);
        expect(Buffer.compare(data, plaintext)).toBe(0);
      }
    });
  });
}

interface ProofFile {
  readonly header: string;
  readonly trees: readonly { segments: number; ciphertextLength: number; treeHash: string; root: string }[];
  readonly proofs: readonly (Named & {
    ciphertextLength: number;
    from: number;
    to: number;
    root: string;
    proof: string;
  })[];
  readonly refused: readonly (MustFail & {
    ciphertextLength: number;
    from: number;
    to: number;
    root: string;
    proof: string;
  })[];
}

function vectorLeaves(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => {
    const bytes = Buffer.alloc(8, "leaf");
    bytes.writeUInt32BE(i, 4);
    return sha256(bytes);
  });
}

function proofSuite(): void {
  describe("proofs.json", () => {
    const file = frozen<ProofFile>("proofs");
    const header = unhex(file.header);

    it("makes the same trees and roots", () => {
      for (const { segments, ciphertextLength: length, treeHash, root } of file.trees) {
        const made = merkleTreeHash(vectorLeaves(segments));
        expect(hex(made)).toBe(treeHash);
        expect(hex(objectRoot({ header, ciphertextLength: length, treeHash: made }))).toBe(root);
      }
    });
    it("makes and verifies the same proofs", () => {
      for (const { ciphertextLength: length, from, to, root, proof } of file.proofs) {
        const leaves = vectorLeaves(segmentCount(length));
        expect(hex(proveRange({ leaves, from, to }))).toBe(proof);
        const proven = verifyRange({
          proof: unhex(proof),
          from,
          to,
          header,
          ciphertextLength: length,
          root: unhex(root),
        });
        expect(proven.map(hex)).toEqual(leaves.slice(from, to).map(hex));
      }
    });
    itRefuses("proofs", file.refused, ({ ciphertextLength: length, from, to, root, proof }) =>
      verifyRange({ proof: unhex(proof), from, to, header, ciphertextLength: length, root: unhex(root) }),
    );
  });
}

interface BatchFile {
  readonly accepted: readonly (Named & {
    readonly batch: string;
    readonly tableHash: string;
    readonly objects: readonly { objectId: string; fits: boolean }[];
  })[];
  readonly refused: readonly (MustFail & { readonly batch: string })[];
}

async function readWholeBatch(
  bytes: Uint8Array,
  pieceSizeBytes: number,
): Promise<{ table: Uint8Array; fits: boolean[]; ids: string[] }> {
  async function* source() {
    yield* pieces(bytes, pieceSizeBytes);
  }
  const { table, objects } = await readBatch(source(), { maxObjects: 1000, maxObjectBytes: 10_000_000 });
  const fits: boolean[] = [];
  const ids: string[] = [];
  for await (const { row, bytes: object } of objects()) {
    ids.push(hex(row.objectId));
    fits.push(isGood(() => checkBatchObject(row, object)));
  }
  return { table, fits, ids };
}

function isGood(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}

function batchSuite(): void {
  describe("batch.json", () => {
    const file = frozen<BatchFile>("batch");
    it("reads every batch in pieces of any size, and knows which object fits its row", async () => {
      for (const pieceSizeBytes of [1, 100, 100_000]) {
        for (const { batch, tableHash, objects } of file.accepted) {
          const read = await readWholeBatch(unhex(batch), pieceSizeBytes);
          expect(hex(sha256(read.table))).toBe(tableHash);
          expect(read.ids.map((objectId, i) => ({ objectId, fits: read.fits[i] }))).toEqual(objects);
        }
      }
    });
    itRefuses("batches", file.refused, ({ batch }) => readWholeBatch(unhex(batch), 64));
  });
}

/** The product's objects against exef.json, proofs.json and batch.json. */
export function objectSuite(): void {
  exefSuite();
  proofSuite();
  batchSuite();
}
