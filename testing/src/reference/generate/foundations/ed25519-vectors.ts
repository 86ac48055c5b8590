import { ED25519_TORSION_SUBGROUP, ed25519 } from "@noble/curves/ed25519.js";
import { ascii, type Bytes, be, concat, hex, unhex } from "../../foundations/bytes.ts";
import {
  challenge,
  curve,
  isAcceptableKey,
  littleEndian,
  publicKeyOf,
  signPlain,
  toLittleEndian,
  verify,
} from "../../foundations/ed25519.ts";
import { sha512 } from "../../foundations/hashes.ts";
import { isAcceptableXWingKey, xWingPublicKey } from "../../people/x-wing.ts";
import { type Case, fixed, flipped, overwritten, type VectorFile } from "../vector-file.ts";

const { Point } = ed25519;
const { ORDER, multiply } = curve;
const FIELD = 2n ** 255n - 19n;
const SEED = fixed("ed25519 signer", 32);
const KEY = publicKeyOf(SEED);
const MESSAGE = ascii("a message that is signed");
/** The secret scalar behind the seed (RFC 8032 §5.1.5). */
const SECRET = (() => {
  const half = sha512(SEED).slice(0, 32);
  half[0] = (half[0] as number) & 248;
  half[31] = ((half[31] as number) & 127) | 64;
  return littleEndian(half);
})();
const NONCE = littleEndian(sha512(fixed("ed25519 nonce", 32))) % ORDER;

const torsion = ED25519_TORSION_SUBGROUP.map((encoded) => Point.fromHex(encoded));
/** A point of order exactly eight. */
const T8 = torsion.find((point) => !multiply(point, 4n).equals(Point.ZERO)) as (typeof torsion)[number];

function messages(): Bytes[] {
  return Array.from({ length: 400 }, (_, i) => concat(ascii("message "), be(2, i)));
}

interface Signed {
  readonly publicKey: Bytes;
  readonly message: Bytes;
  readonly signature: Bytes;
}

/** R and A as given points; S = r + k·a, as if they were honest. */
function forge(r: Bytes, publicKey: Bytes, message: Bytes): Signed {
  const s = (NONCE + challenge(r, publicKey, message) * SECRET) % ORDER;
  return { publicKey, message, signature: concat(r, toLittleEndian(s)) };
}

function findMessage(make: (message: Bytes) => Signed, wanted: (k: bigint) => boolean): Signed {
  for (const message of messages()) {
    const signed = make(message);
    if (wanted(challenge(signed.signature.subarray(0, 32), signed.publicKey, message))) return signed;
  }
  throw new Error("No such message was found.");
}

const pointBytes = (point: { toBytes(): Uint8Array }) => new Uint8Array(point.toBytes());
const R = pointBytes(Point.BASE.multiply(NONCE));
const withTorsion = (base: bigint, times: bigint) => pointBytes(multiply(Point.BASE, base).add(multiply(T8, times)));

function verifyCase(name: string, signed: Signed, valid: boolean): Case {
  const { publicKey, message, signature } = signed;
  if (verify(publicKey, message, signature) !== valid) throw new Error(`"${name}" should be ${valid}.`);
  return { name, publicKey: hex(publicKey), message: hex(message), signature: hex(signature), valid };
}

