import {
  checkKeyringChain,
  FIRST_CHAIN,
  nextChain,
  openKeyring,
  readKeyringContent,
  sealKeyring,
} from "../account/keyring.ts";
import { entropyOf, wordsOf } from "../account/recovery-words.ts";
import {
  openSlot,
  passwordSlotKey,
  recoverySignSeed,
  recoverySlotKey,
  SLOT_TYPE,
  type SlotPlace,
  sealSlot,
} from "../account/slot.ts";
import { ascii, type Bytes, be, concat, hex, zeros } from "../foundations/bytes.ts";
import { encode, type Value } from "../foundations/cbor.ts";
import { publicKeyOf } from "../foundations/ed25519.ts";
import type { CborMap } from "../foundations/fields.ts";
import { deriveKey, labelledHash, sha256 } from "../foundations/hashes.ts";
import type { RefusalClass } from "../foundations/refusal.ts";
import { KIND, seal } from "../object/exef.ts";
import { encodePreviousKeys, openPreviousKeys, sealPreviousKeys, type VolumeKey } from "../volume/previous-keys.ts";
import { alice, bob } from "./people.ts";
import { type Case, fixed, flipped, type Json, refused, type VectorFile, vectorIvs } from "./vector-file.ts";

const EXPORT_KEY = fixed("export key", 64);
const ENTROPY = fixed("recovery entropy", 16);
const ACCOUNT_KEY = fixed("account key", 32);
const VOLUME_ID = fixed("key volume", 16);
const VK = fixed("volume key", 32);
const NODE_ID = fixed("key node", 16);
const USER = alice.userId;

function derivations(): Json[] {
  const cases: readonly (readonly [label: string, input: Bytes, context: Bytes])[] = [
    ["slot/password", EXPORT_KEY, USER],
    ["slot/recovery", ENTROPY, USER],
    ["recovery/sign", ENTROPY, USER],
    ["slot/passkey", fixed("prf output", 32), sha256(ascii("credential id"))],
    ["slot/device", fixed("device secret", 32), fixed("device", 16)],
    ["keyring", ACCOUNT_KEY, concat(USER, be(4, 0))],
    ["keyring", ACCOUNT_KEY, concat(USER, be(4, 1))],
    ["cache", ACCOUNT_KEY, concat(USER, be(4, 0))],
    ["page", VK, concat(VOLUME_ID, be(4, 0), NODE_ID)],
    ["page", VK, concat(VOLUME_ID, be(4, 1), NODE_ID)],
    ["previous", VK, concat(VOLUME_ID, be(4, 1))],
    ["session/bind", fixed("session key", 64), fixed("login", 16)],
    ["link/knock", fixed("link secret", 32), fixed("link", 16)],
    ["link/salt", fixed("link secret", 32), fixed("link", 16)],
    ["link/sign", fixed("link secret", 32), fixed("link", 16)],
    ["link/kem", fixed("link secret", 32), fixed("link", 16)],
    ["link/open", fixed("link secret", 32), fixed("link", 16)],
    ["recipients", fixed("standalone key", 32), fixed("standalone", 16)],
  ];
  return cases.map(([label, input, context]) => ({
    label,
    input: hex(input),
    context: hex(context),
    output: hex(deriveKey(label, input, context)),
  }));
}

function labelledHashes(): Json[] {
  const field = fixed("hashed field", 48);
  return ["root", "state", "vk", "volume", "identity"].map((label) => ({
    label,
    fields: hex(field),
    output: hex(labelledHash(label, field)),
  }));
}

// ── slots ────────────────────────────────────────────────────────────────────────────────────────────────────────

const SLOT: SlotPlace = { slotType: SLOT_TYPE.password, userId: USER, slotId: fixed("slot", 16), generation: 0 };
const SLOT_KEY = passwordSlotKey(EXPORT_KEY, USER);

function sealAt(place: SlotPlace, key: Bytes): Bytes {
  return sealSlot(
    { place, key, objectId: fixed("slot object", 16), ivs: vectorIvs(fixed("slot iv", 32)) },
    ACCOUNT_KEY,
  );
}

