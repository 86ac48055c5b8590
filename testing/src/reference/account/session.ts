/** Binding a session and signing its requests (spec/sign-in.md §3, §5). */

import { ascii, type Bytes, be, concat, utf8 } from "../foundations/bytes.ts";
import { sign } from "../foundations/ed25519.ts";
import { deriveKey, hmac, sha256 } from "../foundations/hashes.ts";

export interface SessionBinding {
  readonly action: number;
  readonly loginId: Uint8Array;
  readonly serverNonce: Uint8Array;
  readonly subjectId: Uint8Array;
  readonly origin: string;
  readonly publicKey: Uint8Array;
  readonly deviceName: string;
}

export function bindMessage(binding: SessionBinding): Bytes {
  const name = utf8(binding.deviceName);
  return concat(
    be(1, binding.action),
    binding.loginId,
    binding.serverNonce,
    binding.subjectId,
    sha256(ascii(binding.origin)),
    binding.publicKey,
    be(1, name.length),
    name,
  );
}

export function proveByPassword(binding: SessionBinding, sessionKey: Uint8Array): Bytes {
  return hmac("sha256", deriveKey("session/bind", sessionKey, binding.loginId), bindMessage(binding));
}

export function proveByRecovery(binding: SessionBinding, recoverySeed: Uint8Array): Bytes {
  return sign("recover", recoverySeed, bindMessage(binding));
}

export interface RequestToSign {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly contentDigest?: string;
  readonly leaves?: string;
  readonly idempotencyKey?: string;
  readonly createdSeconds: number;
  readonly nonce: string;
  readonly keyId: string;
}

function byteSequence(bytes: Uint8Array): string {
  return `:${Buffer.from(bytes).toString("base64")}:`;
}

export function contentDigest(body: Uint8Array): string {
  return `sha-256=${byteSequence(sha256(body))}`;
}

export function leavesHeader(leaves: readonly Uint8Array[]): string {
  return byteSequence(concat(...leaves));
}

export function signatureBase(request: RequestToSign): string {
  const covered: [string, string][] = [
    ["@method", request.method],
    ["@path", request.path],
    ["@query", `?${request.query}`],
  ];
  if (request.contentDigest !== undefined) covered.push(["content-digest", request.contentDigest]);
  if (request.leaves !== undefined) covered.push(["excalibur-leaves", request.leaves]);
  if (request.idempotencyKey !== undefined) covered.push(["idempotency-key", request.idempotencyKey]);
  const names = covered.map(([name]) => `"${name}"`).join(" ");
  const parameters = [
    `(${names})`,
    `created=${request.createdSeconds}`,
    `nonce="${request.nonce}"`,
    `keyid="${request.keyId}"`,
    'tag="excalibur-v3"',
  ].join(";");
  return [...covered, ["@signature-params", parameters]].map(([name, value]) => `"${name}": ${value}`).join("\n");
}

export function signatureHeaders(request: RequestToSign, signature: Uint8Array): { input: string; signature: string } {
  const parameters = signatureBase(request).split('"@signature-params": ')[1] as string;
  return { input: `exc=${parameters}`, signature: `exc=${byteSequence(signature)}` };
}
