import { describe, expect, it } from "vitest";
import { fromHex, toHex } from "../bytes/index.ts";
import { named, refusalOf, type VectorCase, vectors } from "../volume/record/vectors.suite.ts";
import {
  fingerprintDigits,
  originHash,
  SESSION_ACTIONS,
  type SessionAction,
  sessionBindMac,
  sessionBindMessage,
  verifyIdentityChain,
} from "./index.ts";

const file = vectors("identity");

describe("identities of the second implementation", () => {
  it.each(named(file.chains))("%s", (_, one: VectorCase) => {
    const read = verifyIdentityChain(one.records.map(fromHex)).map((identity) => ({
      userId: toHex(identity.userId),
      sequence: identity.sequence,
      ed25519Key: toHex(identity.signatureKey),
      createdMs: identity.createdMs,
      name: identity.name,
      hash: toHex(identity.hash),
      fingerprint: toHex(identity.fingerprint),
      digits: fingerprintDigits(identity.fingerprint),
    }));
    expect(read).toEqual(one.identities);
  });

  it("show the same digits", () => {
    for (const { fingerprint, digits } of file.digits) expect(fingerprintDigits(fromHex(fingerprint))).toBe(digits);
  });

  it.each(named([...file.refusedRecords, ...file.refusedChains]))("refuse: %s", async (_, one: VectorCase) => {
    expect(await refusalOf(() => verifyIdentityChain(one.records.map(fromHex)))).toBe(one.refuse);
  });
});

describe("sessions of the second implementation", () => {
  it.each(named(vectors("session").bindings))("bind: %s", (_, one: VectorCase) => {
    const message = sessionBindMessage({
      action: Object.entries(SESSION_ACTIONS).find(([, code]) => code === one.action)?.[0] as SessionAction,
      loginId: fromHex(one.loginId),
      serverNonce: fromHex(one.serverNonce),
      subjectId: fromHex(one.subjectId),
      originHash: originHash(one.origin),
      sessionKey: fromHex(one.publicKey),
      deviceName: one.deviceName,
    });
    expect(toHex(message)).toBe(one.message);
    if (one.opaqueSessionKey === undefined) return;
    expect(toHex(sessionBindMac(fromHex(one.opaqueSessionKey), fromHex(one.loginId), message))).toBe(one.proof);
  });
});
