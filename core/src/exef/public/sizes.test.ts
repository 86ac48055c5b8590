import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormatError } from "../../bytes/index.ts";
import {
  ciphertextLength,
  EXEF_HEADER_SIZE,
  EXEF_MAX_REAL_LENGTH,
  EXEF_MAX_SEGMENTS,
  EXEF_PART_SEGMENTS,
  EXEF_SEGMENT_SIZE,
  isPossibleCiphertextLength,
  paddedLengthOf,
  paddedPlaintextLength,
  padmeLength,
  partCount,
  partRange,
  segmentCount,
  segmentRange,
  segmentsOfData,
} from "./index.ts";

/** Straight from the formula, in integers without a limit. */
function padmeBig(length: number): bigint {
  const l = BigInt(length);
  const e = BigInt(l.toString(2).length - 1);
  const s = BigInt(e.toString(2).length);
  const mask = (1n << (e - s)) - 1n;
  return (l + mask) & ~mask;
}

const realLength = () =>
  fc.oneof(
    fc.integer({ min: 0, max: 2_000_000 }),
    fc.integer({ min: 0, max: EXEF_MAX_REAL_LENGTH }),
    fc.tuple(fc.integer({ min: 9, max: 43 }), fc.integer({ min: -2, max: 2 })).map(([e, d]) => 2 ** e + d),
  );

describe("Padmé", () => {
  it("is exact up to 2^53", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.integer({ min: 4, max: Number.MAX_SAFE_INTEGER }),
          fc.tuple(fc.integer({ min: 3, max: 52 }), fc.integer({ min: -2, max: 2 })).map(([e, d]) => 2 ** e + d),
        ),
        (length) => {
          expect(BigInt(padmeLength(length))).toBe(padmeBig(length));
        },
      ),
      { numRuns: 1000 },
    );
    expect(padmeLength(Number.MAX_SAFE_INTEGER)).toBe(2 ** 53);
  });

  it("never adds more than 12 % above 512 and maps its own results to themselves", () => {
    fc.assert(
      fc.property(fc.integer({ min: 513, max: 2 ** 52 }), (length) => {
        const padded = padmeLength(length);
        expect(padded).toBeGreaterThanOrEqual(length);
        expect(padded / length).toBeLessThan(1.12);
        expect(padmeLength(padded)).toBe(padded);
      }),
    );
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])("refuses %d", (length) => {
    expect(() => padmeLength(length)).toThrow(FormatError);
  });
});

describe("lengths", () => {
  // The table of spec/exef.md §4.
  it.each([
    [0, 520, 1, 658],
    [1, 520, 1, 658],
    [512, 520, 1, 658],
    [513, 552, 1, 690],
    [1000, 1032, 1, 1170],
    [262_144, 262_152, 2, 262_322],
    [1_000_000, 1_015_816, 4, 1_016_050],
    [5_368_709_120, 5_368_709_128, 20_483, 5_369_364_690],
  ])("of %d bytes of data", (length, padded, segments, total) => {
    expect(paddedPlaintextLength(length)).toBe(padded);
    expect(ciphertextLength(length)).toBe(total);
    expect(segmentCount(total)).toBe(segments);
    expect(paddedLengthOf(total)).toBe(padded);
  });

  it("lead back from the length of the object", () => {
    fc.assert(
      fc.property(realLength(), (length) => {
        const total = ciphertextLength(length);
        expect(isPossibleCiphertextLength(total)).toBe(true);
        expect(paddedLengthOf(total)).toBe(paddedPlaintextLength(length));
        expect(segmentCount(total)).toBeLessThanOrEqual(EXEF_MAX_SEGMENTS);
      }),
    );
  });

  it("refuse every other length", () => {
    const possible = new Set<number>();
    for (let length = 0; length < 8000; length++) possible.add(ciphertextLength(length));
    for (let total = 0; total < 8000; total++) expect(isPossibleCiphertextLength(total)).toBe(possible.has(total));
    for (const total of [-658, 658.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(isPossibleCiphertextLength(total)).toBe(false);
      expect(() => segmentCount(total)).toThrow(FormatError);
    }
  });

  it("end where 2^26 segments end", () => {
    const largest = ciphertextLength(EXEF_MAX_REAL_LENGTH);
    expect(segmentCount(largest)).toBeLessThanOrEqual(EXEF_MAX_SEGMENTS);
    expect(() => ciphertextLength(EXEF_MAX_REAL_LENGTH + 1)).toThrow(FormatError);
    expect(padmeLength(EXEF_MAX_REAL_LENGTH)).toBe(EXEF_MAX_REAL_LENGTH);
    const next = padmeLength(EXEF_MAX_REAL_LENGTH + 1);
    expect(Math.ceil((next + 8) / 262_112)).toBeGreaterThan(EXEF_MAX_SEGMENTS);
  });
});

describe("ranges", () => {
  it("of segments and parts tile the object", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000_000 }), (length) => {
        const total = ciphertextLength(length);
        let end = EXEF_HEADER_SIZE;
        for (let i = 0; i < segmentCount(total); i++) {
          const range = segmentRange(total, i);
          expect(range.start).toBe(end);
          expect(range.end - range.start).toBeGreaterThan(32);
          expect(range.end - range.start).toBeLessThanOrEqual(EXEF_SEGMENT_SIZE);
          end = range.end;
        }
        expect(end).toBe(total);

        let partEnd = 0;
        let segmentEnd = 0;
        for (let i = 0; i < partCount(total); i++) {
          const range = partRange(total, i);
          expect([range.start, range.firstSegment]).toEqual([partEnd, segmentEnd]);
          expect(range.endSegment - range.firstSegment).toBeLessThanOrEqual(EXEF_PART_SEGMENTS);
          partEnd = range.end;
          segmentEnd = range.endSegment;
        }
        expect([partEnd, segmentEnd]).toEqual([total, segmentCount(total)]);
      }),
      { numRuns: 50 },
    );
  });

  it("end with the object", () => {
    const total = ciphertextLength(5_000_000);
    for (const index of [-1, segmentCount(total), 0.5]) {
      expect(() => segmentRange(total, index)).toThrow(FormatError);
      expect(() => partRange(total, index)).toThrow(FormatError);
    }
  });

  it("cover the bytes of the data that are asked for, and no segment more", () => {
    expect(segmentsOfData({ start: 0, end: 1 })).toEqual({ start: 0, end: 1 });
    expect(segmentsOfData({ start: 0, end: 262_104 })).toEqual({ start: 0, end: 1 });
    expect(segmentsOfData({ start: 262_103, end: 262_105 })).toEqual({ start: 0, end: 2 });
    expect(segmentsOfData({ start: 262_104, end: 262_105 })).toEqual({ start: 1, end: 2 });
  });
});
