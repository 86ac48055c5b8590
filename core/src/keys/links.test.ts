import { describe, expect, it } from "vitest";
import { FormatError, fromHex, toBase64Url, toHex, UnsupportedError, WeakKeyError } from "../bytes/index.ts";
import {
  claimMessage,
  decodeLinkIdentity,
  fingerprintOf,
  isInvitationId,
  LINK_IDENTITY_LENGTH,
  originHash,
  sessionBindMessage,
  toInvitationId,
} from "../identity/index.ts";
import { signLabelled } from "../labels/index.ts";
import { randomBytes } from "../primitives/index.ts";
import { named, refusalOf, type VectorCase, vectors } from "../volume/record/vectors.suite.ts";
import {
  formatLinkAddress,
  LinkRecordError,
  linkIdentity,
  linkKeys,
  linkKnock,
  linkPasswordKey,
  openLinkRecord,
  parseLinkAddress,
  readKeyringLinks,
  sealLinkRecord,
  withKeyringLink,
  withoutKeyringLink,
} from "./index.ts";

const linkId = fromHex("00112233445566778899aabbccddeeff");
const secret = fromHex("5a".repeat(32));
const [idText, secretText] = [toBase64Url(linkId), toBase64Url(secret)];

describe("links of the second implementation", () => {
  const file = vectors("links");

  it("have the same keys, from the secret and the password however it was composed", async () => {
    for (const one of file.keys) {
      const link = { linkId: fromHex(one.linkId), secret: fromHex(one.secret) };
      const passwordKey = one.password && (await linkPasswordKey(link, one.password));
      expect(toHex(passwordKey || new Uint8Array())).toBe(one.passwordKey);
      const keys = linkKeys({ ...link, ...(passwordKey && { passwordKey }) });
      expect(toHex(linkKnock(link))).toBe(one.knock);
      expect([keys.signatureSeed, keys.sealingSeed, keys.recordKey].map(toHex)).toEqual([
        ...[one.ed25519Seed, one.xWingSeed, one.recordKey],
      ]);
      const identity = await linkIdentity(link.linkId, keys);
      expect(toHex(identity)).toBe(one.publicKeys);
      expect(toHex(decodeLinkIdentity(identity).fingerprint)).toBe(one.fingerprint);
    }
  });
  it.each(named(file.refusedPublicKeys))("refuse public keys: %s", async (_, one) => {
    expect(await refusalOf(() => decodeLinkIdentity(fromHex(one.publicKeys)))).toBe(one.refuse);
  });

  const open = (one: VectorCase) =>
    openLinkRecord({ linkId: fromHex(one.linkId), recordKey: fromHex(one.recordKey) }, fromHex(one.record));
  it.each(named(file.records))("open a record: %s", async (_, one: VectorCase) => {
    const { volumeId, genesisHash, manifestHash, head, role } = await open(one);
    expect([volumeId, genesisHash, manifestHash, head.hash].map(toHex)).toEqual([
      ...[one.volumeId, one.genesisHash, one.manifestHash, one.headHash],
    ]);
    expect([head.sequence, role]).toEqual([one.headSequence, one.role]);
  });
  it.each(named(file.refusedRecords))("refuse a record: %s", async (_, one) => {
    expect(await refusalOf(() => open(one))).toBe(one.refuse);
  });

  it("are written down alike", () => {
    for (const { server, linkId: id, secret: key, address } of file.addresses) {
      const link = { server, linkId: fromHex(id), secret: fromHex(key) };
      expect(formatLinkAddress(link)).toBe(address);
      expect(parseLinkAddress(address)).toEqual(link);
    }
  });
  it.each(named(file.refusedAddresses))("refuse an address: %s", async (_, one) => {
    expect(await refusalOf(() => parseLinkAddress(one.address))).toBe(one.refuse);
  });

  it("bind a visitor's session alike", () => {
    const { binding } = file;
    const message = sessionBindMessage({
      action: "link",
      loginId: fromHex(binding.loginId),
      serverNonce: fromHex(binding.serverNonce),
      subjectId: fromHex(binding.linkId),
      originHash: originHash(binding.origin),
      sessionKey: fromHex(binding.publicKey),
      deviceName: binding.deviceName,
    });
    expect(toHex(message)).toBe(binding.message);
    expect(toHex(signLabelled("session", fromHex(binding.ed25519Seed), message))).toBe(binding.proof);
  });

  it("tell invitations by their ids, and claim one alike", () => {
    const { claim } = file;
    expect(toHex(toInvitationId(fromHex(claim.random)))).toBe(claim.linkId);
    expect([claim.linkId, claim.noInvitation].map((id) => isInvitationId(fromHex(id)))).toEqual([true, false]);
    expect(isInvitationId(fromHex(claim.linkId).subarray(1))).toBe(false);
    expect(() => toInvitationId(fromHex(claim.linkId).subarray(1))).toThrow(FormatError);
    const message = claimMessage({
      linkId: fromHex(claim.linkId),
      identityHash: fromHex(claim.identityHash),
      serverNonce: fromHex(claim.serverNonce),
    });
    expect(toHex(message)).toBe(claim.message);
    expect(toHex(signLabelled("claim", fromHex(claim.ed25519Seed), message))).toBe(claim.signature);
  });
});