function verifyCases(): Case[] {
  const good = { publicKey: KEY, message: MESSAGE, signature: signPlain(SEED, MESSAGE) };
  const s = littleEndian(good.signature.subarray(32));
  const torsionR = forge(withTorsion(NONCE, 1n), KEY, MESSAGE);
  const torsionKey = withTorsion(SECRET, 1n);
  const byEight = findMessage(
    (message) => forge(R, torsionKey, message),
    (k) => k % 8n === 0n,
  );
  const notByEight = findMessage(
    (message) => forge(R, torsionKey, message),
    (k) => k % 8n !== 0n,
  );
  const cancelling = findMessage(
    (message) => forge(withTorsion(NONCE, 3n), torsionKey, message),
    (k) => (3n + k) % 8n === 0n,
  );
  const smallKey = pointBytes(T8);
  const zeroS = toLittleEndian(0n);
  const smallBoth = findMessage(
    (message) => ({ publicKey: smallKey, message, signature: concat(pointBytes(multiply(T8, 5n)), zeroS) }),
    (k) => (5n + k) % 8n === 0n,
  );
  const neutral = toLittleEndian(1n);
  const kNeutral = challenge(neutral, KEY, MESSAGE);
  const neutralR = concat(neutral, toLittleEndian((kNeutral * SECRET) % ORDER));
  const highNeutral = toLittleEndian(1n + FIELD);
  const kHigh = challenge(highNeutral, KEY, MESSAGE);
  const negativeZero = overwritten(neutral, 31, Uint8Array.of(0x80));
  const kNegative = challenge(negativeZero, KEY, MESSAGE);
  const replace = (signature: Bytes) => ({ ...good, signature });
  return [
    verifyCase("a good signature", good, true),
    verifyCase(
      "a good signature of an empty message",
      { ...good, message: ascii(""), signature: signPlain(SEED, ascii("")) },
      true,
    ),
    verifyCase("another message", { ...good, message: ascii("another message") }, false),
    verifyCase("R with a bit flipped", replace(flipped(good.signature, 0)), false),
    verifyCase("S with a bit flipped", replace(flipped(good.signature, 32)), false),
    verifyCase("S + L", replace(concat(good.signature.subarray(0, 32), toLittleEndian(s + ORDER))), false),
    verifyCase("S = L", replace(concat(good.signature.subarray(0, 32), toLittleEndian(ORDER))), false),
    verifyCase("S with its top bits set", replace(overwritten(good.signature, 63, Uint8Array.of(0xe0))), false),
    verifyCase("63 bytes", replace(good.signature.slice(0, 63)), false),
    verifyCase("65 bytes", replace(concat(good.signature, Uint8Array.of(0))), false),
    verifyCase("torsion in R: holds only if multiplied by the cofactor", torsionR, false),
    verifyCase(
      "torsion in A, k a multiple of 8: the equation holds, but the key must never be accepted",
      byEight,
      true,
    ),
    verifyCase("torsion in A, k not a multiple of 8", notByEight, false),
    verifyCase("torsion in A and R that cancels out: the equation holds", cancelling, true),
    verifyCase("A of small order, S = 0: the equation holds, but the key must never be accepted", smallBoth, true),
    verifyCase("R is the neutral element, S = k·a: the equation holds", replace(neutralR), true),
    verifyCase(
      "R is the neutral element in a non-canonical encoding (y = p + 1)",
      replace(concat(highNeutral, toLittleEndian((kHigh * SECRET) % ORDER))),
      false,
    ),
    verifyCase(
      "R is the neutral element with its sign bit set",
      replace(concat(negativeZero, toLittleEndian((kNegative * SECRET) % ORDER))),
      false,
    ),
    verifyCase("R is not a point", replace(concat(toLittleEndian(2n), good.signature.subarray(32))), false),
    verifyCase("A is not a point", { ...good, publicKey: toLittleEndian(2n) }, false),
    ...nonCanonicalKeys(),
  ];
}

/** Keys whose encoding is not canonical, with signatures that a lenient verifier accepts. */
function nonCanonicalKeys(): Case[] {
  const encodings: readonly (readonly [string, Bytes])[] = [
    ["A is the neutral element as y = p + 1", toLittleEndian(FIELD + 1n)],
    ["A is the neutral element with its sign bit set", overwritten(toLittleEndian(1n), 31, Uint8Array.of(0x80))],
    ["A has y = p, the order-four point in a non-canonical encoding", toLittleEndian(FIELD)],
  ];
  const r = pointBytes(Point.BASE.multiply(NONCE));
  return encodings.map(([name, publicKey]) => {
    const make = (message: Bytes) => ({ publicKey, message, signature: concat(r, toLittleEndian(NONCE)) });
    return verifyCase(
      name,
      findMessage(make, (k) => k % 8n === 0n),
      false,
    );
  });
}

