import { argon2id as nobleArgon2id } from "@noble/hashes/argon2.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatBytes, FormatError, fromHex, toHex, UnsupportedError, utf8Encode } from "../bytes/index.ts";
import {
  AuthenticationError,
  aeadOpenInto,
  aeadSealInto,
  argon2id,
  createSha256,
  encodePassword,
  hkdfSha256,
  hmacSha256,
  hmacSha384,
  importAeadKey,
  openGcmStream,
  randomBytes,
  sha256,
  sha256Async,
} from "./index.ts";
import { signatureSuite } from "./signature.suite.ts";

export interface PlatformFacts {
  /** Chromium has no AES with keys of 24 bytes; files of the earlier format that need them are imported by Node. */
  readonly hasAes192?: boolean;
}

/** Everything that depends on the platform. Each platform's test file runs it. */
export function primitivesSuite({ hasAes192 = true }: PlatformFacts = {}): void {
  describe("hashes", hashes);
  describe("AES-256-GCM", aead);
  describe("AES-GCM in pieces", () => gcmStream(hasAes192));
  describe("Argon2id", passwordKdf);
  describe("random", random);
  signatureSuite();
}

function hashes() {
  it("give the known answers of FIPS 180, RFC 4231 and RFC 5869", () => {
    const abc = utf8Encode("abc");
    expect(toHex(sha256(abc))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    const key = new Uint8Array(20).fill(0x0b);
    const data = utf8Encode("Hi There");
    expect(toHex(hmacSha256(key, data))).toBe("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    expect(toHex(hmacSha384(key, data))).toBe(
      "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6",
    );
    expect(toHex(hkdfSha256(new Uint8Array(22).fill(0x0b), new Uint8Array(0), 42))).toBe(
      "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    );
  });

  it("take parts, pieces and bulk alike", async () => {
    const property = fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }), async (parts) => {
      const expected = sha256(concatBytes(...parts));
      expect(sha256(...parts)).toEqual(expected);
      expect(await sha256Async(...parts)).toEqual(expected);
      const pieces = createSha256();
      for (const part of parts) pieces.update(part);
      expect(pieces.digest()).toEqual(expected);
    });
    await fc.assert(property);
  });

  it("own the memory they return", () => {
    expect(sha256(new Uint8Array(1)).buffer.byteLength).toBe(32);
    expect(hmacSha384(new Uint8Array(1), new Uint8Array(1)).buffer.byteLength).toBe(48);
  });

  it("refuse an info that one platform could not take", () => {
    expect(hkdfSha256(randomBytes(32), new Uint8Array(1024))).toHaveLength(32);
    expect(() => hkdfSha256(randomBytes(32), new Uint8Array(1025))).toThrow(FormatError);
  });
}