describe("the address of a link", () => {
  it("is read as it was written, whatever path a proxy gave the server", () => {
    for (const server of ["https://drive.example.org", "http://127.0.0.1:8080", "https://example.org/cloud/drive"]) {
      const address = formatLinkAddress({ server, linkId, secret });
      expect(address).toBe(`${server}/s/${idText}#1.${secretText}`);
      expect(parseLinkAddress(`  ${address}\n`)).toEqual({ server, linkId, secret });
    }
  });

  it.each([
    ["nothing", ""],
    ["no address", "s/abc#1.def"],
    ["another scheme", `ftp://example.org/s/${idText}#1.${secretText}`],
    ["no fragment", `https://example.org/s/${idText}`],
    ["a fragment without a version", `https://example.org/s/${idText}#${secretText}`],
    ["an id that is cut", `https://example.org/s/${idText.slice(0, -1)}#1.${secretText}`],
    ["an id in another spelling", `https://example.org/s/${idText.slice(0, -1)}x#1.${secretText}`],
    ["a secret that is cut", `https://example.org/s/${idText}#1.${secretText.slice(0, -1)}`],
    ["a secret in another spelling", `https://example.org/s/${idText}#1.${secretText.slice(0, -1)}X`],
    ["something behind the secret", `https://example.org/s/${idText}#1.${secretText}&x=1`],
    ["a query", `https://example.org/s/${idText}?x=1#1.${secretText}`],
    ["an empty query", `https://example.org/s/${idText}?#1.${secretText}`],
    ["a user name", `https://alice@example.org/s/${idText}#1.${secretText}`],
    ["a path behind the id", `https://example.org/s/${idText}/#1.${secretText}`],
    ["another page", `https://example.org/r/${idText}#1.${secretText}`],
  ])("is refused with %s, and nothing of it is repeated", (_, address) => {
    const refused = () => parseLinkAddress(address);
    expect(refused).toThrow(FormatError);
    expect(refused).not.toThrow(secretText.slice(0, 8));
  });

  it("of a newer version is not guessed at", () => {
    expect(() => parseLinkAddress(`https://example.org/s/${idText}#2.${secretText}`)).toThrow(UnsupportedError);
  });
});

