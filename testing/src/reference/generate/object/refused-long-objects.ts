import { type Bytes, concat, hex } from "../../foundations/bytes.ts";
import { sha256 } from "../../foundations/hashes.ts";
import { type Expected, KIND, open } from "../../object/exef.ts";
import { HEADER_BYTES, SEGMENT_BYTES } from "../../object/padding.ts";
import { type Case, refused } from "../vector-file.ts";
import { describe, expectation, fittingRoot, sealed } from "./exef-samples.ts";

/** Long objects are altered by a recipe: pieces of the good ciphertext, in this order, and bytes in hex. */
type Piece = { from: number; to: number } | { hex: string };

function cutAndPaste(source: Bytes, pieces: readonly Piece[]): Bytes {
  return concat(
    ...pieces.map((piece) =>
      "hex" in piece ? Uint8Array.from(Buffer.from(piece.hex, "hex")) : source.slice(piece.from, piece.to),
    ),
  );
}

export function longCases(): Case[] {
  const size = 1_000_000;
  const object = sealed(KIND.content, size);
  const { ciphertext } = object;
  const at = (segment: number) => HEADER_BYTES + segment * SEGMENT_BYTES;
  const header = { from: 0, to: HEADER_BYTES };
  const segment = (i: number) => ({ from: at(i), to: Math.min(at(i + 1), ciphertext.length) });
  const lastLength = ciphertext.length - at(3);
  const expected = expectation(object);
  const make = (name: string, pieces: readonly Piece[], changes: Partial<Expected> = {}): Case => {
    const altered = cutAndPaste(ciphertext, pieces);
    const wanted = { ...expected, ...changes };
    const input = {
      ...describe(wanted),
      of: `content of ${size} bytes`,
      pieces: [...pieces],
      sha256: hex(sha256(altered)),
    };
    return refused(name, { refuse: "integrity", wrong: name }, input, () => open(altered, wanted));
  };
  const flipAt = (offset: number): Piece[] => [
    { from: 0, to: offset },
    { hex: hex(Uint8Array.of((ciphertext[offset] as number) ^ 1)) },
    { from: offset + 1, to: ciphertext.length },
  ];
  const noRoot = (pieces: readonly Piece[]) => fittingRoot(cutAndPaste(ciphertext, pieces));
  const swapped = [header, segment(1), segment(0), segment(2), segment(3)];
  const doubled = [header, segment(0), segment(0), segment(2), segment(3)];
  const lastAsMiddle = [
    header,
    segment(0),
    segment(3),
    { from: at(1) + lastLength, to: at(2) },
    segment(2),
    segment(3),
  ];
  const middleAsLast = [header, segment(0), segment(1), segment(2), { from: at(2), to: at(2) + lastLength }];
  const flippedMiddle = flipAt(at(1) + 1000);
  return [
    make("segments 0 and 1 swapped", swapped),
    make("segments 0 and 1 swapped, under a root that fits", swapped, noRoot(swapped)),
    make("segment 0 in the place of segment 1", doubled, noRoot(doubled)),
    make("a middle segment dropped", [header, segment(0), segment(2), segment(3)]),
    make("a middle segment twice", [header, segment(0), segment(1), segment(1), segment(2), segment(3)]),
    make("the last segment dropped", [header, segment(0), segment(1), segment(2)]),
    make("cut in the middle of a segment", [{ from: 0, to: at(2) + 1000 }]),
    make("cut by the last byte", [{ from: 0, to: ciphertext.length - 1 }]),
    make("only the header", [header]),
    make("a byte after the end", [{ from: 0, to: ciphertext.length }, { hex: "00" }]),
    make("the last segment twice", [{ from: 0, to: ciphertext.length }, segment(3)]),
    make("the last segment where a middle one must be", lastAsMiddle, noRoot(lastAsMiddle)),
    make("the beginning of a middle segment as the last", middleAsLast, noRoot(middleAsLast)),
    make("a bit flipped in the first segment", flipAt(at(0) + 100)),
    make("a bit flipped in a middle segment, under a root that fits", flippedMiddle, noRoot(flippedMiddle)),
    make("a bit flipped in the last tag", flipAt(ciphertext.length - 1)),
    make("a middle marker that claims to be the last", [
      { from: 0, to: at(1) },
      { hex: "00040000" },
      { from: at(1) + 4, to: ciphertext.length },
    ]),
  ];
}