function aead() {
  const empty = new Uint8Array(0);

  async function seal(keyBytes: Uint8Array, iv: Uint8Array, aad: Uint8Array, plaintext: Uint8Array) {
    const out = new Uint8Array(plaintext.length + 16);
    await aeadSealInto({ key: await importAeadKey(keyBytes), iv, aad, plaintext, out });
    return out;
  }

  it("gives the known answers of the GCM specification", async () => {
    const zeros = new Uint8Array(32);
    const iv = new Uint8Array(12);
    expect(toHex(await seal(zeros, iv, empty, empty))).toBe("530f8afbc74536b9a963b4f1c4cb738b");
    expect(toHex(await seal(zeros, iv, empty, new Uint8Array(16)))).toBe(
      "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
    );
  });

  it.each([0, 1, 15, 16, 17, 32_767, 32_768, 32_769, 65_536, 262_112])("round-trips %d bytes", async (length) => {
    const [keyBytes, iv, aad, plaintext] = [randomBytes(32), randomBytes(12), randomBytes(9), randomBytes(length)];
    const ciphertext = await seal(keyBytes, iv, aad, plaintext);
    const out = new Uint8Array(length);
    await aeadOpenInto({ key: await importAeadKey(keyBytes), iv, aad, ciphertext, out });
    expect(out).toEqual(plaintext);
  });

  it("throws a typed error and leaves only zeros when anything was changed", async () => {
    const [keyBytes, iv, aad, plaintext] = [randomBytes(32), randomBytes(12), randomBytes(9), randomBytes(40_000)];
    const key = await importAeadKey(keyBytes);
    const ciphertext = await seal(keyBytes, iv, aad, plaintext);
    const flipped = (bytes: Uint8Array, at: number) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
    const good = { key, iv, aad, ciphertext };
    const bad = [
      { ...good, ciphertext: flipped(ciphertext, 0) },
      { ...good, ciphertext: flipped(ciphertext, 39_999) },
      { ...good, ciphertext: flipped(ciphertext, 40_015) },
      { ...good, iv: flipped(iv, 11) },
      { ...good, aad: flipped(aad, 8) },
      { ...good, key: await importAeadKey(flipped(keyBytes, 31)) },
    ];
    for (const options of bad) {
      const out = new Uint8Array(40_000).fill(7);
      await expect((async () => aeadOpenInto({ ...options, out }))()).rejects.toThrow(AuthenticationError);
      expect(out.every((byte) => byte === 0)).toBe(true);
    }
  });

  it("copies the key, so that the caller may wipe it", async () => {
    const keyBytes = randomBytes(32);
    const [iv, plaintext] = [randomBytes(12), randomBytes(10)];
    const expected = await seal(keyBytes, iv, empty, plaintext);
    const key = await importAeadKey(keyBytes);
    keyBytes.fill(0);
    const out = new Uint8Array(26);
    await aeadSealInto({ key, iv, aad: empty, plaintext, out });
    expect(out).toEqual(expected);
  });

  it("refuses wrong lengths before it does anything", async () => {
    const key = await importAeadKey(randomBytes(32));
    const good = { key, iv: randomBytes(12), aad: empty, plaintext: empty, out: new Uint8Array(16) };
    expect(() => importAeadKey(randomBytes(16))).toThrow(FormatError);
    expect(() => aeadSealInto({ ...good, iv: randomBytes(16) })).toThrow(FormatError);
    expect(() => aeadSealInto({ ...good, out: new Uint8Array(17) })).toThrow(FormatError);
    expect(() => aeadOpenInto({ ...good, ciphertext: new Uint8Array(15), out: empty })).toThrow(FormatError);
    expect(() => aeadOpenInto({ ...good, ciphertext: new Uint8Array(16), out: new Uint8Array(1) })).toThrow(
      FormatError,
    );
  });
}

