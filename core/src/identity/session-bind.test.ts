import { describe, expect, it } from "vitest";
import { concatBytes, FormatError, toHex, utf8Encode } from "../bytes/index.ts";
import { hkdfSha256, hmacSha256, sha256 } from "../primitives/index.ts";
import {
  canonicalOrigin,
  claimMessage,
  ENVELOPE_LENGTH,
  encodeEnvelope,
  encodeEnvelopeHeader,
  envelopeInfo,
  originHash,
  parseEnvelope,
  type SessionBinding,
  sessionBindMac,
  sessionBindMessage,
  verifySessionBindMac,
} from "./index.ts";

const fill = (length: number, value: number) => new Uint8Array(length).fill(value);
const binding: SessionBinding = {
  action: "password",
  loginId: fill(16, 1),
  serverNonce: fill(32, 2),
  subjectId: fill(16, 3),
  originHash: originHash("https://drive.example"),
  sessionKey: fill(32, 5),
  deviceName: "Küche",
};

describe("the session binding", () => {
  it("has the fields in their order", () => {
    expect(toHex(sessionBindMessage(binding))).toBe(
      `01${"01".repeat(16)}${"02".repeat(32)}${"03".repeat(16)}${toHex(sha256(utf8Encode("https://drive.example")))}${"05".repeat(32)}06${toHex(utf8Encode("Küche"))}`,
    );
    expect(sessionBindMessage({ ...binding, action: "claim", deviceName: "" })[0]).toBe(4);
  });

  it("refuses wrong lengths", () => {
    for (const field of ["loginId", "serverNonce", "subjectId", "originHash", "sessionKey"] as const) {
      expect(() => sessionBindMessage({ ...binding, [field]: fill(31, 0) })).toThrow(FormatError);
    }
    expect(() => sessionBindMessage({ ...binding, deviceName: "ü".repeat(128) })).toThrow(FormatError);
  });

  it("is a MAC that any change breaks", () => {
    const opaqueSessionKey = fill(64, 9);
    const message = sessionBindMessage(binding);
    const mac = sessionBindMac(opaqueSessionKey, binding.loginId, message);
    const info = concatBytes(utf8Encode("excalibur/v3/session/bind\0"), binding.loginId);
    expect(mac).toEqual(hmacSha256(hkdfSha256(opaqueSessionKey, info, 32), message));
    const proof = { opaqueSessionKey, loginId: binding.loginId, message, mac };
    expect(verifySessionBindMac(proof)).toBe(true);
    expect(verifySessionBindMac({ ...proof, opaqueSessionKey: fill(64, 8) })).toBe(false);
    expect(verifySessionBindMac({ ...proof, loginId: fill(16, 2) })).toBe(false);
    expect(verifySessionBindMac({ ...proof, message: sessionBindMessage({ ...binding, action: "recovery" }) })).toBe(
      false,
    );
    expect(verifySessionBindMac({ ...proof, mac: mac.subarray(1) })).toBe(false);
  });
});

describe("origins", () => {
  it.each([
    ["HTTPS://Drive.Example:443/x?y#z", "https://drive.example"],
    ["http://127.0.0.1:52419", "http://127.0.0.1:52419"],
    ["http://[::1]:80/", "http://[::1]"],
    ["https://bücher.example:8443", "https://xn--bcher-kva.example:8443"],
  ])("of %s is %s", (address, origin) => {
    expect(canonicalOrigin(address)).toBe(origin);
    expect(originHash(address)).toEqual(sha256(utf8Encode(origin)));
  });

  it.each(["drive.example", "ftp://drive.example", "javascript:alert(1)", ""])("refuse %j", (address) => {
    expect(() => canonicalOrigin(address)).toThrow(FormatError);
  });
});

describe("claims and envelopes", () => {
  it("put a claim together", () => {
    const claim = { linkId: fill(16, 1), identityHash: fill(32, 2), serverNonce: fill(32, 3) };
    expect(toHex(claimMessage(claim))).toBe("01".repeat(16) + "02".repeat(32) + "03".repeat(32));
    expect(() => claimMessage({ ...claim, identityHash: fill(31, 2) })).toThrow(FormatError);
  });

  it("split an envelope into what was put together", () => {
    const header = {
      volumeId: fill(16, 1),
      g: 2,
      manifestVersion: 3,
      senderFingerprint: fill(32, 4),
      recipientFingerprint: fill(32, 5),
    };
    const headerBytes = encodeEnvelopeHeader(header);
    const bytes = encodeEnvelope(headerBytes, fill(1120, 6), fill(152, 7));
    expect(bytes.length).toBe(ENVELOPE_LENGTH);
    expect(ENVELOPE_LENGTH).toBe(1364);
    expect(parseEnvelope(bytes)).toMatchObject({ ...header, headerBytes });
    expect(envelopeInfo(headerBytes)).toEqual(concatBytes(utf8Encode("excalibur/v3/share\0"), headerBytes));
    expect(() => parseEnvelope(bytes.subarray(1))).toThrow(FormatError);
    expect(() => parseEnvelope(bytes.subarray(0, -1))).toThrow(FormatError);
    expect(() => parseEnvelope(concatBytes(bytes, fill(1, 0)))).toThrow(FormatError);
    expect(() => encodeEnvelope(headerBytes, fill(1121, 6), fill(151, 7).subarray(1))).toThrow(FormatError);
    expect(() => encodeEnvelopeHeader({ ...header, volumeId: fill(15, 1) })).toThrow(FormatError);
  });
});
