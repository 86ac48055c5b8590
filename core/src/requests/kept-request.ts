import { type CborMap, type CborValue, FormatError, isAllZero, toBase64Url } from "../bytes/index.ts";
import { CborFields, cborFields } from "../keys/index.ts";
import type { RequestSecrets } from "./request-keys.ts";

/** A request as its owner's keyring holds it (spec/keys.md §4). */
export interface KeptRequest extends RequestSecrets {
  readonly createdMs: number;
}

/** Requests by id as base64url. What a newer version wrote, or what is damaged, is left out: it stays in the keyring as it is. */
export function keptRequests(requests: CborMap): Map<string, KeptRequest> {
  const kept = new Map<string, KeptRequest>();
  for (const [requestId, value] of requests) {
    if (!(requestId instanceof Uint8Array) || requestId.length !== 16) continue;
    const request = read(requestId, value);
    if (request !== undefined) kept.set(toBase64Url(requestId), request);
  }
  return kept;
}

export function withKeptRequest(requests: CborMap, request: KeptRequest): CborMap {
  const fields = cborFields({ 1: request.sealingSeed, 2: request.textKey, 3: request.createdMs });
  return new Map([...without(requests, request.requestId), [request.requestId, fields]]);
}

export function withoutKeptRequest(requests: CborMap, requestId: Uint8Array): CborMap {
  const rest = without(requests, requestId);
  return rest.length === requests.size ? requests : new Map(rest);
}

function without(requests: CborMap, requestId: Uint8Array) {
  const id = toBase64Url(requestId);
  return [...requests].filter(([key]) => !(key instanceof Uint8Array) || toBase64Url(key) !== id);
}

function read(requestId: Uint8Array, value: CborValue): KeptRequest | undefined {
  try {
    const fields = new CborFields(value, "keyring's upload request");
    const request = {
      requestId,
      sealingSeed: fields.bytes(1, 32),
      textKey: fields.bytes(2, 32),
      createdMs: fields.uint(3),
    };
    fields.finish();
    return isAllZero(request.sealingSeed) || isAllZero(request.textKey) ? undefined : request;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
