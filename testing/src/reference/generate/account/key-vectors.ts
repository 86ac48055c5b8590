import { entropyOf, wordsOf } from "../../account/recovery-words.ts";
import {
  openSlot,
  passwordSlotKey,
  recoverySignSeed,
  recoverySlotKey,
  SLOT_TYPE,
  type SlotPlace,
  sealSlot,
} from "../../account/slot.ts";
import { ascii, type Bytes, be, concat, hex, zeros } from "../../foundations/bytes.ts";
import { publicKeyOf } from "../../foundations/ed25519.ts";
import { deriveKey, labelledHash, sha256 } from "../../foundations/hashes.ts";
import type { RefusalClass } from "../../foundations/refusal.ts";
import { KIND, seal } from "../../object/exef.ts";
import { encodePreviousKeys, openPreviousKeys, sealPreviousKeys, type VolumeKey } from "../../volume/previous-keys.ts";
import { bob } from "../people/people.ts";
import { type Case, fixed, flipped, type Json, refused, type VectorFile, vectorIvs } from "../vector-file.ts";
import { ACCOUNT_KEY, ENTROPY, EXPORT_KEY, USER, VK, VOLUME_ID } from "./key-samples.ts";
import { chainCases, keyringCases, refusedContents, refusedKeyrings } from "./keyring-vectors.ts";

const NODE_ID = fixed("key node", 16);

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
    ["row-name", ACCOUNT_KEY, concat(USER, be(4, 0))],
    ["page", VK, concat(VOLUME_ID, be(4, 0), NODE_ID)],
    ["page", VK, concat(VOLUME_ID, be(4, 1), NODE_ID)],
    ["previous", VK, concat(VOLUME_ID, be(4, 1))],
    ["session/bind", fixed("session key", 64), fixed("login", 16)],
    ["link/knock", fixed("link secret", 32), fixed("link", 16)],
    ["link/salt", fixed("link secret", 32), fixed("link", 16)],
    ["link/sign", fixed("link secret", 32), fixed("link", 16)],
    ["link/kem", fixed("link secret", 32), fixed("link", 16)],
    ["link/open", fixed("link secret", 32), fixed("link", 16)],
    ["request/knock", fixed("text key", 32), fixed("request", 16)],
    ["request/text", fixed("text key", 32), fixed("request", 16)],
    ["request/receipt", fixed("receipt key", 32), fixed("request", 16)],
    ["request/filed", fixed("receipt key", 32), concat(fixed("request", 16), fixed("item", 16), fixed("root", 32))],
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
