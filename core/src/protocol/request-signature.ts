/**
 * The text that signs a request: RFC 9421 signature base and the headers around it (spec/wire.md «signed requests»).
 * No crypto here: sdk signs the base with the session key, the server verifies it. The verifier rebuilds the base from
 * the route it matched, never from what the request claims to cover.
 */

import { fromBase64Url, toBase64Url } from "../bytes/index.ts";
import type { RouteKind } from "./route.ts";

export const SIGNATURE_LABEL = "exc";
export const SIGNATURE_TAG = "excalibur-v3";

export const HEADER = {
  signatureInput: "signature-input",
  signature: "signature",
  contentDigest: "content-digest",
  leaves: "excalibur-leaves",
  idempotencyKey: "idempotency-key",
} as const;

/** What the signature says of itself. */
export interface SignatureParameters {
  /** Seconds since 1970 by the client's corrected clock. */
  readonly createdSeconds: number;
  /** 16 random bytes, base64url. */
  readonly nonce: string;
  /** Session id. */
  readonly keyId: string;
}

/** What is covered. Body headers are present exactly where the route's kind says so. */
export interface SignedRequest {
  readonly method: string;
  /** Absolute path including the server's public prefix. */
  readonly path: string;
  /** Without "?"; empty if there is none. */
  readonly query: string;
  readonly contentDigest?: string;
  readonly leaves?: string;
  readonly idempotencyKey?: string;
}

/** Headers a route's signature covers beside method, path and query, in their order. */
export function coveredHeaders(kind: RouteKind, hasBody: boolean): readonly string[] {
  if (kind === "part") return [HEADER.leaves];
  if (kind === "write") return hasBody ? [HEADER.contentDigest, HEADER.idempotencyKey] : [HEADER.idempotencyKey];
  return hasBody ? [HEADER.contentDigest] : [];
}

function coveredFields(request: SignedRequest): [name: string, value: string][] {
  const fields: [string, string][] = [
    ["@method", request.method],
    ["@path", request.path],
    ["@query", `?${request.query}`],
  ];
  if (request.contentDigest !== undefined) fields.push([HEADER.contentDigest, request.contentDigest]);
  if (request.leaves !== undefined) fields.push([HEADER.leaves, request.leaves]);
  if (request.idempotencyKey !== undefined) fields.push([HEADER.idempotencyKey, request.idempotencyKey]);
  return fields;
}

function parametersText(request: SignedRequest, parameters: SignatureParameters): string {
  const names = coveredFields(request).map(([name]) => `"${name}"`);
  const { createdSeconds, nonce, keyId } = parameters;
  return `(${names.join(" ")});created=${createdSeconds};nonce="${nonce}";keyid="${keyId}";tag="${SIGNATURE_TAG}"`;
}

/** The exact text that is signed. */
export function signatureBase(request: SignedRequest, parameters: SignatureParameters): string {
  const lines = coveredFields(request).map(([name, value]) => `"${name}": ${value}`);
  lines.push(`"@signature-params": ${parametersText(request, parameters)}`);
  return lines.join("\n");
}

/** Value of the header `signature-input`. */
export function signatureInput(request: SignedRequest, parameters: SignatureParameters): string {
  return `${SIGNATURE_LABEL}=${parametersText(request, parameters)}`;
}

const INPUT_PATTERN =
  /^exc=\([a-z"@ -]*\);created=(0|[1-9]\d{0,14});nonce="([A-Za-z0-9_-]{21}[AQgw])";keyid="([A-Za-z0-9_-]{21}[AQgw])";tag="excalibur-v3"$/;

/** Reads the parameters out of `signature-input`; undefined for anything not written exactly as we write it. */
export function parseSignatureInput(header: string): SignatureParameters | undefined {
  const match = INPUT_PATTERN.exec(header);
  if (!match) return undefined;
  const [, created, nonce, keyId] = match;
  if (created === undefined || nonce === undefined || keyId === undefined) return undefined;
  return { createdSeconds: Number(created), nonce, keyId };
}

function toBase64(bytes: Uint8Array): string {
  const text = toBase64Url(bytes).replaceAll("-", "+").replaceAll("_", "/");
  return text + "=".repeat((4 - (text.length % 4)) % 4);
}

function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  try {
    return fromBase64Url(text.replaceAll("=", "").replaceAll("+", "-").replaceAll("/", "_"));
  } catch {
    // Not canonical base64: to the caller the same as any other malformed header.
    return undefined;
  }
}

/** Value of the header `signature`. */
export function signatureHeader(signature: Uint8Array): string {
  return `${SIGNATURE_LABEL}=${byteSequence(signature)}`;
}

export function parseSignatureHeader(header: string): Uint8Array | undefined {
  return header.startsWith(`${SIGNATURE_LABEL}=`)
    ? parseByteSequence(header.slice(SIGNATURE_LABEL.length + 1))
    : undefined;
}

/** RFC 8941 byte sequence, `:base64:`. Used for `excalibur-leaves`. */
export function byteSequence(bytes: Uint8Array): string {
  return `:${toBase64(bytes)}:`;
}

export function parseByteSequence(text: string): Uint8Array | undefined {
  return text.length >= 2 && text.startsWith(":") && text.endsWith(":") ? fromBase64(text.slice(1, -1)) : undefined;
}

/** RFC 9530 `content-digest` of a SHA-256. */
export function contentDigest(sha256: Uint8Array): string {
  return `sha-256=${byteSequence(sha256)}`;
}

export function parseContentDigest(header: string): Uint8Array | undefined {
  const digest = header.startsWith("sha-256=") ? parseByteSequence(header.slice("sha-256=".length)) : undefined;
  return digest?.length === 32 ? digest : undefined;
}

/** Paths and queries are made of these characters only, so that nothing in between may re-encode them. */
export const PATH_PATTERN = /^[A-Za-z0-9\-_./]+$/;
export const QUERY_PATTERN = /^[A-Za-z0-9\-_./=&]*$/;
