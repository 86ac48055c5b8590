/** Tools for putting the fast and the slow implementation side by side. */

import fc from "fast-check";
import { expect } from "vitest";
import { Refusal } from "../reference/foundations/refusal.ts";
import { refusalOf } from "./refusal-class.ts";

function slowOutcome(attempt: () => unknown): string {
  try {
    attempt();
    return "accepted";
  } catch (error) {
    if (error instanceof Refusal) return error.refuse;
    throw error;
  }
}

/**
 * Both accept, or both refuse, and for the same reason; an input that is wrong in two ways may be refused for either.
 * `alike` names classes that a mutation may mix up like that.
 */
export async function expectSameVerdict(
  fast: () => unknown,
  slow: () => unknown,
  alike: readonly string[] = ["malformed", "weak-key"],
): Promise<void> {
  const verdicts = [await refusalOf(fast), slowOutcome(slow)];
  if (verdicts.every((verdict) => alike.includes(verdict))) return;
  expect(verdicts[0]).toBe(verdicts[1]);
}

type Edit = (bytes: Uint8Array) => Uint8Array;

const splice = (bytes: Uint8Array, at: number, removed: number, inserted: Uint8Array): Uint8Array => {
  const start = at % (bytes.length + 1);
  return Uint8Array.from([...bytes.subarray(0, start), ...inserted, ...bytes.subarray(start + removed)]);
};

const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(fc.nat(), fc.nat({ max: 7 })).map(
    ([at, bit]): Edit =>
      (bytes) => {
        const copy = bytes.slice();
        if (copy.length > 0) copy[at % copy.length] = (copy[at % copy.length] as number) ^ (1 << bit);
        return copy;
      },
  ),
  fc.tuple(fc.nat(), fc.constantFrom(0, 1, 127, 128, 254, 255)).map(
    ([at, value]): Edit =>
      (bytes) => {
        const copy = bytes.slice();
        if (copy.length > 0) copy[at % copy.length] = value;
        return copy;
      },
  ),
  fc.tuple(fc.nat(), fc.nat({ max: 40 }), fc.uint8Array({ maxLength: 40 })).map(
    ([at, removed, inserted]): Edit =>
      (bytes) =>
        splice(bytes, at, removed, inserted),
  ),
  fc.tuple(fc.nat(), fc.nat(), fc.nat({ max: 64 })).map(
    ([from, to, length]): Edit =>
      (bytes) => {
        const start = from % (bytes.length + 1);
        return splice(bytes, to, 0, bytes.slice(start, start + length));
      },
  ),
);

/** One of the samples after one to three changes of bytes. */
export function mutated(samples: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(fc.constantFrom(...samples), fc.array(anyEdit, { minLength: 1, maxLength: 3 }))
    .map(([sample, edits]) => edits.reduce((bytes, edit) => edit(bytes), sample));
}
