/** Fast and slow implementation, side by side on inputs that nobody thought of: CBOR and what is written in it. */

import { type CborKey, type CborValue, decodeCbor, encodeCbor } from "@excalibur/core/bytes";
import { ciphertextLength, isPossibleCiphertextLength } from "@excalibur/core/exef/public";
import { decodeKeyring } from "@excalibur/core/keys";
import { decodePageContent, nameProblem } from "@excalibur/core/volume/content";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { amount } from "../../../scripts/test/long-mode.ts";
import { readKeyringContent } from "../reference/account/keyring.ts";
import { decode, encode, type Value } from "../reference/foundations/cbor.ts";
import { shapeOf, ciphertextLength as slowCiphertextLength } from "../reference/object/padding.ts";
import { readPageContent } from "../reference/volume/entries.ts";
import { isNameAllowed } from "../reference/volume/names.ts";
import { expectSameVerdict, mutated } from "./differential.ts";
import { frozen, hex, type Packed, unhex, unpack } from "./frozen.ts";

const runs = (usual: number) => ({ numRuns: amount({ everyday: usual, long: usual * 20 }) });

interface Encoded {
  readonly bytes: string;
}

describe("CBOR", () => {
  const { accepted, refused } = frozen<{ accepted: readonly Encoded[]; refused: readonly Encoded[] }>("cbor");
  const samples = [...accepted, ...refused].map(({ bytes }) => unhex(bytes)).filter((bytes) => bytes.length < 1000);

  it("is judged alike after any change of bytes", async () => {
    await fc.assert(
      fc.asyncProperty(mutated(samples), async (bytes) => {
        await expectSameVerdict(
          () => decodeCbor(bytes),
          () => decode(bytes),
        );
      }),
      runs(2000),
    );
  });

  const key = fc.oneof(fc.nat(), fc.string({ unit: "binary", maxLength: 30 }), fc.uint8Array({ maxLength: 30 }));
  const { value } = fc.letrec<{ value: CborValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.maxSafeInteger(),
      fc.string({ unit: "binary", maxLength: 40 }),
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom(true, false, null),
      fc.array(tie("value"), { maxLength: 5 }),
      fc
        .uniqueArray(fc.tuple(key, tie("value")), {
          maxLength: 5,
          selector: ([k]) => (k instanceof Uint8Array ? `bytes ${hex(k)}` : `${typeof k} ${k}`),
        })
        .map((pairs) => new Map(pairs as [CborKey, CborValue][])),
    ),
  }));

  it("is written alike, for any value", () => {
    fc.assert(
      fc.property(value, (one) => {
        expect(hex(encodeCbor(one))).toBe(hex(encode(one as Value)));
      }),
      runs(2000),
    );
  });
});

/** Some bytes of a structured plaintext changed on the level of values: a field dropped, exchanged, moved, added. */
function changedValues(plaintexts: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const replacement: fc.Arbitrary<Value> = fc.oneof(
    fc.maxSafeInteger(),
    fc.nat({ max: 70 }),
    fc.constantFrom<Value>(null, true, "", "name", "x".repeat(256), 2 ** 32, 2 ** 48),
    fc.constantFrom(0, 15, 16, 17, 31, 32, 33).map((length) => new Uint8Array(length)),
    fc.uint8Array({ minLength: 16, maxLength: 16 }),
    fc.constantFrom<Value>([], new Map()),
  );
  const change = fc.record({
    at: fc.nat(),
    how: fc.constantFrom("replace", "drop", "add", "twice"),
    with: replacement,
    key: fc.nat({ max: 70 }),
  });
  return fc
    .tuple(fc.constantFrom(...plaintexts), fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([plaintext, changes]) => {
      let root = decode(plaintext);
      // The values are shared between runs: what is put in is a copy.
      for (const one of changes) root = applyChange(root, { ...one, with: structuredClone(one.with) });
      return encode(root);
    });
}

interface ValueChange {
  readonly at: number;
  readonly how: string;
  readonly with: Value;
  readonly key: number;
}

function applyChange(root: Value, change: ValueChange): Value {
  const places: (() => void)[] = [];
  const walk = (node: Value): void => {
    if (Array.isArray(node)) {
      places.push(() => node.push(change.with));
      for (const [i, item] of node.entries()) {
        places.push(() => changeArray(node, i, change));
        walk(item);
      }
    } else if (node instanceof Map) {
      places.push(() => node.set(change.key, change.with));
      for (const [key, item] of node) {
        places.push(() => (change.how === "drop" ? node.delete(key) : node.set(key, change.with)));
        walk(item);
      }
    }
  };
  walk(root);
  places[change.at % places.length]?.();
  return root;
}

