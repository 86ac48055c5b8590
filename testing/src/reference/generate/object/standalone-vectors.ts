import { type Bytes, hex } from "../../foundations/bytes.ts";
import { deriveKey, hmac, sha256 } from "../../foundations/hashes.ts";
import { openStandalone, passwordKey } from "../../object/standalone.ts";
import { xWingPublicKey } from "../../people/x-wing.ts";
import type { Case, Json, VectorFile } from "../vector-file.ts";
import { recipientKeyCases, refusedRecipientKeys } from "./recipient-key-cases.ts";
import { refusedStandaloneFiles } from "./refused-standalone.ts";
import {
  type Built,
  entriesOf,
  FK,
  OBJECT_ID,
  PASSWORD,
  packedFile,
  recipientsOf,
  SALT,
  SECOND_PASSWORD,
  SEEDS,
  standalone,
} from "./standalone-samples.ts";

function opened(name: string, built: Built, keys: { readonly seed?: number; readonly password?: string }): Case {
  const seed = keys.seed === undefined ? undefined : (SEEDS[keys.seed] as Bytes);
  const given = { seeds: seed ? [seed] : [], passwords: keys.password === undefined ? [] : [keys.password] };
  if (hex(openStandalone(built.bytes, given)) !== hex(built.data)) throw new Error(`"${name}" does not open.`);
  return {
    name,
    ...(seed ? { seed: hex(seed) } : {}),
    ...(keys.password === undefined ? {} : { password: keys.password }),
    plaintext: built.recipe,
    ...packedFile(built),
    sha256: hex(sha256(built.bytes)),
  };
}

function openCases(): Case[] {
  const one = standalone(1, recipientsOf(0));
  const mixed = standalone(100, entriesOf({ passwords: [PASSWORD], recipients: [0, 1] }));
  const two = standalone(1000, entriesOf({ passwords: [PASSWORD, SECOND_PASSWORD], recipients: [] }));
  const sixteen = standalone(0, recipientsOf(...SEEDS.keys()));
  return [
    opened("one recipient, one byte", one, { seed: 0 }),
    opened("a password among recipients", mixed, { password: PASSWORD }),
    opened("the second recipient", mixed, { seed: 1 }),
    opened("the second of two passwords, in a form that NFKC changes", two, { password: SECOND_PASSWORD }),
    opened("sixteen recipients, no data, the last of them", sixteen, { seed: SEEDS.length - 1 }),
    opened("an object of one full segment", standalone(258_048, recipientsOf(0)), { seed: 0 }),
    opened("an object of two segments", standalone(262_105, recipientsOf(0)), { seed: 0 }),
    opened("an object of four segments", standalone(1_000_000, recipientsOf(0)), { seed: 0 }),
  ];
}

/** Every value on the way to the file of one byte. */
function workedExample(): Json {
  const { bytes, object, entries } = standalone(1, recipientsOf(0));
  const [entry] = entries as [Bytes];
  const macKey = deriveKey("recipients", FK, OBJECT_ID);
  const list = bytes.slice(0, 5 + entry.length);
  return {
    of: "one recipient, one byte",
    seed: hex(SEEDS[0] as Bytes),
    recipient: hex(xWingPublicKey(SEEDS[0] as Bytes)),
    fileKey: hex(FK),
    objectId: hex(OBJECT_ID),
    headBegins: hex(bytes.slice(0, 16)),
    sealed: hex(entry.slice(1 + 1120)),
    macKey: hex(macKey),
    mac: hex(hmac("sha256", macKey, list)),
    passwordSalt: hex(SALT),
    passwordKey: hex(passwordKey(PASSWORD, SALT)),
    prelude: hex(object.slice(0, 32)),
  };
}

export function standaloneVectors(): VectorFile {
  return {
    about:
      "Standalone files and recipient keys (spec/standalone.md). `object` is the object as ExEF vectors describe it (key, objectId, iv, plaintext); `head` is everything before it; the file is both. In `refused`, `file` is the whole file.",
    worked: workedExample(),
    files: openCases(),
    refused: refusedStandaloneFiles(),
    keys: recipientKeyCases(),
    refusedKeys: refusedRecipientKeys(),
  };
}
