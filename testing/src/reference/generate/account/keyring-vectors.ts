import {
  checkKeyringChain,
  FIRST_CHAIN,
  nextChain,
  openKeyring,
  readKeyringContent,
  sealKeyring,
} from "../../account/keyring.ts";
import { type Bytes, hex, zeros } from "../../foundations/bytes.ts";
import { encode, type Value } from "../../foundations/cbor.ts";
import type { CborMap } from "../../foundations/fields.ts";
import { sha256 } from "../../foundations/hashes.ts";
import type { RefusalClass } from "../../foundations/refusal.ts";
import { alice, bob } from "../people/people.ts";
import { type Case, fixed, flipped, type Json, refused, vectorIvs } from "../vector-file.ts";
import { ACCOUNT_KEY, USER, VK, VOLUME_ID } from "./key-samples.ts";

function keyringMap(changes: readonly (readonly [number | string | Uint8Array, Value | undefined])[] = []): CborMap {
  const map: CborMap = new Map<number, Value>([
    [1, FIRST_CHAIN],
    [2, alice.seed],
    [3, alice.xWingSeed],
    [4, []],
    [5, new Map([[VOLUME_ID, volume(new Map([[0, VK]]), null)]])],
    [6, new Map()],
    [7, new Map()],
    [8, new Map()],
    [9, new Map()],
    [10, []],
    [11, VOLUME_ID],
    [12, 0],
  ]);
  for (const [key, value] of changes) {
    if (value === undefined) map.delete(key);
    else map.set(key, value);
  }
  return map;
}

function volume(keys: Map<number, Value>, head: Value): CborMap {
  return new Map<number, Value>([
    [1, keys],
    [2, head],
  ]);
}

function contact(fingerprint: Value, verified: Value, name: Value): Map<Uint8Array, Value> {
  return new Map([
    [
      bob.userId,
      new Map<number, Value>([
        [1, fingerprint],
        [2, verified],
        [3, name],
      ]),
    ],
  ]);
}

const FULL = keyringMap([
  [
    4,
    [
      [0, fixed("earlier seed", 32), fixed("earlier x-wing seed", 32)],
      [1, fixed("seed 1", 32), fixed("x-wing seed 1", 32)],
    ],
  ],
  [
    5,
    new Map([
      [
        VOLUME_ID,
        volume(
          new Map([
            [0, VK],
            [1, fixed("volume key 1", 32)],
          ]),
          [12, fixed("head", 32)],
        ),
      ],
      [fixed("another volume", 16), volume(new Map(), null)],
    ]),
  ],
  [6, contact(bob.fingerprint, true, "bob")],
  [
    9,
    new Map<string, Value>([
      ["language", "de"],
      ["list", [1, true, null]],
    ]),
  ],
  [
    10,
    [
      [1_790_000_000_000, "signed up"],
      [1_790_000_100_000, "changed the password"],
    ],
  ],
  [12, 2],
  [64, "from a newer version"],
]);

const PLACE = { userId: USER, generation: 0, version: 1 };

function sealedKeyring(map: CborMap, version: number): Bytes {
  const place = { ...PLACE, version };
  const objectId = fixed(`keyring object ${version}`, 16);
  return sealKeyring(
    { place, accountKey: ACCOUNT_KEY, objectId, ivs: vectorIvs(fixed(`keyring iv ${version}`, 32)) },
    encode(map),
  );
}

export function keyringCases(): Case[] {
  const maps: readonly (readonly [string, CborMap])[] = [
    ["a new account's keyring", keyringMap()],
    ["a keyring with everything", FULL],
  ];
  return maps.map(([name, map], i) => {
    const version = i + 1;
    const stored = sealedKeyring(map, version);
    const plaintext = openKeyring(stored, { ...PLACE, version }, ACCOUNT_KEY);
    readKeyringContent(plaintext, version);
    return {
      name,
      userId: hex(USER),
      generation: 0,
      version,
      accountKey: hex(ACCOUNT_KEY),
      keyring: hex(stored),
      plaintext: hex(plaintext),
    };
  });
}

