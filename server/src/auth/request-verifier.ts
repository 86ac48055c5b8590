/** Signed requests: cryptography.md §8, spec/wire.md «signed requests». Knows text and keys, not HTTP. */

import { fromBase64Url, utf8Encode } from "@excalibur/core/bytes";
import { sha256, verifySignature } from "@excalibur/core/primitives";
import {
  coveredHeaders,
  HEADER,
  LIMITS,
  parseByteSequence,
  parseContentDigest,
  parseSignatureHeader,
  parseSignatureInput,
  type RouteKind,
  type SignedRequest,
  signatureBase,
  signatureInput,
} from "@excalibur/core/protocol";
import { Refusal } from "../refusal.ts";
import type { LiveSession } from "./session.ts";

const IDEMPOTENCY_KEY = /^[A-Za-z0-9_-]{16,64}$/;

export interface RequestToVerify {
  readonly kind: RouteKind;
  readonly hasBody: boolean;
  readonly method: string;
  /** As it arrived, without prefix and query. */
  readonly path: string;
  readonly query: string;
  /** Every value of a header; an empty list when it is not there. */
  readonly header: (name: string) => readonly string[];
}

export interface VerifiedRequest {
  readonly session: LiveSession;
  readonly nonce: Uint8Array;
  /** What the body must hash to, before anything takes effect. */
  readonly contentDigest: Uint8Array | undefined;
  /** `excalibur-leaves` of a part or batch. */
  readonly leaves: Uint8Array | undefined;
  readonly idempotencyKey: string | undefined;
  readonly requestDigest: Uint8Array;
}

export interface VerifierPorts {
  readonly clock: () => number;
  /** The session if it is live, whoever's it is. */
  readonly findSession: (sessionId: Uint8Array) => Promise<LiveSession | undefined>;
  /** What proxies in front of the server have cut off the path; "" for none. */
  readonly publicPrefixes: readonly string[];
}

function single(request: RequestToVerify, name: string): string | undefined {
  const values = request.header(name);
  if (values.length > 1) throw new Refusal("signature_invalid");
  return values[0];
}

/** The list of what is covered comes from the route, so a request cannot leave anything out of its signature. */
function coveredBy(request: RequestToVerify): Pick<SignedRequest, "contentDigest" | "leaves" | "idempotencyKey"> {
  const fields: Record<string, string> = {};
  const names: Record<string, keyof SignedRequest> = {
    [HEADER.contentDigest]: "contentDigest",
    [HEADER.leaves]: "leaves",
    [HEADER.idempotencyKey]: "idempotencyKey",
  };
  for (const header of coveredHeaders(request.kind, request.hasBody)) {
    const value = single(request, header);
    if (value === undefined) throw new Refusal("signature_invalid");
    fields[names[header]!] = value;
  }
  return fields;
}

function parsed<T>(value: T | undefined): T {
  if (value === undefined) throw new Refusal("signature_invalid");
  return value;
}

/**
 * @throws Refusal signature_required, signature_invalid, session_ended, clock_skew. Nothing was read of the body yet:
 * the caller checks it against `contentDigest` or `leaves` before it does anything.
 */
export async function verifyRequest(request: RequestToVerify, ports: VerifierPorts): Promise<VerifiedRequest> {
  const input = single(request, HEADER.signatureInput);
  const signatureText = single(request, HEADER.signature);
  if (input === undefined || signatureText === undefined) throw new Refusal("signature_required");
  const parameters = parsed(parseSignatureInput(input));
  const signature = parsed(parseSignatureHeader(signatureText));
  const covered = coveredBy(request);
  const contentDigest =
    covered.contentDigest === undefined ? undefined : parsed(parseContentDigest(covered.contentDigest));
  const leaves = covered.leaves === undefined ? undefined : parsed(parseByteSequence(covered.leaves));
  const { idempotencyKey } = covered;
  if (idempotencyKey !== undefined && !IDEMPOTENCY_KEY.test(idempotencyKey)) throw new Refusal("signature_invalid");

  const session = await ports.findSession(fromBase64Url(parameters.keyId));
  if (!session) throw new Refusal("session_ended");
  const signed = ports.publicPrefixes.some((prefix) => {
    const { method, query } = request;
    const rebuilt: SignedRequest = { method, path: prefix + request.path, query, ...covered };
    if (signatureInput(rebuilt, parameters) !== input) return false;
    return verifySignature(session.publicKey, utf8Encode(signatureBase(rebuilt, parameters)), signature);
  });
  if (!signed) throw new Refusal("signature_invalid");
  const nowMs = ports.clock();
  if (Math.abs(parameters.createdSeconds * 1000 - nowMs) > LIMITS.clockSkewMs)
    throw new Refusal("clock_skew", { timeMs: nowMs });

  const operation = `${request.method} ${request.path}?${request.query}\n${covered.contentDigest ?? ""}`;
  return {
    session,
    nonce: fromBase64Url(parameters.nonce),
    contentDigest,
    leaves,
    idempotencyKey,
    requestDigest: sha256(utf8Encode(operation)),
  };
}