function gcmStream(hasAes192: boolean) {
  // NIST's and McGrew's test cases 2, 8 and 14: a zero key, a zero IV, 16 zero bytes.
  const cases = [
    [16, "0388dace60b6a392f328c2b971b2fe78", "ab6e47d42cec13bdf53a67b21257bddf"],
    [24, "98e7247c07f0fe411c267e4384b0f600", "2ff58d80033927ab8ef4d4587514f0fb"],
    [32, "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"],
  ] as const;

  const refusesAes192 = async (): Promise<void> => {
    const [length, ciphertext, tag] = cases[1];
    const stream = openGcmStream({ key: new Uint8Array(length), iv: new Uint8Array(12) });
    stream.update(fromHex(ciphertext));
    await expect((async () => stream.finish(fromHex(tag)))()).rejects.toThrow(UnsupportedError);
  };
  if (!hasAes192) it("says that it has no keys of 24 bytes", refusesAes192);

  it.each(cases.filter(([length]) => hasAes192 || length !== 24))(
    "opens with keys of %i bytes, whatever the pieces",
    async (length, ciphertext, tag) => {
      for (const at of [0, 1, 15, 16]) {
        const stream = openGcmStream({ key: new Uint8Array(length), iv: new Uint8Array(12) });
        const parts = [
          stream.update(fromHex(ciphertext).subarray(0, at)),
          stream.update(fromHex(ciphertext).subarray(at)),
        ];
        expect(concatBytes(...parts, await stream.finish(fromHex(tag)))).toEqual(new Uint8Array(16));
      }
    },
  );

  it("says no at the end to whatever was altered", async () => {
    const [length, ciphertext, tag] = cases[2];
    const flipped = (hex: string): Uint8Array =>
      Uint8Array.from(fromHex(hex), (byte, i) => (i === 3 ? byte ^ 1 : byte));
    for (const [body, mark, key] of [
      [flipped(ciphertext), fromHex(tag), new Uint8Array(length)],
      [fromHex(ciphertext), flipped(tag), new Uint8Array(length)],
      [fromHex(ciphertext), fromHex(tag), new Uint8Array(length).fill(1)],
      [fromHex(ciphertext).subarray(1), fromHex(tag), new Uint8Array(length)],
    ] as const) {
      const stream = openGcmStream({ key, iv: new Uint8Array(12) });
      stream.update(body);
      await expect((async () => stream.finish(mark))()).rejects.toThrow(AuthenticationError);
    }
  });

  it("takes keys, IVs and tags of the right length only", async () => {
    expect(() => openGcmStream({ key: new Uint8Array(20), iv: new Uint8Array(12) })).toThrow(FormatError);
    expect(() => openGcmStream({ key: new Uint8Array(32), iv: new Uint8Array(16) })).toThrow(FormatError);
    const stream = openGcmStream({ key: new Uint8Array(32), iv: new Uint8Array(12) });
    await expect((async () => stream.finish(new Uint8Array(12)))()).rejects.toThrow(FormatError);
  });
}

function passwordKdf() {
  it("agrees with a third implementation", async () => {
    const [password, salt] = [utf8Encode("correct horse"), randomBytes(16)];
    const ours = await argon2id({ password, salt, memoryKiB: 64, passes: 3, parallelism: 4, length: 32 });
    expect(ours).toEqual(nobleArgon2id(password, salt, { m: 64, t: 3, p: 4, dkLen: 32 }));
  });

  it("B4 gives the frozen answer for the costs in use", async () => {
    const options = { memoryKiB: 65_536, passes: 3, parallelism: 4, length: 32 };
    const tag = await argon2id({ password: utf8Encode("password"), salt: utf8Encode("somesalt"), ...options });
    expect(toHex(tag)).toBe(SUITE_1_ANSWER);
  });

  it("refuses a short salt", async () => {
    const options = { memoryKiB: 64, passes: 1, parallelism: 1, length: 32 };
    await expect(argon2id({ password: randomBytes(8), salt: randomBytes(7), ...options })).rejects.toThrow(FormatError);
  });

  it("takes one password for its compatible spellings, and no half characters", () => {
    expect(encodePassword("ﬁne Ａ\u0065\u0301")).toEqual(utf8Encode("fine A\u00e9"));
    expect(encodePassword(" Keep \u200b Case ")).toEqual(utf8Encode(" Keep \u200b Case "));
    expect(() => encodePassword("\udc00")).toThrow(FormatError);
  });
}

// Made once with Node's crypto.argon2 (OpenSSL) and confirmed by hash-wasm.
const SUITE_1_ANSWER = "661fefbd6f29bcbc8f4646abc32a9d7a4645bb5c059537f8a5587f31adbecccd";

function random() {
  it("fills what is asked for, beyond WebCrypto's quota too", () => {
    const bytes = randomBytes(200_000);
    expect(bytes).toHaveLength(200_000);
    for (const start of [0, 65_536, 131_072, 199_900]) {
      expect(new Set(bytes.subarray(start, start + 100)).size).toBeGreaterThan(20);
    }
  });

  it("does not repeat", () => {
    expect(toHex(randomBytes(16))).not.toBe(toHex(randomBytes(16)));
    expect(fromHex(toHex(randomBytes(16)))).toHaveLength(16);
  });
}