describe("keys of a link", () => {
  it("all change with the secret, the id and the password, and the knock with the first two alone", () => {
    const passwordKey = fromHex("11".repeat(32));
    const texts = (link: { linkId: Uint8Array; secret: Uint8Array; passwordKey?: Uint8Array }) => {
      const { signatureSeed, sealingSeed, recordKey } = linkKeys(link);
      return [signatureSeed, sealingSeed, recordKey].map(toBase64Url);
    };
    const all = [
      ...texts({ linkId, secret }),
      ...texts({ linkId, secret, passwordKey }),
      ...texts({ linkId: randomBytes(16), secret }),
      ...texts({ linkId, secret: randomBytes(32) }),
    ];
    expect(new Set(all).size).toBe(12);
    expect(linkKnock({ linkId, secret })).not.toEqual(linkKnock({ linkId, secret: randomBytes(32) }));
  });

  it("public ones are read back with the fingerprint of a member; weak, cut and long ones are refused", async () => {
    const bytes = await linkIdentity(linkId, linkKeys({ linkId, secret }));
    expect(bytes.length).toBe(LINK_IDENTITY_LENGTH);
    const identity = decodeLinkIdentity(bytes);
    expect(identity.subjectId).toEqual(linkId);
    expect(identity.fingerprint).toEqual(fingerprintOf(identity));
    for (const wrong of [bytes.slice(1), new Uint8Array([...bytes, 0]), new Uint8Array(0)]) {
      expect(() => decodeLinkIdentity(wrong)).toThrow(FormatError);
    }
    const weakSignature = bytes.slice();
    weakSignature.fill(0, 16, 48);
    const weakSealing = bytes.slice();
    weakSealing.fill(0xff, 48);
    for (const weak of [weakSignature, weakSealing]) expect(() => decodeLinkIdentity(weak)).toThrow(WeakKeyError);
  });
});

describe("the link record", () => {
  const { recordKey } = linkKeys({ linkId, secret });
  const record = {
    volumeId: fromHex("01".repeat(16)),
    genesisHash: fromHex("02".repeat(32)),
    manifestHash: fromHex("03".repeat(32)),
    head: { sequence: 7, hash: fromHex("04".repeat(32)) },
    role: 16,
  } as const;

  it("opens for who has the keys of that link, and for nobody else", async () => {
    const sealed = await sealLinkRecord({ linkId, recordKey }, record);
    expect(await openLinkRecord({ linkId, recordKey }, sealed)).toEqual(record);
    const flipped = sealed.slice();
    flipped[200] = (flipped[200] as number) ^ 1;
    const attempts = [
      openLinkRecord({ linkId: randomBytes(16), recordKey }, sealed),
      openLinkRecord({ linkId, recordKey: linkKeys({ linkId, secret, passwordKey: secret }).recordKey }, sealed),
      openLinkRecord({ linkId, recordKey }, flipped),
    ];
    for (const attempt of attempts) await expect(attempt).rejects.toThrow(LinkRecordError);
  });

  it("is not sealed for what it could not say", async () => {
    const seal = (wrong: object) => sealLinkRecord({ linkId, recordKey }, { ...record, ...wrong });
    await expect(seal({ role: 4 })).rejects.toThrow(FormatError);
    await expect(seal({ volumeId: new Uint8Array(15) })).rejects.toThrow(FormatError);
    await expect(seal({ head: { sequence: -1, hash: new Uint8Array(32) } })).rejects.toThrow(FormatError);
  });
});

describe("links in the keyring", () => {
  const link = { linkId, secret, volumeId: randomBytes(16), label: "Family", createdMs: 1, role: 16 } as const;

  it("are kept, replaced and taken out, and what a newer version wrote stays", () => {
    const newer = new Map([[randomBytes(16), "something else"]]);
    const first = withKeyringLink(newer, link);
    expect(readKeyringLinks(first)).toEqual([expect.objectContaining(link)]);
    const renamed = withKeyringLink(first, { ...link, label: "Friends" });
    expect(readKeyringLinks(renamed)).toEqual([expect.objectContaining({ label: "Friends" })]);
    expect(renamed.size).toBe(2);
    expect(withoutKeyringLink(renamed, linkId)).toEqual(newer);
  });

  it("with a secret of zeros are refused and ignored", () => {
    expect(() => withKeyringLink(new Map(), { ...link, secret: new Uint8Array(32) })).toThrow(WeakKeyError);
  });
});
