import fc from "fast-check";
import { expect, it } from "vitest";
import { equalBytes } from "../../bytes/index.ts";
import { randomBytes } from "../../primitives/index.ts";
import { EXEF_KIND, partRange, proveRange } from "../public/index.ts";
import { ciphertextRangeOfData, ObjectOpener, ObjectSealer, openObject, openRange, sealStream } from "./index.ts";

const RUNS = 300;
const MAX_SIZE = 24_000_000;

async function* inPieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const example = fc
  .tuple(
    fc.integer({ min: 0, max: MAX_SIZE }),
    fc.integer({ min: 1000, max: 6_000_000 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  )
  .chain(([size, pieceSize, at]) =>
    fc.nat(size).map((length) => ({ size, pieceSize, start: Math.floor((size - length) * at), length })),
  );

it(`seals ${RUNS} streams of any size and opens them whole and in ranges`, { timeout: 1_800_000 }, async () => {
  const seed = Number(process.env["EXCALIBUR_SEED"] ?? Date.now() % 2 ** 31);
  process.stdout.write(`exef: seed ${seed}, ${RUNS} runs\n`);
  const property = fc.asyncProperty(example, async ({ size, pieceSize, start, length }) => {
    const [fileKey, plaintext, kind] = [randomBytes(32), randomBytes(size), EXEF_KIND.content];
    const sealer = new ObjectSealer({ fileKey, kind, objectId: randomBytes(16), size });
    const [bytes, leaves] = [new Uint8Array(sealer.ctLength), new Uint8Array(sealer.segmentCount * 32)];
    for await (const part of sealStream({ sealer, source: inPieces(plaintext, pieceSize), reuseBuffers: true })) {
      const range = partRange(sealer.ctLength, part.index);
      bytes.set(part.bytes, range.start);
      leaves.set(part.leaves, range.firstSegment * 32);
    }
    const root = sealer.root(leaves);
    const whole = await openObject({ key: fileKey, kind, bytes, expectedRoot: root, expectedSize: size });
    expect(equalBytes(whole, plaintext)).toBe(true);

    const opener = new ObjectOpener({ fileKey, kind, header: bytes, ctLength: bytes.length, size, root });
    const range = { start, end: start + length };
    const cut = ciphertextRangeOfData(bytes.length, range);
    const [from, to] = [Math.floor((cut.start - 106) / 262_144), Math.ceil((cut.end - 106) / 262_144)];
    if (to > from) opener.acceptProof({ proof: proveRange({ leaves, from, to }), from, to });
    let at = start;
    const source = inPieces(bytes.subarray(cut.start, cut.end), pieceSize);
    for await (const piece of openRange({ opener, range, source, reuseBuffers: true })) {
      expect(equalBytes(piece, plaintext.subarray(at, at + piece.length))).toBe(true);
      at += piece.length;
    }
    expect(at).toBe(range.end);
  });
  await fc.assert(property, { numRuns: RUNS, seed });
});