function keyCases(): Case[] {
  const key = (name: string, publicKey: Bytes, acceptable: boolean): Case => {
    if (isAcceptableKey(publicKey) !== acceptable) throw new Error(`"${name}" should be ${acceptable}.`);
    return { name, publicKey: hex(publicKey), acceptable };
  };
  return [
    key("an honest key", KEY, true),
    key("the base point", pointBytes(Point.BASE), true),
    ...torsion.map((point, i) => key(`small order, ${i + 1} of 8`, pointBytes(point), false)),
    key("a torsion component of order 8", withTorsion(SECRET, 1n), false),
    key("a torsion component of order 4", withTorsion(SECRET, 2n), false),
    key("a torsion component of order 2", withTorsion(SECRET, 4n), false),
    key("the neutral element as y = p + 1", toLittleEndian(FIELD + 1n), false),
    key("the neutral element with its sign bit set", overwritten(toLittleEndian(1n), 31, Uint8Array.of(0x80)), false),
    key("y = p", toLittleEndian(FIELD), false),
    key("y = p + 18, the largest encoding of 255 bits", toLittleEndian(2n ** 255n - 1n), false),
    key("not a point", toLittleEndian(2n), false),
    key("all ones", new Uint8Array(32).fill(255), false),
    key("31 bytes", KEY.slice(0, 31), false),
    key("33 bytes", concat(KEY, Uint8Array.of(0)), false),
  ];
}

function xWingCases(): Case[] {
  const honest = xWingPublicKey(fixed("x-wing key", 32));
  const key = (name: string, publicKey: Bytes, acceptable: boolean): Case => {
    if (isAcceptableXWingKey(publicKey) !== acceptable) throw new Error(`"${name}" should be ${acceptable}.`);
    return { name, publicKey: hex(publicKey), acceptable };
  };
  const withCurvePart = (part: Bytes) => overwritten(honest, 1184, part);
  const orderEight = unhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800");
  const otherOrderEight = unhex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157");
  const x25519Field = 2n ** 255n - 19n;
  return [
    key("an honest key", honest, true),
    key("all zero", new Uint8Array(1216), false),
    key("ML-KEM vector all zero", overwritten(honest, 0, new Uint8Array(1152)), false),
    key("X25519 part zero", withCurvePart(new Uint8Array(32)), false),
    key("X25519 part one", withCurvePart(toLittleEndian(1n)), false),
    key("X25519 part of order eight", withCurvePart(orderEight), false),
    key("X25519 part of order eight, the other", withCurvePart(otherOrderEight), false),
    key("X25519 part p - 1", withCurvePart(toLittleEndian(x25519Field - 1n)), false),
    key("X25519 part p, which is zero", withCurvePart(toLittleEndian(x25519Field)), false),
    key("X25519 part p + 1, which is one", withCurvePart(toLittleEndian(x25519Field + 1n)), false),
    key("X25519 part zero with its unused bit set", withCurvePart(toLittleEndian(2n ** 255n)), false),
    key("first coefficient 3328, the largest", overwritten(honest, 0, Uint8Array.of(0x00, 0x0d)), true),
    key(
      "first coefficient 3329",
      overwritten(honest, 0, Uint8Array.of(0x01, ((honest[1] as number) & 0xf0) | 0x0d)),
      false,
    ),
    key(
      "last coefficient 4095",
      overwritten(honest, 1150, Uint8Array.of(0xf0 | ((honest[1150] as number) & 15), 0xff)),
      false,
    ),
    key("1215 bytes", honest.slice(0, 1215), false),
    key("1217 bytes", concat(honest, Uint8Array.of(0)), false),
  ];
}

export function ed25519Vectors(): VectorFile {
  return {
    about:
      "Strict Ed25519 and keys that may be accepted (spec/terminology.md §4). `verify` says what the equation gives; a key must also be acceptable.",
    verify: verifyCases(),
    publicKeys: keyCases(),
    xWingKeys: xWingCases(),
  };
}