export function refusedKeyrings(): Case[] {
  const stored = sealedKeyring(keyringMap(), 1);
  const sealedCase = (
    name: string,
    changes: { userId?: Bytes; generation?: number; version?: number },
    bytes = stored,
  ) => {
    const place = { ...PLACE, ...changes };
    const input = {
      userId: hex(place.userId),
      generation: place.generation,
      version: place.version,
      accountKey: hex(ACCOUNT_KEY),
      keyring: hex(bytes),
    };
    return refused(name, { refuse: "integrity", wrong: name }, input, () =>
      readKeyringContent(openKeyring(bytes, place, ACCOUNT_KEY), place.version),
    );
  };
  const elsewhere = sealedKeyring(keyringMap([[1, fixed("chain", 32)]]), 1);
  return [
    sealedCase("version 1 that does not begin the chain", {}, elsewhere),
    sealedCase("another user's", { userId: bob.userId }),
    sealedCase("another generation", { generation: 1 }),
    sealedCase("another version", { version: 2 }),
    sealedCase("a bit flipped", {}, flipped(stored, 400)),
  ];
}

export function refusedContents(): Case[] {
  const make = (name: string, map: Value, refuse: RefusalClass = "malformed"): Case => {
    const plaintext = encode(map);
    return refused(name, { refuse, wrong: name }, { plaintext: hex(plaintext) }, () => readKeyringContent(plaintext));
  };
  const bytes = (length: number) => fixed("some bytes", length);
  const missing = Array.from({ length: 12 }, (_, i) =>
    make(`key ${i + 1} is missing`, keyringMap([[i + 1, undefined]])),
  );
  const earlier = (...keys: Value[]) =>
    keyringMap([
      [4, keys],
      [12, 5],
    ]);
  const withVolume = (id: Uint8Array | string | number, value: Value) =>
    keyringMap([[5, new Map<string | number | Uint8Array, Value>([[id, value]])]]);
  return [
    make("not a map", [1]),
    ...missing,
    make("an unknown key below 64", keyringMap([[13, 0]])),
    make("a text key", keyringMap([["name", 0]])),
    make("a chain of 31 bytes", keyringMap([[1, bytes(31)]])),
    make("an Ed25519 seed of 33 bytes", keyringMap([[2, bytes(33)]])),
    make("an X-Wing seed that is text", keyringMap([[3, "seed"]])),
    make("earlier keys that are not an array", keyringMap([[4, new Map()]])),
    make("an earlier key without its second seed", earlier([0, bytes(32)])),
    make("earlier keys out of order", earlier([1, bytes(32), bytes(32)], [0, bytes(32), bytes(32)])),
    make("an earlier key that is not earlier", earlier([5, bytes(32), bytes(32)])),
    make("a volumeId of 15 bytes", withVolume(bytes(15), volume(new Map(), null))),
    make("a volumeId that is text", withVolume("volume", volume(new Map(), null))),
    make("a volume key of 31 bytes", withVolume(VOLUME_ID, volume(new Map([[0, bytes(31)]]), null))),
    make("a volume key of zeros", withVolume(VOLUME_ID, volume(new Map([[0, zeros(32)]]), null)), "weak-key"),
    make("a volume without its head", withVolume(VOLUME_ID, new Map<number, Value>([[1, new Map()]]))),
    make(
      "a volume with an unknown key",
      withVolume(
        VOLUME_ID,
        new Map<number, Value>([
          [1, new Map()],
          [2, null],
          [3, 0],
        ]),
      ),
    ),
    make("a head without its hash", withVolume(VOLUME_ID, volume(new Map(), [1]))),
    make("a head whose hash has 31 bytes", withVolume(VOLUME_ID, volume(new Map(), [1, bytes(31)]))),
    make("a head of sequence 2^48", withVolume(VOLUME_ID, volume(new Map(), [2 ** 48, bytes(32)]))),
    make("a generation of 2^32", withVolume(VOLUME_ID, volume(new Map([[2 ** 32, VK]]), null))),
    make("an Ed25519 seed of zeros", keyringMap([[2, zeros(32)]]), "weak-key"),
    make("an X-Wing seed of zeros", keyringMap([[3, zeros(32)]]), "weak-key"),
    make("an earlier seed of zeros", earlier([0, zeros(32), bytes(32)]), "weak-key"),
    make("an identity sequence of 2^32", keyringMap([[12, 2 ** 32]])),
    make("a negative sequence", withVolume(VOLUME_ID, volume(new Map(), [-1, bytes(32)]))),
    make("a contact's fingerprint of 31 bytes", keyringMap([[6, contact(bytes(31), true, "bob")]])),
    make("a contact that is neither verified nor not", keyringMap([[6, contact(bytes(32), 1, "bob")]])),
    make("a contact without a name", keyringMap([[6, contact(bytes(32), true, null)]])),
    make("settings with a number as a name", keyringMap([[9, new Map<number, Value>([[1, 1]])]])),
    make("a history entry without text", keyringMap([[10, [[1]]]])),
    make("a home volume of 17 bytes", keyringMap([[11, bytes(17)]])),
    make("a negative identity sequence", keyringMap([[12, -1]])),
  ];
}

