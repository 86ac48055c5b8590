import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { amount } from "../../../../scripts/test/long-mode.ts";
import {
  concatBytes,
  ExcaliburError,
  FormatError,
  fromHex,
  IntegrityError,
  uint32,
  uint64,
} from "../../bytes/index.ts";
import { EXEF_KIND, type ExefKind } from "../../exef/public/index.ts";
import { openObject, sealObject } from "../../exef/secret/index.ts";
import { decodeIdentity, parseEnvelope } from "../../identity/index.ts";
import {
  CHAIN_START,
  encodeKeyring,
  type Keyring,
  openCacheRecord,
  openKeyring,
  openSlot,
  sealCacheRecord,
  sealKeyring,
  sealSlot,
} from "../../keys/index.ts";
import { sha256 } from "../../primitives/index.ts";
import {
  commitToVolumeKey,
  decodeCommit,
  decodeManifest,
  encodePageHeader,
  encodePageRecord,
  pageRecordHash,
  parsePageRecord,
} from "../record/index.ts";
import { type VectorCase, vectors } from "../record/vectors.suite.ts";
import { encodePageContent, openPage, openPreviousKeys, sealPage, sealPreviousKeys } from "./index.ts";

/**
 * Every kind of sealed record in the place of every other (attacks: one kind of ciphertext taken for another). All
 * records share one id and one 32-byte key, so nothing but labels, kinds and contexts keeps them apart.
 */
const id = new Uint8Array(16).fill(7);
const key = new Uint8Array(32).fill(9);
const name = "row";

const keyring: Keyring = {
  identity: { sequence: 0, signatureSeed: key, sealingSeed: key },
  earlierIdentities: [],
  volumes: new Map(),
  contacts: new Map(),
  links: new Map(),
  requests: new Map(),
  settings: new Map(),
  history: [],
  homeVolumeId: id,
};
const slotPlace = { type: "password", userId: id, slotId: id, generation: 1 } as const;
const keyringPlace = { userId: id, generation: 1, version: 1, accountKey: key };
const previousPlace = {
  volumeId: id,
  g: 1,
  volumeKey: key,
  commitmentOf: (g: number) => commitToVolumeKey({ volumeId: id, g }, key),
};
const cachePlace = { accountKey: key, userId: id, generation: 1, name };
const header = {
  volumeId: id,
  nodeId: sha256(id).slice(0, 16),
  bitsLength: 0,
  bits: 0,
  version: 1,
  g: 1,
  manifestVersion: 1,
  previousRecordHash: new Uint8Array(32),
  writerFingerprint: key,
};
const content = { entries: [], folder: { parentNodeId: id, attributes: {} } };

interface Kind {
  readonly seal: () => Promise<Uint8Array>;
  readonly open: (sealed: Uint8Array) => Promise<unknown>;
  readonly kind: ExefKind;
  readonly context: Uint8Array;
  readonly plaintext: Uint8Array;
}

const headerBytes = encodePageHeader(header);
const kinds: Record<string, Kind> = {
  slot: {
    seal: () => sealSlot({ ...slotPlace, slotKey: key, accountKey: key }),
    open: (sealed) => openSlot({ ...slotPlace, slotKey: key, sealed }),
    kind: EXEF_KIND.slot,
    context: concatBytes(Uint8Array.of(1, 1), id, id, uint32(1)),
    plaintext: key,
  },
  keyring: {
    seal: () => sealKeyring({ ...keyringPlace, keyring, previousChain: CHAIN_START }),
    open: (sealed) => openKeyring({ ...keyringPlace, sealed }),
    kind: EXEF_KIND.keyring,
    context: concatBytes(Uint8Array.of(2), id, uint32(1), uint64(1)),
    plaintext: encodeKeyring({ keyring, previousChain: CHAIN_START }),
  },
  page: {
    seal: async () => parsePageRecord((await sealPage({ header, volumeKey: key, content })).record).exef,
    open: (sealed) => {
      const record = encodePageRecord(headerBytes, sealed);
      return openPage({
        volumeId: id,
        expected: { ...header, recordHash: pageRecordHash(record) },
        headG: 1,
        volumeKeys: new Map([[1, key]]),
        record,
      });
    },
    kind: EXEF_KIND.page,
    context: headerBytes,
    plaintext: encodePageContent(content),
  },
  "previous keys": {
    seal: () => sealPreviousKeys(previousPlace, new Map([[0, key]])),
    open: (sealed) => openPreviousKeys(previousPlace, sealed),
    kind: EXEF_KIND.previousKeys,
    context: concatBytes(Uint8Array.of(3), id, uint32(1)),
    plaintext: concatBytes(uint32(0), key),
  },
  "cache record": {
    seal: () => sealCacheRecord(cachePlace, key),
    open: (sealed) => openCacheRecord(cachePlace, sealed),
    kind: EXEF_KIND.cacheRecord,
    context: concatBytes(Uint8Array.of(7), id, uint32(1), sha256(new TextEncoder().encode(name))),
    plaintext: key,
  },
  content: {
    seal: async () => (await sealObject({ key, kind: EXEF_KIND.content, objectId: id, plaintext: key })).bytes,
    open: (bytes) => openObject({ key, kind: EXEF_KIND.content, bytes }),
    kind: EXEF_KIND.content,
    context: new Uint8Array(0),
    plaintext: key,
  },
  thumbnail: {
    seal: async () => (await sealObject({ key, kind: EXEF_KIND.thumbnail, objectId: id, plaintext: key })).bytes,
    open: (bytes) => openObject({ key, kind: EXEF_KIND.thumbnail, bytes }),
    kind: EXEF_KIND.thumbnail,
    context: new Uint8Array(0),
    plaintext: key,
  },
};

