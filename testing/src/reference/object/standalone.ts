/** Standalone files (spec/standalone.md §1 to §5), whole buffers. */

import { argon2Sync } from "node:crypto";
import { ascii, type Bytes, concat, equal, fromBe, isZero, Reader, utf8, zeros } from "../foundations/bytes.ts";
import { demandKey, deriveKey, hmac } from "../foundations/hashes.ts";
import { demand, Refusal } from "../foundations/refusal.ts";
import { ENC_BYTES, hpkeOpen, hpkeSeal } from "../people/x-wing.ts";
import { checkHeader, floeInputOf, type GivenIvs, KIND, open, seal } from "./exef.ts";
import { floeHeader, NOT_LAST, openSegment } from "./floe.ts";
import { ciphertextLength, HEADER_BYTES, SEGMENT_BYTES } from "./padding.ts";

const SLOT_BYTES = 658;
const SEALED_BYTES = 48;
const MAX_REAL_LENGTH = 17_454_747_090_944;
const NONE = zeros(0);

/** The Argon2id of §2; the password as it was typed. */
export function passwordKey(password: string, salt: Uint8Array): Bytes {
  const message = utf8(password.normalize("NFKC"));
  const costs = { memory: 65_536, passes: 3, parallelism: 4, tagLength: 32 };
  return new Uint8Array(argon2Sync("argon2id", { message, nonce: salt, ...costs }));
}

function passwordContext(objectId: Uint8Array): Bytes {
  return concat(Uint8Array.of(6), objectId);
}

function infoOf(objectId: Uint8Array): Bytes {
  return concat(ascii("excalibur/v3/standalone"), zeros(1), objectId);
}

export interface PasswordEntryOptions {
  readonly password: string;
  readonly salt: Uint8Array;
  readonly slotId: Uint8Array;
  readonly ivs: GivenIvs;
}

/** `secret` is FK; a must-fail case may put anything else there. */
export function passwordEntry(objectId: Uint8Array, secret: Uint8Array, options: PasswordEntryOptions): Bytes {
  const key = passwordKey(options.password, options.salt);
  const binding = { kind: KIND.slot, objectId: options.slotId, key, context: passwordContext(objectId) };
  return concat(Uint8Array.of(1), options.salt, seal(binding, options.ivs, secret));
}

export function recipientEntry(
  objectId: Uint8Array,
  secret: Uint8Array,
  publicKey: Uint8Array,
  randomness: Uint8Array,
): Bytes {
  const sealed = hpkeSeal(publicKey, randomness, { info: infoOf(objectId), aad: NONE }, secret);
  return concat(Uint8Array.of(2), sealed.enc, sealed.ciphertext);
}

/** §1 with the mac of §4. `count` is what the file says, which a must-fail case may choose. */
export function encodeStandalone(key: Uint8Array, object: Uint8Array, entries: Bytes[], count = entries.length): Bytes {
  const list = concat(ascii("EXR3"), Uint8Array.of(count), ...entries);
  return concat(list, hmac("sha256", deriveKey("recipients", key, object.subarray(8, 24)), list), object);
}

export interface Keys {
  readonly seeds: readonly Uint8Array[];
  readonly passwords: readonly string[];
}

interface Entry {
  readonly type: number;
  readonly body: Bytes;
}

function readHead(bytes: Uint8Array): { entries: Entry[]; macAt: number } {
  const reader = new Reader(bytes);
  demand(equal(reader.take(4), ascii("EXR3")), "malformed", "Not a standalone file.");
  const count = reader.uint(1);
  demand(count >= 1 && count <= 16, "malformed", "A file has 1 to 16 entries.");
  const entries = Array.from({ length: count }, () => {
    const type = reader.uint(1);
    demand(type === 1 || type === 2, "unsupported", "An unknown type of entry.");
    return { type, body: reader.take(type === 1 ? 16 + SLOT_BYTES : ENC_BYTES + SEALED_BYTES) };
  });
  demand(entries.filter(({ type }) => type === 1).length <= 2, "malformed", "More than two passwords.");
  return { entries, macAt: reader.offset };
}

/** The ways to try an entry, each with one of the keys. */
function attempts({ type, body }: Entry, objectId: Uint8Array, keys: Keys): (() => Bytes)[] {
  if (type === 2) {
    const [enc, sealed] = [body.slice(0, ENC_BYTES), body.slice(ENC_BYTES)];
    return keys.seeds.map((seed) => () => hpkeOpen(seed, enc, { info: infoOf(objectId), aad: NONE }, sealed));
  }
  const [salt, slot] = [body.slice(0, 16), body.slice(16)];
  const expected = { kind: KIND.slot, context: passwordContext(objectId), size: 32 };
  return keys.passwords.map((password) => () => open(slot, { ...expected, key: passwordKey(password, salt) }));
}

function fileKey(entries: readonly Entry[], objectId: Uint8Array, keys: Keys): Bytes {
  for (const attempt of entries.flatMap((entry) => attempts(entry, objectId, keys))) {
    try {
      return attempt();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  throw new Refusal("integrity", "No entry opens.");
}

/** §5 step 6: L, from segment 0. */
function realLength(key: Uint8Array, object: Bytes): number {
  const header = object.slice(0, HEADER_BYTES);
  const input = floeInputOf(key, header.slice(42, 74), header.slice(0, 32), NONE);
  demand(equal(floeHeader(input), header.subarray(32)), "integrity", "The header tag is wrong.");
  demand(object.length >= HEADER_BYTES + 4, "integrity", "The file ends before segment 0.");
  const marker = object.subarray(HEADER_BYTES, HEADER_BYTES + 4);
  const final = !equal(marker, NOT_LAST);
  const length = final ? fromBe(marker) : SEGMENT_BYTES;
  demand(length >= 33 && length <= SEGMENT_BYTES, "integrity", "The marker of segment 0 is impossible.");
  demand(object.length >= HEADER_BYTES + length, "integrity", "The file ends in segment 0.");
  const payload = openSegment(input, { index: 0, final }, object.subarray(HEADER_BYTES, HEADER_BYTES + length));
  demand(payload.length >= 8 && isZero(payload.subarray(0, 1)), "integrity", "The length is absurd.");
  demand((payload[1] as number) < 32, "integrity", "The length is absurd.");
  const real = fromBe(payload.subarray(0, 8));
  demand(real <= MAX_REAL_LENGTH, "integrity", "The length is absurd.");
  return real;
}

export function openStandalone(bytes: Uint8Array, keys: Keys): Bytes {
  const { entries, macAt } = readHead(bytes);
  demand(bytes.length >= macAt + 32, "malformed", "The file ends in its head.");
  const mac = bytes.subarray(macAt, macAt + 32);
  const object = bytes.slice(macAt + 32) as Bytes;
  checkHeader(object);
  demand(object[7] === KIND.standalone, "integrity", "The object is of another kind.");
  const objectId = object.slice(8, 24);
  const key = fileKey(entries, objectId, keys);
  demandKey(key);
  const expected = hmac("sha256", deriveKey("recipients", key, objectId), bytes.subarray(0, macAt));
  demand(equal(mac, expected), "integrity", "The list of recipients was altered.");
  const size = realLength(key, object);
  demand(object.length === ciphertextLength(size), "integrity", "The file has another length than it says inside.");
  return open(object, { kind: KIND.standalone, objectId, key, context: NONE, size });
}