function placeJson(place: SlotPlace): { [key: string]: Json } {
  const { slotType, userId, slotId, generation } = place;
  return { slotType, userId: hex(userId), slotId: hex(slotId), generation };
}

function slotCases(): Case[] {
  const make = (name: string, place: SlotPlace, key: Bytes, secret: { [key: string]: Json }): Case => {
    const slot = sealAt(place, key);
    openSlot(slot, place, key);
    return { name, ...placeJson(place), ...secret, slotKey: hex(key), slot: hex(slot), accountKey: hex(ACCOUNT_KEY) };
  };
  return [
    make("a password slot", SLOT, SLOT_KEY, { exportKey: hex(EXPORT_KEY) }),
    make(
      "a recovery slot of generation 3",
      { ...SLOT, slotType: SLOT_TYPE.recovery, generation: 3 },
      recoverySlotKey(ENTROPY, USER),
      { entropy: hex(ENTROPY), recoveryPublicKey: hex(publicKeyOf(recoverySignSeed(ENTROPY, USER))) },
    ),
  ];
}

function refusedSlots(): Case[] {
  const slot = sealAt(SLOT, SLOT_KEY);
  const make = (
    name: string,
    refuse: RefusalClass,
    changes: Partial<SlotPlace>,
    given: { bytes?: Bytes; key?: Bytes } = {},
  ): Case => {
    const { bytes, key } = { bytes: slot, key: SLOT_KEY, ...given };
    const place = { ...SLOT, ...changes };
    const input = { ...placeJson(place), slotKey: hex(key), slot: hex(bytes) };
    return refused(name, { refuse, wrong: name }, input, () => openSlot(bytes, place, key));
  };
  const with33 = sealWith(concat(ACCOUNT_KEY, Uint8Array.of(1)));
  return [
    make("another type of slot", "integrity", { slotType: SLOT_TYPE.recovery }),
    make("another user's slot", "integrity", { userId: bob.userId }),
    make("another slotId", "integrity", { slotId: fixed("another slot", 16) }),
    make("another generation", "integrity", { generation: 1 }),
    make("the wrong password", "integrity", {}, { key: passwordSlotKey(fixed("another export key", 64), USER) }),
    make("a bit flipped", "integrity", {}, { bytes: flipped(slot, 300) }),
    make("an account key of 33 bytes", "integrity", {}, { bytes: with33 }),
    make("an account key of 31 bytes", "integrity", {}, { bytes: sealWith(ACCOUNT_KEY.slice(0, 31)) }),
    make("an account key of zeros", "weak-key", {}, { bytes: sealWith(zeros(32)) }),
  ];
}

function sealWith(accountKey: Bytes): Bytes {
  const options = {
    place: SLOT,
    key: SLOT_KEY,
    objectId: fixed("slot object", 16),
    ivs: vectorIvs(fixed("slot iv", 32)),
  };
  return sealSlot(options, accountKey);
}

// ── recovery words ───────────────────────────────────────────────────────────────────────────────────────────────

function wordCases(): Json[] {
  const entropies = [zeros(16), new Uint8Array(16).fill(255), ENTROPY, fixed("more words", 16)];
  return entropies.map((entropy) => ({ entropy: hex(entropy), words: wordsOf(entropy) }));
}

function refusedWords(): Case[] {
  const good = wordsOf(ENTROPY).split(" ");
  const make = (name: string, words: string): Case =>
    refused(name, { refuse: "malformed", wrong: name }, { words }, () => entropyOf(words));
  const swapped = [good[1], good[0], ...good.slice(2)].join(" ");
  return [
    make("eleven words", good.slice(0, 11).join(" ")),
    make("thirteen words", [...good, "abandon"].join(" ")),
    make("a word that is not in the list", ["excalibur", ...good.slice(1)].join(" ")),
    make("two words swapped, so that the checksum fails", swapped),
    make("a checksum that fails", `${"abandon ".repeat(11)}abandon`),
    make("nothing", ""),
  ];
}

// ── keyring ──────────────────────────────────────────────────────────────────────────────────────────────────────

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