describe("one kind of sealed record in the place of another", () => {
  const sealed = new Map<string, Uint8Array>();
  const pairs = Object.keys(kinds).flatMap((given) => Object.keys(kinds).map((expected) => [given, expected] as const));

  beforeAll(async () => {
    for (const [kindName, kind] of Object.entries(kinds)) sealed.set(kindName, await kind.seal());
  });

  it.each(pairs)("A5 %s where %s is expected", async (given, expected) => {
    const attempt = (kinds[expected] as Kind).open(sealed.get(given) as Uint8Array);
    if (given === expected) await expect(attempt).resolves.toBeDefined();
    // A page's bounds are judged before its tag; everything else is refused as not authentic.
    else await expect(attempt).rejects.toThrow(expected === "page" ? Error : IntegrityError);
  });

  it.each(pairs.filter(([given, expected]) => given !== expected))(
    "A5 %s's contents, sealed under the raw key with the context of %s and its own kind",
    async (given, expected) => {
      const [from, to] = [kinds[given] as Kind, kinds[expected] as Kind];
      const { bytes } = await sealObject({ key, kind: from.kind, context: to.context, plaintext: from.plaintext });
      await expect(to.open(bytes)).rejects.toThrow();
    },
  );
});

describe("one kind of open record in the place of another", () => {
  const decoders: Record<string, (bytes: Uint8Array) => unknown> = {
    identity: decodeIdentity,
    manifest: decodeManifest,
    commit: decodeCommit,
    envelope: parseEnvelope,
    page: parsePageRecord,
  };
  const read = (file: string, pick: (vectors: VectorCase) => string) => fromHex(pick(vectors(file)));
  const records: Record<string, Uint8Array> = {
    identity: read("identity", (file) => file.chains[0].records[0]),
    manifest: read("manifest", (file) => file.forms[0].manifest),
    commit: read("commit", (file) => file.forms[0].commit),
    envelope: read("envelope", (file) => file.envelopes[0].envelope),
    page: read("page", (file) => file.records[0].record),
  };
  const pairs = Object.keys(decoders).flatMap((given) =>
    Object.keys(decoders).map((expected) => [given, expected] as const),
  );

  it("C7 with numbers that lie, anywhere in it, is refused with an error of its own, and takes no memory", () => {
    const numbers = [0, 1, 255, 2 ** 31, 2 ** 32 - 1, 2 ** 48, 2 ** 53 - 1];
    const property = fc.property(
      fc.constantFrom(...Object.keys(decoders)),
      fc.array(fc.tuple(fc.nat(4_096), fc.constantFrom(...numbers), fc.constantFrom(2, 4, 8)), {
        minLength: 1,
        maxLength: 3,
      }),
      fc.nat(64),
      (kind, lies, cut) => {
        const bytes = (records[kind] as Uint8Array).slice();
        const view = new DataView(bytes.buffer);
        for (const [place, number, width] of lies) {
          const at = place % (bytes.length - 8);
          if (width === 8) view.setBigUint64(at, BigInt(number));
          else if (width === 4) view.setUint32(at, number % 2 ** 32);
          else view.setUint16(at, number % 2 ** 16);
        }
        try {
          (decoders[kind] as (bytes: Uint8Array) => unknown)(
            bytes.subarray(0, bytes.length - (cut % 4 === 0 ? cut : 0)),
          );
        } catch (error) {
          expect(error).toBeInstanceOf(ExcaliburError);
        }
      },
    );
    const before = process.memoryUsage().arrayBuffers;
    fc.assert(property, { numRuns: amount({ everyday: 3_000, long: 1_000_000 }) });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
  });

  it.each(pairs)("A5 %s where %s is expected", (given, expected) => {
    const decode = decoders[expected] as (bytes: Uint8Array) => unknown;
    const bytes = records[given] as Uint8Array;
    if (given === expected) {
      expect(() => decode(bytes)).not.toThrow();
      return;
    }
    expect(() => decode(bytes)).toThrow(FormatError);
    // Nor does the other's magic make it one: the form behind it does not fit, or no signature does.
    const dressed = bytes.slice();
    dressed.set((records[expected] as Uint8Array).subarray(0, 4));
    expect(() => decode(dressed)).toThrow();
  });
});
