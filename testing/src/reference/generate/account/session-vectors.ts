import {
  bindMessage,
  contentDigest,
  leavesHeader,
  proveByPassword,
  proveByRecovery,
  type RequestToSign,
  type SessionBinding,
  signatureBase,
  signatureHeaders,
} from "../../account/session.ts";
import { recoverySignSeed } from "../../account/slot.ts";
import { ascii, type Bytes, hex, utf8 } from "../../foundations/bytes.ts";
import { publicKeyOf, signPlain } from "../../foundations/ed25519.ts";
import { sha256 } from "../../foundations/hashes.ts";
import { alice } from "../people/people.ts";
import { fixed, type Json, type VectorFile } from "../vector-file.ts";

const SESSION_SEED = fixed("session seed", 32);
const SESSION_KEY = publicKeyOf(SESSION_SEED);

function binding(changes: Partial<SessionBinding> = {}): SessionBinding {
  return {
    action: 1,
    loginId: fixed("login id", 16),
    serverNonce: fixed("server nonce", 32),
    subjectId: alice.userId,
    origin: "https://files.example.org",
    publicKey: SESSION_KEY,
    deviceName: "Alice's laptop",
    ...changes,
  };
}

function bindingJson(one: SessionBinding): { [key: string]: Json } {
  return {
    action: one.action,
    loginId: hex(one.loginId),
    serverNonce: hex(one.serverNonce),
    subjectId: hex(one.subjectId),
    origin: one.origin,
    publicKey: hex(one.publicKey),
    deviceName: one.deviceName,
    message: hex(bindMessage(one)),
  };
}

function bindingCases(): Json[] {
  const opaqueSessionKey = fixed("opaque session key", 64);
  const entropy = fixed("recovery entropy", 16);
  const password = [
    binding(),
    binding({ deviceName: "", origin: "http://127.0.0.1:52419" }),
    binding({ deviceName: "Téléphone d’Alice 📱" }),
    binding({ deviceName: "x".repeat(64) }),
  ];
  const recovery = binding({ action: 2 });
  const seed = recoverySignSeed(entropy, alice.userId);
  return [
    ...password.map((one, i) => ({
      name: `password ${i + 1}`,
      ...bindingJson(one),
      opaqueSessionKey: hex(opaqueSessionKey),
      proof: hex(proveByPassword(one, opaqueSessionKey)),
    })),
    {
      name: "recovery",
      ...bindingJson(recovery),
      recoveryEntropy: hex(entropy),
      recoveryPublicKey: hex(publicKeyOf(seed)),
      proof: hex(proveByRecovery(recovery, seed)),
    },
  ];
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}

function requestCases(): Json[] {
  const common = {
    createdSeconds: 1_790_000_000,
    nonce: base64url(fixed("request nonce", 16)),
    keyId: base64url(fixed("session id", 16)),
  };
  const body = utf8('{"hello":"world"}');
  const leaves: Bytes[] = [sha256(ascii("header")), sha256(ascii("leaf 0")), sha256(ascii("leaf 1"))];
  const requests: readonly (readonly [string, RequestToSign, Bytes | undefined])[] = [
    ["a read without query", { method: "GET", path: "/api/account", query: "", ...common }, undefined],
    [
      "a read with query, under a prefix",
      { method: "GET", path: "/files/api/account/keyring/hashes", query: "after=12", ...common },
      undefined,
    ],
    [
      "a query with a body",
      { method: "POST", path: "/api/objects/fetch", query: "", contentDigest: contentDigest(body), ...common },
      body,
    ],
    [
      "a write with a body",
      {
        method: "PUT",
        path: "/api/account/keyring",
        query: "",
        contentDigest: contentDigest(body),
        idempotencyKey: base64url(fixed("idempotency", 16)),
        ...common,
      },
      body,
    ],
    [
      "a write without a body",
      {
        method: "DELETE",
        path: `/api/sessions/${base64url(fixed("session id", 16))}`,
        query: "",
        idempotencyKey: base64url(fixed("idempotency", 16)),
        ...common,
      },
      undefined,
    ],
    [
      "part 0 of an upload",
      {
        method: "PUT",
        path: `/api/uploads/${base64url(fixed("upload", 16))}/parts/0`,
        query: "",
        leaves: leavesHeader(leaves),
        ...common,
      },
      undefined,
    ],
    [
      "a batch",
      {
        method: "POST",
        path: "/api/objects/batch",
        query: "",
        leaves: leavesHeader([sha256(ascii("table"))]),
        ...common,
      },
      undefined,
    ],
  ];
  return requests.map(([name, request, bytes]) => {
    const base = signatureBase(request);
    const signature = signPlain(SESSION_SEED, utf8(base));
    const headers = signatureHeaders(request, signature);
    return {
      name,
      ...request,
      ...(bytes ? { body: hex(bytes) } : {}),
      base,
      signature: hex(signature),
      signatureInputHeader: headers.input,
      signatureHeader: headers.signature,
    };
  });
}

export function sessionVectors(): VectorFile {
  return {
    about:
      "Binding a session and signing its requests (spec/sign-in.md §3, §5). The requests are signed with the session key.",
    sessionSeed: hex(SESSION_SEED),
    sessionPublicKey: hex(SESSION_KEY),
    bindings: bindingCases(),
    requests: requestCases(),
  };
}
