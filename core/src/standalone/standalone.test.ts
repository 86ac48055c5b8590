import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { amount, LONGEST_MS } from "../../../scripts/test/long-mode.ts";
import { concatBytes, equalBytes, FormatError, IntegrityError } from "../bytes/index.ts";
import { randomBytes } from "../primitives/index.ts";
import {
  createRecipientKey,
  keyLineOf,
  openStandalone,
  parseRecipientKey,
  parseRecipientSecret,
  StandaloneKeyError,
  type StandaloneKeys,
  StandaloneListError,
  sealStandalone,
} from "./index.ts";

const [mine, theirs] = [await createRecipientKey(), await createRecipientKey()];
const MY_KEYS: StandaloneKeys = { recipientSeeds: [mine.seed], passwords: [] };

function* inPieces(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function seal(
  data: Uint8Array,
  { recipients = [theirs.publicKey, mine.publicKey], passwords = [] as string[], isSized = true } = {},
): Promise<Uint8Array> {
  const pieces: { position: number; bytes: Uint8Array }[] = [];
  const options = { recipients, passwords, source: inPieces(data, 500_000), ...(isSized ? { size: data.length } : {}) };
  for await (const { position, bytes } of sealStandalone(options)) pieces.push({ position, bytes: bytes.slice() });
  const file = new Uint8Array(Math.max(...pieces.map(({ position, bytes }) => position + bytes.length)));
  for (const { position, bytes } of pieces) file.set(bytes, position);
  // The pieces are the file: no gap, nothing twice.
  expect(pieces.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBe(file.length);
  return file;
}

async function open(file: Uint8Array, { keys = MY_KEYS, pieceSize = 65_536, released = [] as Uint8Array[] } = {}) {
  const { data } = await openStandalone({ source: inPieces(file, pieceSize), keys });
  for await (const piece of data) released.push(piece.slice());
  return concatBytes(...released);
}

describe("a standalone file", () => {
  it(
    "comes back as it was, whatever its size, sealed with or without knowing it",
    async () => {
      const sizes = fc.oneof(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 0, max: 9_000_000 }));
      await fc.assert(
        fc.asyncProperty(
          sizes,
          fc.boolean(),
          fc.integer({ min: 1, max: 400_000 }),
          async (size, isSized, pieceSize) => {
            const data = randomBytes(size);
            const file = await seal(data, { isSized });
            expect(equalBytes(await open(file, { pieceSize: Math.max(pieceSize, Math.ceil(size / 1000)) }), data)).toBe(
              true,
            );
          },
        ),
        { numRuns: amount({ everyday: 4, long: 100 }), seed: Number(process.env["EXCALIBUR_SEED"] ?? 1) },
      );
    },
    LONGEST_MS,
  );

  it(
    "notices any bit that is flipped anywhere",
    async () => {
      const data = randomBytes(700);
      const file = await seal(data);
      await fc.assert(
        fc.asyncProperty(fc.nat(file.length * 8 - 1), async (bit) => {
          const altered = file.slice();
          altered[bit >> 3] = (altered[bit >> 3] as number) ^ (1 << (bit & 7));
          await expect(open(altered)).rejects.toThrow();
        }),
        { numRuns: amount({ everyday: 30, long: 2_000 }), seed: Number(process.env["EXCALIBUR_SEED"] ?? 1) },
      );
    },
    LONGEST_MS,
  );

  it(
    "notices every cut, and never releases what it has not verified",
    async () => {
      const data = randomBytes(600_000);
      const file = await seal(data);
      await fc.assert(
        fc.asyncProperty(fc.nat(file.length - 1), async (length) => {
          const released: Uint8Array[] = [];
          await expect(open(file.subarray(0, length), { released })).rejects.toThrow();
          const out = concatBytes(...released);
          expect(equalBytes(out, data.subarray(0, out.length))).toBe(true);
        }),
        { numRuns: amount({ everyday: 15, long: 500 }), seed: Number(process.env["EXCALIBUR_SEED"] ?? 1) },
      );
    },
    LONGEST_MS,
  );

  it("says at once that it is too short or too long, when its length is known", async () => {
    const file = await seal(randomBytes(600_000));
    for (const fileLength of [file.length - 1, file.length + 1]) {
      await expect(openStandalone({ source: [file], keys: MY_KEYS, fileLength })).rejects.toThrow(IntegrityError);
    }
  });

  it(
    "opens with either of two passwords and with no other, keys and passwords mixed",
    async () => {
      const data = randomBytes(10);
      const file = await seal(data, { passwords: ["first of two", "second of two"] });
      for (const passwords of [["first of two"], ["wrong", "second of two"]]) {
        expect(await open(file, { keys: { recipientSeeds: [], passwords } })).toEqual(data);
      }
      const wrong = { recipientSeeds: [randomBytes(32)], passwords: ["first of twos"] };
      await expect(open(file, { keys: wrong })).rejects.toThrow(StandaloneKeyError);
    },
    LONGEST_MS,
  );

  it("says that the list was altered, as opposed to a key that does not fit", async () => {
    const file = await seal(randomBytes(10));
    const altered = file.slice();
    altered[5 + 100] = (altered[5 + 100] as number) ^ 1;
    await expect(open(altered)).rejects.toThrow(StandaloneListError);
    await expect(open(file, { keys: { recipientSeeds: [randomBytes(32)], passwords: [] } })).rejects.toThrow(
      StandaloneKeyError,
    );
    await expect(open(randomBytes(100))).rejects.toMatchObject({ code: "standalone_magic" });
    await expect(open(new Uint8Array(2))).rejects.toMatchObject({ code: "standalone_magic" });
  });

  it("is for 1 to 16, at most two of them passwords; nothing is sealed otherwise", async () => {
    const many = (count: number) => Array.from({ length: count }, () => mine.publicKey);
    for (const wrong of [
      { recipients: [], passwords: [] },
      { recipients: many(17) },
      { recipients: many(15), passwords: ["one of two", "two of two"] },
      { recipients: [], passwords: ["a", "b", "c"] },
    ]) {
      await expect(seal(randomBytes(1), wrong)).rejects.toMatchObject({ code: "standalone_entries" });
    }
    expect((await seal(new Uint8Array(0), { recipients: many(16) })).length).toBe(5 + 16 * 1169 + 32 + 658);
  });

  it("shares nothing with another one of the same content", async () => {
    const data = new Uint8Array(100);
    const [a, b] = [await seal(data), await seal(data)];
    expect(a.length).toBe(b.length);
    const same = a.filter((byte, i) => byte === b[i]).length;
    // Magic, count, types and what every header has in common stand still; the rest agrees by chance only.
    expect(same).toBeLessThan(120);
  });

  it("lets go of its source when it cannot be opened", async () => {
    let closed = 0;
    function* source(): Generator<Uint8Array> {
      try {
        yield new Uint8Array(10);
        yield new Uint8Array(10);
      } finally {
        closed += 1;
      }
    }
    await expect(openStandalone({ source: source(), keys: MY_KEYS })).rejects.toThrow(FormatError);
    expect(closed).toBe(1);
  });
});