function keyringCases(): Case[] {
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

function refusedKeyrings(): Case[] {
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

function refusedContents(): Case[] {
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

// ── keyring chain ────────────────────────────────────────────────────────────────────────────────────────────────

function chainCases(): { accepted: Json; refused: Json } {
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

// ── previous keys ────────────────────────────────────────────────────────────────────────────────────────────────

const VK2 = fixed("volume key 2", 32);
const EARLIER: readonly VolumeKey[] = [
  { g: 0, vk: VK },
  { g: 1, vk: fixed("volume key 1", 32) },
];
const PREVIOUS = { volumeId: VOLUME_ID, g: 2 };

function sealPrevious(plaintext: Bytes): Bytes {
  const ivs = vectorIvs(fixed("previous iv", 32));
  return sealPreviousKeys({ place: PREVIOUS, vk: VK2, objectId: fixed("previous object", 16), ivs }, plaintext);
}

function previousCases(): { accepted: Json; refused: Json } {
  const make = (name: string, keys: readonly VolumeKey[]) => {
    const record = sealPrevious(encodePreviousKeys(keys));
    const opened = openPreviousKeys(record, PREVIOUS, VK2);
    const json = opened.map(({ g, vk }) => ({ g, vk: hex(vk) }));
    return { name, volumeId: hex(VOLUME_ID), g: 2, vk: hex(VK2), record: hex(record), keys: json };
  };
  const good = sealPrevious(encodePreviousKeys(EARLIER));
  const fail = (
    name: string,
    refuse: RefusalClass,
    record: Bytes,
    changes: { volumeId?: Bytes; g?: number; vk?: Bytes } = {},
  ) => {
    const place = { ...PREVIOUS, ...changes };
    const vk = changes.vk ?? VK2;
    const input = { volumeId: hex(place.volumeId), g: place.g, vk: hex(vk), record: hex(record) };
    return refused(name, { refuse, wrong: name }, input, () => openPreviousKeys(record, place, vk));
  };
  const [zero, one] = EARLIER as [VolumeKey, VolumeKey];
  const asKeyring = seal(
    {
      kind: KIND.keyring,
      objectId: fixed("x", 16),
      key: deriveKey("previous", VK2, VOLUME_ID, be(4, 2)),
      context: concat(Uint8Array.of(3), VOLUME_ID, be(4, 2)),
    },
    vectorIvs(fixed("y", 32)),
    encodePreviousKeys(EARLIER),
  );
  return {
    accepted: [make("both earlier keys", EARLIER), make("a gap: only generation 1", [one]), make("none", [])],
    refused: [
      fail("another volume", "integrity", good, { volumeId: fixed("elsewhere", 16) }),
      fail("another generation", "integrity", good, { g: 3 }),
      fail("another volume key", "integrity", good, { vk: VK }),
      fail("sealed as a keyring", "integrity", asKeyring),
      fail("not a whole number of keys", "malformed", sealPrevious(zeros(37))),
      fail("descending", "malformed", sealPrevious(encodePreviousKeys([one, zero]))),
      fail("a generation twice", "malformed", sealPrevious(encodePreviousKeys([zero, zero]))),
      fail("its own generation", "malformed", sealPrevious(encodePreviousKeys([zero, { g: 2, vk: VK }]))),
      fail("a key of zeros", "weak-key", sealPrevious(encodePreviousKeys([{ g: 0, vk: zeros(32) }]))),
    ],
  };
}

export function keyVectors(): VectorFile {
  return {
    about: "Labels, slots, recovery words, keyring, earlier volume keys (spec/keys.md, spec/volumes.md §9).",
    derivations: derivations(),
    labelledHashes: labelledHashes(),
    slots: slotCases(),
    refusedSlots: refusedSlots(),
    recoveryWords: wordCases(),
    refusedWords: refusedWords(),
    keyrings: keyringCases(),
    refusedKeyrings: refusedKeyrings(),
    refusedKeyringContents: refusedContents(),
    keyringChains: chainCases(),
    previousKeys: previousCases(),
  };
}
