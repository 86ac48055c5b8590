import { concatBytes, fromHex } from "@excalibur/core/bytes";
import { sha256 } from "@excalibur/core/primitives";
import {
  isRecipientText,
  openStandalone,
  parseRecipientKey,
  parseRecipientSecret,
  type StandaloneKeys,
  sealStandalone,
} from "@excalibur/core/standalone";
import { describe, expect, it } from "vitest";
import { vectorIvs } from "../../reference/generate/vector-file.ts";
import { KIND, seal } from "../../reference/object/exef.ts";
import { openStandalone as openSlowly } from "../../reference/object/standalone.ts";
import { itRefuses } from "../check-cases.ts";
import { frozen, hex, type MustFail, type Named, type Packed, unhex, unpack } from "../frozen.ts";

interface GoodFile extends Named {
  readonly seed?: string;
  readonly password?: string;
  readonly plaintext: Packed;
  readonly file?: Packed;
  readonly head?: string;
  readonly key?: string;
  readonly objectId?: string;
  readonly iv?: string;
  readonly sha256: string;
}

interface StandaloneFile {
  readonly files: readonly GoodFile[];
  readonly refused: readonly (MustFail & { seeds: string[]; passwords: string[]; file: string })[];
  readonly keys: readonly { seed: string; publicKey: string; fingerprint: string; public: string; secret: string }[];
  readonly refusedKeys: readonly (MustFail & { what: "public" | "secret"; text: string })[];
}

// A password is stretched on purpose slowly, and machines are shared.
const TIMEOUT_MS = 120_000;
const PIECE_SIZES = [1, 1000, 262_144, 2_000_000];

function fileOf(good: GoodFile): Uint8Array {
  const bytes = good.file === undefined ? assembled(good) : unpack(good.file);
  expect(hex(sha256(bytes))).toBe(good.sha256);
  return bytes;
}

/** Vectors hold long objects as what they are sealed from: the slow implementation repeats them. */
function assembled({ head = "", key = "", objectId = "", iv = "", plaintext }: GoodFile): Uint8Array {
  const binding = { kind: KIND.standalone, objectId: unhex(objectId), key: unhex(key), context: new Uint8Array(0) };
  return concatBytes(unhex(head), seal(binding, vectorIvs(unhex(iv)), unpack(plaintext)));
}

function* pieces(bytes: Uint8Array, sizeBytes: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += sizeBytes) yield bytes.subarray(at, at + sizeBytes);
}

async function open(
  bytes: Uint8Array,
  keys: StandaloneKeys,
  options: { fileLength?: number; pieceSizeBytes?: number } = {},
) {
  const { pieceSizeBytes = 65_536, ...known } = options;
  const { size, data } = await openStandalone({ source: pieces(bytes, pieceSizeBytes), keys, ...known });
  const opened: Uint8Array[] = [];
  for await (const piece of data) opened.push(piece.slice());
  const whole = concatBytes(...opened);
  expect(whole.length).toBe(size);
  return whole;
}

export function standaloneSuite(): void {
  const { files, refused, keys, refusedKeys } = frozen<StandaloneFile>("standalone");

  describe("standalone files", () => {
    for (const good of files) {
      it(
        `opens: ${good.name}`,
        async () => {
          const bytes = fileOf(good);
          const expected = hex(sha256(unpack(good.plaintext)));
          const given = {
            recipientSeeds: good.seed === undefined ? [] : [unhex(good.seed)],
            passwords: good.password === undefined ? [] : [good.password],
          };
          const sizes = good.password === undefined ? PIECE_SIZES : PIECE_SIZES.slice(1, 2);
          for (const pieceSizeBytes of sizes) {
            expect(hex(sha256(await open(bytes, given, { pieceSizeBytes })))).toBe(expected);
          }
          expect(hex(sha256(await open(bytes, given, { fileLength: bytes.length })))).toBe(expected);
        },
        TIMEOUT_MS,
      );
    }

    const keysOf = (one: { seeds: string[]; passwords: string[] }): StandaloneKeys => ({
      recipientSeeds: one.seeds.map(unhex),
      passwords: one.passwords,
    });
    describe("whose length nobody knows", () => {
      itRefuses("files", refused, (one) => open(unhex(one.file), keysOf(one)), TIMEOUT_MS);
    });
    describe("of known length", () => {
      const quick = refused.filter(({ passwords }) => passwords.length === 0);
      itRefuses("files", quick, (one) => {
        const bytes = unhex(one.file);
        return open(bytes, keysOf(one), { fileLength: bytes.length });
      });
    });

    it(
      "are read by the slow implementation when the product made them",
      async () => {
        const [mine, other] = keys as [StandaloneFile["keys"][0], StandaloneFile["keys"][0]];
        for (const [size, isSized, passwords] of [
          [1, true, []],
          [300_000, false, ["a password of mine"]],
        ] as const) {
          const data = new Uint8Array(size).fill(7);
          const recipients = [parseRecipientKey(other.public).publicKey, parseRecipientKey(mine.public).publicKey];
          const out = new Uint8Array(size + 100_000);
          let end = 0;
          const options = { recipients, passwords, source: [data], ...(isSized ? { size } : {}) };
          for await (const { position, bytes } of sealStandalone(options)) {
            out.set(bytes, position);
            end = Math.max(end, position + bytes.length);
          }
          const file = out.slice(0, end);
          expect(hex(openSlowly(file, { seeds: [fromHex(mine.seed)], passwords: [] }))).toBe(hex(data));
          for (const password of passwords) {
            expect(hex(openSlowly(file, { seeds: [], passwords: [password] }))).toBe(hex(data));
          }
        }
      },
      TIMEOUT_MS,
    );
  });

  describe("recipient keys", () => {
    it("have one text, and come back from it", async () => {
      for (const one of keys) {
        const key = parseRecipientKey(one.public);
        expect(hex(key.publicKey)).toBe(one.publicKey);
        expect(hex(key.fingerprint)).toBe(one.fingerprint);
        const pair = await parseRecipientSecret(one.secret);
        expect(pair).toMatchObject({ publicText: one.public, secretText: one.secret });
        expect(hex(pair.seed)).toBe(one.seed);
        expect(isRecipientText(one.public) && isRecipientText(one.secret)).toBe(true);
      }
    });

    itRefuses("texts", refusedKeys, ({ what, text }) =>
      what === "public" ? parseRecipientKey(text) : parseRecipientSecret(text),
    );
  });
}
