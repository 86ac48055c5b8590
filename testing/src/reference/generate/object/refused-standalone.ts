import { type Bytes, be, concat, hex, zeros } from "../../foundations/bytes.ts";
import type { RefusalClass } from "../../foundations/refusal.ts";
import { KIND, pad, seal, sealPadded } from "../../object/exef.ts";
import { encodeStandalone, type Keys, openStandalone } from "../../object/standalone.ts";
import { type Case, fixed, flipped, overwritten, refused, vectorIvs } from "../vector-file.ts";
import { NONE } from "./exef-samples.ts";
import {
  entriesOf,
  FK,
  IV,
  OBJECT_ID,
  objectOf,
  PASSWORD,
  passwordOf,
  recipientOf,
  recipientsOf,
  SALT,
  SEEDS,
  standalone,
} from "./standalone-samples.ts";

const RECIPIENT_BYTES = 1169;
const GOOD = standalone(100, recipientsOf(0, 1));
const LOCKED = standalone(100, entriesOf({ passwords: [PASSWORD], recipients: [] }));
const OBJECT_AT = GOOD.bytes.length - GOOD.object.length;
const MINE: Keys = { seeds: [SEEDS[0] as Bytes], passwords: [] };

function make(name: string, refuse: RefusalClass, file: Bytes, keys: Keys = MINE): Case {
  const input = { seeds: keys.seeds.map(hex), passwords: [...keys.passwords], file: hex(file) };
  return refused(name, { refuse, wrong: name }, input, () => openStandalone(file, keys));
}

function withPassword(password: string): Keys {
  return { seeds: [], passwords: [password] };
}

function headCases(): Case[] {
  const { bytes, object } = GOOD;
  const sealedHead = (entries: Bytes[], count?: number) => encodeStandalone(FK, object, entries, count);
  const [first, second] = recipientsOf(0, 1) as [Bytes, Bytes];
  const unknown = concat(Uint8Array.of(3), first.slice(1));
  return [
    make("nothing", "malformed", zeros(0)),
    make("magic changed", "malformed", overwritten(bytes, 3, Uint8Array.of(0x34))),
    make("a bare object", "malformed", object),
    make("no entries", "malformed", sealedHead([])),
    make("seventeen entries", "malformed", sealedHead([...recipientsOf(...SEEDS.keys()), first])),
    make("count one too many: the mac is read as an entry", "unsupported", sealedHead([second, first], 3)),
    make("count one too few: an entry is read as mac and object", "malformed", sealedHead([first, second], 1)),
    make("an entry of type 0", "unsupported", overwritten(bytes, 5, Uint8Array.of(0))),
    make("an entry of type 3, with a good mac", "unsupported", sealedHead([first, unknown])),
    make(
      "three passwords, with a good mac",
      "malformed",
      sealedHead([0, 1, 2].map((index) => passwordOf(PASSWORD, index))),
      withPassword(PASSWORD),
    ),
    make("cut after the count", "malformed", bytes.slice(0, 5)),
    make("cut inside an entry", "malformed", bytes.slice(0, 5 + RECIPIENT_BYTES + 100)),
    make("cut inside the mac", "malformed", bytes.slice(0, OBJECT_AT - 1)),
    make("cut before the object", "malformed", bytes.slice(0, OBJECT_AT)),
    make("cut inside the object's header", "malformed", bytes.slice(0, OBJECT_AT + 105)),
  ];
}

function listCases(): Case[] {
  const { bytes, object } = GOOD;
  const [first, second] = recipientsOf(0, 1) as [Bytes, Bytes];
  const mac = bytes.slice(OBJECT_AT - 32, OBJECT_AT);
  const withMac = (...entries: Bytes[]) =>
    concat(bytes.slice(0, 4), Uint8Array.of(entries.length), ...entries, mac, object);
  const otherKey = fixed("another standalone file key", 32);
  return [
    make("mac altered in its first byte", "integrity", flipped(bytes, OBJECT_AT - 32)),
    make("mac altered in its last byte", "integrity", flipped(bytes, OBJECT_AT - 1)),
    make("entries swapped", "integrity", withMac(second, first)),
    make("an entry added", "integrity", withMac(first, second, recipientOf(2))),
    make("an entry removed", "integrity", withMac(first)),
    make("an entry twice", "integrity", withMac(first, first)),
    make("somebody else's entry altered", "integrity", flipped(bytes, 5 + RECIPIENT_BYTES + 200)),
    make("one's own entry altered, in the encapsulation", "integrity", flipped(bytes, 6 + 1119)),
    make("one's own entry altered, in the sealed key", "integrity", flipped(bytes, 6 + 1120)),
    make("the mac of a list under another key", "integrity", encodeStandalone(otherKey, object, [first, second])),
    make("an entry in front that holds another key", "integrity", withMac(recipientOf(0, otherKey), second)),
    make("a mac made for another objectId", "integrity", encodeStandalone(FK, moved(), [first, second])),
    make("an entry that holds a key of zeros", "weak-key", zeroKeyed()),
  ];
}

