import { bindMessage } from "../../account/session.ts";
import { type Bytes, concat, hex, zeros } from "../../foundations/bytes.ts";
import { encode, type Value } from "../../foundations/cbor.ts";
import { publicKeyOf, sign } from "../../foundations/ed25519.ts";
import { sha256 } from "../../foundations/hashes.ts";
import type { RefusalClass } from "../../foundations/refusal.ts";
import {
  addressOf,
  encodeRecord,
  type LinkRecord,
  type LinkSecret,
  linkKeys,
  openRecord,
  publicKeysOf,
  readAddress,
  readPublicKeys,
  recordPlaintext,
  sealRecord,
} from "../../people/link.ts";
import {
  type Case,
  fixed,
  flipped,
  type Json,
  overwritten,
  refused,
  type VectorFile,
  vectorIvs,
} from "../vector-file.ts";

const PLAIN: LinkSecret = { linkId: fixed("link id", 16), secret: fixed("the secret of a link", 32) };
const GUARDED: LinkSecret = { ...PLAIN, linkId: fixed("guarded link id", 16), password: "pässwörd of a link" };
const SERVER = "https://files.example.org";

const RECORD: LinkRecord = {
  volumeId: fixed("link's volume", 16),
  genesisHash: fixed("link's genesis", 32),
  manifestHash: fixed("link's manifest", 32),
  headSequence: 41,
  headHash: fixed("link's head", 32),
  role: 16,
};

function sealed(link: LinkSecret, plaintext: Uint8Array): Bytes {
  const { recordKey } = linkKeys(link);
  const place = { linkId: link.linkId, recordKey };
  return sealRecord(
    place,
    { objectId: fixed("link record", 16), ivs: vectorIvs(fixed("link record iv", 32)) },
    plaintext,
  );
}

function keyCases(): Json[] {
  return [
    ["without a password", PLAIN],
    ["with a password", GUARDED],
    ["with the same password, composed otherwise", { ...GUARDED, password: GUARDED.password!.normalize("NFD") }],
  ].map(([name, link]) => {
    const one = link as LinkSecret;
    const keys = linkKeys(one);
    const publicKeys = publicKeysOf(one.linkId, keys);
    return {
      name: name as string,
      linkId: hex(one.linkId),
      secret: hex(one.secret),
      ...(one.password === undefined ? {} : { password: one.password }),
      passwordKey: hex(keys.passwordKey),
      knock: hex(keys.knock),
      knockHash: hex(sha256(keys.knock)),
      ed25519Seed: hex(keys.ed25519Seed),
      xWingSeed: hex(keys.xWingSeed),
      recordKey: hex(keys.recordKey),
      publicKeys: hex(publicKeys),
      fingerprint: hex(readPublicKeys(publicKeys).fingerprint),
    };
  });
}

function refusedKeys(): Case[] {
  const good = publicKeysOf(PLAIN.linkId, linkKeys(PLAIN));
  const make = (name: string, refuse: RefusalClass, publicKeys: Bytes): Case =>
    refused(name, { refuse, wrong: name }, { publicKeys: hex(publicKeys) }, () => readPublicKeys(publicKeys));
  return [
    make("cut by a byte", "malformed", good.slice(0, -1)),
    make("with a byte too many", "malformed", concat(good, zeros(1))),
    make("nothing", "malformed", zeros(0)),
    make("an Ed25519 key of zeros", "weak-key", overwritten(good, 16, zeros(32))),
    make("an Ed25519 key of small order", "weak-key", overwritten(good, 16, concat(Uint8Array.of(1), zeros(31)))),
    make("an X-Wing key of zeros", "weak-key", overwritten(good, 48, zeros(1216))),
    make("an X-Wing key whose X25519 half is zero", "weak-key", overwritten(good, -32, zeros(32))),
  ];
}

function recordCases(): Json[] {
  const cases: readonly (readonly [string, LinkSecret, LinkRecord])[] = [
    ["a viewer's, without a password", PLAIN, RECORD],
    ["an editor's, with a password", GUARDED, { ...RECORD, role: 17, headSequence: 2 ** 48 - 1 }],
  ];
  return cases.map(([name, link, record]) => ({
    name,
    linkId: hex(link.linkId),
    recordKey: hex(linkKeys(link).recordKey),
    record: hex(sealed(link, encodeRecord(record))),
    volumeId: hex(record.volumeId),
    genesisHash: hex(record.genesisHash),
    manifestHash: hex(record.manifestHash),
    headSequence: record.headSequence,
    headHash: hex(record.headHash),
    role: record.role,
  }));
}