function changeArray(array: Value[], i: number, { how, with: value }: ValueChange): void {
  if (how === "drop") array.splice(i, 1);
  else if (how === "twice") array.push(array[i] as Value);
  else array[i] = value;
}

interface PlaceJson {
  readonly volumeId: string;
  readonly nodeId: string;
  readonly bitsLength: number;
  readonly bits: number;
  readonly plaintext: Packed;
}

describe("page contents", () => {
  const { contents } = frozen<{ contents: readonly PlaceJson[] }>("page");
  for (const one of contents.filter(({ plaintext }) => unpack(plaintext).length < 10_000)) {
    const place = {
      volumeId: unhex(one.volumeId),
      nodeId: unhex(one.nodeId),
      bitsLength: one.bitsLength,
      bits: one.bits,
    };
    const judge = async (plaintext: Uint8Array) => {
      await expectSameVerdict(
        () => decodePageContent(plaintext, place),
        () => readPageContent(plaintext, place),
      );
    };
    it(`are judged alike after any change of values or bytes (${one.bitsLength}, ${one.bits}, ${unpack(one.plaintext).length} bytes)`, async () => {
      await fc.assert(fc.asyncProperty(changedValues([unpack(one.plaintext)]), judge), runs(100));
      await fc.assert(fc.asyncProperty(mutated([unpack(one.plaintext)]), judge), runs(100));
    });
  }
});

describe("keyring contents", () => {
  const { keyrings } = frozen<{ keyrings: readonly { plaintext: string }[] }>("keys");
  const samples = keyrings.map(({ plaintext }) => unhex(plaintext));
  it("are judged alike after any change of values or bytes", async () => {
    const judge = async (plaintext: Uint8Array) => {
      await expectSameVerdict(
        () => decodeKeyring(plaintext),
        () => readKeyringContent(plaintext),
      );
    };
    await fc.assert(fc.asyncProperty(changedValues(samples), judge), runs(800));
    await fc.assert(fc.asyncProperty(mutated(samples), judge), runs(300));
  });
});

describe("lengths and names", () => {
  it("lengths are alike for any size", () => {
    const size = fc.oneof(
      fc.nat(),
      fc.maxSafeInteger().map(Math.abs),
      fc.nat({ max: 44 }).chain((bits) => fc.integer({ min: -3, max: 3 }).map((near) => Math.max(0, 2 ** bits + near))),
    );
    fc.assert(
      fc.property(size, (one) => {
        fc.pre(one <= 17_454_747_090_944);
        expect(ciphertextLength(one)).toBe(slowCiphertextLength(one));
      }),
      runs(800),
    );
  });
  it("the same lengths are possible", () => {
    const near = fc
      .tuple(fc.nat({ max: 600_000 }), fc.integer({ min: -70, max: 70 }))
      .map(([size, off]) => slowCiphertextLength(size) + off);
    fc.assert(
      fc.property(fc.oneof(near, fc.nat({ max: 1_000_000 })), (length) => {
        let possible = true;
        try {
          shapeOf(length);
        } catch {
          possible = false;
        }
        expect(isPossibleCiphertextLength(length)).toBe(possible);
      }),
      runs(5000),
    );
  });
  it("names are judged alike", () => {
    const odd = fc.constantFrom(
      " ",
      "/",
      ".",
      "\u0000",
      "\u001f",
      "\u007f",
      "\u0085",
      "\u061c",
      "\u200b",
      "\u200e",
      "\u2028",
      "\u202e",
      "\u2066",
      "\ufeff",
      "\u0301",
      "e",
      "\u212b",
      "\u3000",
      "\ud800",
      "a",
    );
    const name = fc.oneof(
      fc.array(odd, { maxLength: 5 }).map((parts) => parts.join("")),
      fc.string({ unit: "binary" }),
      fc.string({ unit: "grapheme", minLength: 200, maxLength: 400 }),
    );
    fc.assert(
      fc.property(name, (one) => {
        expect({ name: one, allowed: nameProblem(one) === undefined }).toEqual({
          name: one,
          allowed: isNameAllowed(one),
        });
      }),
      runs(800),
    );
  });
});