export function chainCases(): { accepted: Json; refused: Json } {
  const stored: Bytes[] = [];
  const chains: Bytes[] = [FIRST_CHAIN];
  for (let version = 1; version <= 5; version++) {
    const map = keyringMap([[1, chains[version - 1] as Bytes]]);
    stored.push(sealedKeyring(map, version));
    chains.push(nextChain(chains[version - 1] as Bytes, sha256(stored[version - 1] as Bytes)));
  }
  const hashes = stored.map((bytes) => sha256(bytes));
  const offer = (
    rememberedVersion: number,
    offeredVersion: number,
    changes: { hashes?: Bytes[]; previousChain?: Bytes; stored?: Bytes } = {},
  ) => {
    const remembered = { version: rememberedVersion, chain: chains[rememberedVersion] as Bytes };
    const offered = {
      version: offeredVersion,
      stored: changes.stored ?? (stored[offeredVersion - 1] as Bytes),
      previousChain: changes.previousChain ?? (chains[offeredVersion - 1] as Bytes),
    };
    const between = changes.hashes ?? hashes.slice(rememberedVersion, offeredVersion - 1);
    const input = {
      remembered: { version: remembered.version, chain: hex(remembered.chain) },
      offered: {
        version: offered.version,
        storedHash: hex(sha256(offered.stored)),
        previousChain: hex(offered.previousChain),
      },
      hashesBetween: between.map(hex),
    };
    return { input, check: () => checkKeyringChain(remembered, offered, between) };
  };
  const accepted = [
    [1, 1],
    [1, 2],
    [1, 5],
    [4, 5],
    [0, 1],
    [0, 3],
  ].map(([from, to]) => {
    const { input, check } = offer(from as number, to as number);
    return { name: `version ${to} after version ${from}`, ...input, chain: hex(check()) };
  });
  const make = (name: string, refuse: RefusalClass, made: ReturnType<typeof offer>): Case =>
    refused(name, { refuse, wrong: name }, made.input, made.check);
  const other = sealedKeyring(keyringMap([[9, new Map([["other", 1]])]]), 3);
  const wrongHashes = [flipped(hashes[1] as Bytes, 0), ...hashes.slice(2, 4)];
  return {
    accepted,
    refused: [
      make("an older version", "rollback", offer(4, 3)),
      make("the same version with other bytes", "fork", offer(3, 3, { stored: other })),
      make("a version whose chain leads elsewhere", "fork", offer(1, 5, { previousChain: fixed("elsewhere", 32) })),
      make("a hash in between that is another", "fork", offer(1, 5, { hashes: wrongHashes })),
      make("hashes in between swapped", "fork", offer(1, 5, { hashes: [hashes[2], hashes[1], hashes[3]] as Bytes[] })),
    ],
  };
}