function refusedRecords(): Case[] {
  const make = (name: string, refuse: RefusalClass, record: Bytes, link: LinkSecret = PLAIN): Case => {
    const place = { linkId: link.linkId, recordKey: linkKeys(link).recordKey };
    const input = { linkId: hex(place.linkId), recordKey: hex(place.recordKey), record: hex(record) };
    return refused(name, { refuse, wrong: name }, input, () => openRecord(place, record));
  };
  const good = sealed(PLAIN, encodeRecord(RECORD));
  const changed = (key: number, value: Value | undefined): Bytes => {
    const map = recordPlaintext(RECORD);
    if (value === undefined) map.delete(key);
    else map.set(key, value);
    return sealed(PLAIN, encode(map as Map<number, Value>));
  };
  return [
    make("of another link", "integrity", good, { ...PLAIN, linkId: fixed("another link", 16) }),
    make("of another secret", "integrity", good, { ...PLAIN, secret: fixed("another secret", 32) }),
    make("opened without the password", "integrity", sealed(GUARDED, encodeRecord(RECORD)), {
      linkId: GUARDED.linkId,
      secret: GUARDED.secret,
    }),
    make("one bit flipped", "integrity", flipped(good, -20)),
    make("cut by a byte", "malformed", good.slice(0, -1)),
    make("a person's role", "malformed", changed(5, 1)),
    make("the owner's role", "malformed", changed(5, 4)),
    make("no role", "malformed", changed(5, undefined)),
    make("no head", "malformed", changed(4, undefined)),
    make("a head without a hash", "malformed", changed(4, [41])),
    make("a head before the first", "malformed", changed(4, [-1, zeros(32)])),
    make("a head at 2^48", "malformed", changed(4, [2 ** 48, zeros(32)])),
    make("a short volumeId", "malformed", changed(1, zeros(15))),
    make("a field that does not belong there", "malformed", changed(6, true)),
    make("no map", "malformed", sealed(PLAIN, encode([1, 2, 3]))),
  ];
}

function addressCases(): Json[] {
  return [SERVER, "http://127.0.0.1:52419", "https://example.org/files/drive"].map((server) => ({
    name: server,
    server,
    linkId: hex(PLAIN.linkId),
    secret: hex(PLAIN.secret),
    address: addressOf(server, PLAIN),
  }));
}

function refusedAddresses(): Case[] {
  const make = (name: string, refuse: RefusalClass, address: string): Case =>
    refused(name, { refuse, wrong: name }, { address }, () => readAddress(address));
  const good = addressOf(SERVER, PLAIN);
  const [before, fragment] = good.split("#") as [string, string];
  return [
    make("nothing", "malformed", ""),
    make("without its fragment", "malformed", before),
    make("cut by a character", "malformed", good.slice(0, -1)),
    make("a secret in another spelling", "malformed", `${good.slice(0, -1)}${good.endsWith("x") ? "y" : "x"}`),
    make("something behind the secret", "malformed", `${good}&x=1`),
    make("a query", "malformed", `${before}?x=1#${fragment}`),
    make("a slash behind the id", "malformed", `${before}/#${fragment}`),
    make("an id that is cut", "malformed", `${before.slice(0, -1)}#${fragment}`),
    make("another page", "malformed", good.replace("/s/", "/r/")),
    make("another scheme", "malformed", good.replace("https:", "ftp:")),
    make("of version 2", "unsupported", good.replace("#1.", "#2.")),
  ];
}

function bindingCase(): Json {
  const keys = linkKeys(GUARDED);
  const sessionSeed = fixed("visitor's session seed", 32);
  const message = bindMessage({
    action: 3,
    loginId: fixed("visitor's login", 16),
    serverNonce: fixed("visitor's nonce", 32),
    subjectId: GUARDED.linkId,
    origin: SERVER,
    publicKey: publicKeyOf(sessionSeed),
    deviceName: "visitor",
  });
  return {
    loginId: hex(fixed("visitor's login", 16)),
    serverNonce: hex(fixed("visitor's nonce", 32)),
    linkId: hex(GUARDED.linkId),
    origin: SERVER,
    publicKey: hex(publicKeyOf(sessionSeed)),
    deviceName: "visitor",
    message: hex(message),
    ed25519Seed: hex(keys.ed25519Seed),
    proof: hex(sign("session", keys.ed25519Seed, message)),
  };
}

/** §10: ids that are an invitation's and one that is none, and the claim of an account with some identity record. */
function claimCase(): Json {
  const linkId = concat(fixed("an invitation's id", 12), new TextEncoder().encode("inv1"));
  const { ed25519Seed } = linkKeys({ linkId, secret: PLAIN.secret });
  const identityHash = sha256(fixed("an identity record", 32));
  const serverNonce = fixed("claimant's nonce", 32);
  const message = concat(linkId, identityHash, serverNonce);
  return {
    random: hex(concat(fixed("an invitation's id", 12), zeros(4))),
    linkId: hex(linkId),
    noInvitation: hex(PLAIN.linkId),
    identityHash: hex(identityHash),
    serverNonce: hex(serverNonce),
    message: hex(message),
    ed25519Seed: hex(ed25519Seed),
    signature: hex(sign("claim", ed25519Seed, message)),
  };
}

export function linkVectors(): VectorFile {
  return {
    about:
      "Links (spec/links.md §1 to §5, §10): addresses, keys, public keys, records, the binding of a visitor's session, a claim.",
    keys: keyCases(),
    refusedPublicKeys: refusedKeys(),
    records: recordCases(),
    refusedRecords: refusedRecords(),
    addresses: addressCases(),
    refusedAddresses: refusedAddresses(),
    binding: bindingCase(),
    claim: claimCase(),
  };
}