/** The same object under another objectId in its prelude. */
function moved(): Bytes {
  return flipped(GOOD.object, 8);
}

function zeroKeyed(): Bytes {
  return encodeStandalone(FK, GOOD.object, [recipientOf(0, zeros(32))]);
}

function keyCases(): Case[] {
  const { bytes } = LOCKED;
  const other = fixed("other objectId", 16);
  const elsewhere = encodeStandalone(FK, GOOD.object, [recipientOf(0, FK, other)]);
  const lockedElsewhere = encodeStandalone(FK, GOOD.object, [passwordOf(PASSWORD, 0, FK, other)]);
  const short = encodeStandalone(FK, GOOD.object, [passwordOf(PASSWORD, 0, FK.slice(0, 31))]);
  const slotOfAnotherContext = seal(
    { kind: KIND.slot, objectId: OBJECT_ID, key: FK, context: NONE },
    vectorIvs(IV),
    FK,
  );
  return [
    make("no keys at all", "integrity", GOOD.bytes, { seeds: [], passwords: [] }),
    make("another recipient's key", "integrity", GOOD.bytes, { seeds: [SEEDS[5] as Bytes], passwords: [] }),
    make("a password where there are only recipients", "integrity", GOOD.bytes, withPassword(PASSWORD)),
    make("another password", "integrity", bytes, withPassword("correct horse battery stapl")),
    make("a password with a space after it", "integrity", bytes, withPassword(`${PASSWORD} `)),
    make("a key where there is only a password", "integrity", bytes),
    make("the salt altered", "integrity", flipped(bytes, 6), withPassword(PASSWORD)),
    make("the slot altered", "integrity", flipped(bytes, 6 + 16 + 200), withPassword(PASSWORD)),
    make("an entry made for another file", "integrity", elsewhere),
    make("a password entry made for another file", "integrity", lockedElsewhere, withPassword(PASSWORD)),
    make("a password entry that holds 31 bytes", "integrity", short, withPassword(PASSWORD)),
    make(
      "a slot that the password does not open",
      "integrity",
      encodeStandalone(FK, GOOD.object, [concat(Uint8Array.of(1), SALT, slotOfAnotherContext)]),
      withPassword(PASSWORD),
    ),
  ];
}

function bodyCases(): Case[] {
  const entries = recipientsOf(0, 1);
  const { bytes, object } = GOOD;
  const sealed = (altered: Bytes) => encodeStandalone(FK, altered, entries);
  const binding = { kind: KIND.standalone, objectId: OBJECT_ID, key: FK, context: NONE };
  const padded = pad(GOOD.data);
  const lying = (length: number | bigint) => sealPadded(binding, vectorIvs(IV), overwritten(padded, 0, be(8, length)));
  const at = (offset: number, ...values: number[]) => overwritten(object, offset, Uint8Array.from(values));
  return [
    make("an object of kind 1", "integrity", sealed(objectOf(100, KIND.content).object)),
    make("an object of kind 10", "unsupported", sealed(at(7, 10))),
    make("an object of version 2", "unsupported", sealed(at(5, 2))),
    make("reserved bytes of the object", "malformed", sealed(at(24, 1))),
    make("the objectId altered", "integrity", flipped(bytes, OBJECT_AT + 8)),
    make("the FLOE IV altered", "integrity", flipped(bytes, OBJECT_AT + 42)),
    make("the header tag altered", "integrity", flipped(bytes, OBJECT_AT + 105)),
    make("the body altered", "integrity", flipped(bytes, OBJECT_AT + 300)),
    make("the tag of the body altered", "integrity", flipped(bytes, -1)),
    make("the marker says there is more", "integrity", sealed(at(106, 255, 255, 255, 255))),
    make("the marker says 32", "integrity", sealed(at(106, 0, 0, 0, 32))),
    make("the marker says more than a segment", "integrity", sealed(at(106, 0, 4, 0, 1))),
    make("the marker one too small", "integrity", sealed(at(106, ...be(4, object.length - 107)))),
    make("cut by a byte", "integrity", bytes.slice(0, -1)),
    make("cut after the object's header", "integrity", bytes.slice(0, OBJECT_AT + 106)),
    make("a byte after the end", "integrity", concat(bytes, Uint8Array.of(0))),
    make("another file after the end", "integrity", concat(bytes, bytes)),
    make("the length inside belongs to a longer object", "integrity", sealed(lying(513))),
    make("the length inside belongs to an object of two segments", "integrity", sealed(lying(300_000))),
    make("the length inside is 2^53", "integrity", sealed(lying(2n ** 53n))),
    make("the length inside is more than an object holds", "integrity", sealed(lying(17_454_747_090_945))),
    make(
      "the padding is not zero",
      "integrity",
      sealed(sealPadded(binding, vectorIvs(IV), overwritten(padded, 519, Uint8Array.of(1)))),
    ),
  ];
}

/** Whole files, small enough to stand in the file. Long ones are cut and exchanged in the tests of the readers. */
export function refusedStandaloneFiles(): Case[] {
  return [...headCases(), ...listCases(), ...keyCases(), ...bodyCases()];
}