describe("a recipient key", () => {
  it("is made new each time and survives its texts", async () => {
    expect(mine.publicText).not.toBe(theirs.publicText);
    expect(parseRecipientKey(mine.publicText).publicKey).toEqual(mine.publicKey);
    expect((await parseRecipientSecret(mine.secretText)).seed).toEqual(mine.seed);
  });

  it("does not survive a slip of the finger, and a wrong secret is never repeated in an error", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(mine.secretText.length - 1), fc.constantFrom(..."abcXYZ019-_"), async (at, letter) => {
        fc.pre(mine.secretText[at] !== letter);
        const typed = mine.secretText.slice(0, at) + letter + mine.secretText.slice(at + 1);
        const error = await parseRecipientSecret(typed).catch((problem: Error) => problem);
        expect(error).toBeInstanceOf(Error);
        expect((error as Error).message).not.toContain(typed.slice(30, 60));
      }),
      { numRuns: 40, seed: Number(process.env["EXCALIBUR_SEED"] ?? 1) },
    );
  });

  it("stands alone on a line of its file", () => {
    expect(keyLineOf(`# a remark\r\n\r\n  ${mine.publicText}  \r\n`)).toBe(mine.publicText);
    for (const wrong of ["", "# nothing", `${mine.publicText}\n${theirs.publicText}`]) {
      expect(() => keyLineOf(wrong)).toThrow(FormatError);
    }
  });
});
