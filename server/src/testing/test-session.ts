import { type Bytes, toBase64Url, utf8Encode } from "@excalibur/core/bytes";
import { randomBytes, sha256, sign, signatureKeyPairFromSeed } from "@excalibur/core/primitives";
import {
  API_PREFIX,
  byteSequence,
  contentDigest,
  HEADER,
  type Route,
  type SessionId,
  type SignedRequest,
  signatureBase,
  signatureHeader,
  signatureInput,
} from "@excalibur/core/protocol";
import type { Database } from "../db/index.ts";

export interface TestCall {
  readonly params?: Readonly<Record<string, string | number>>;
  /** Without "?". */
  readonly query?: string;
  readonly json?: unknown;
  readonly raw?: Uint8Array;
  readonly leaves?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Bytes;
  /** Of a JSON answer; of a refusal its problem document. */
  readonly body: Record<string, unknown>;
}

/** Calls routes as a client would: signed with a session's key. */
export interface TestSession {
  readonly sessionId: SessionId;
  readonly seed: Uint8Array;
  call(route: Route, call?: TestCall): Promise<TestAnswer>;
  /** Method, address and headers of a signed request: to send it again, or altered. */
  prepare(route: Route, call?: TestCall): { readonly url: string; readonly init: RequestInit };
}

export async function openSession(options: {
  readonly origin: string;
  readonly database: Database;
  readonly userId: Uint8Array;
  /** Now, if not given. */
  readonly signedInMs?: number;
  readonly nowMs?: number;
}): Promise<TestSession> {
  const { origin, database, userId, nowMs = Date.now() } = options;
  const seed = randomBytes(32);
  const sessionId = randomBytes(16);
  const times = { created_ms: nowMs, last_used_ms: nowMs, signed_in_ms: options.signedInMs ?? nowMs, ended_ms: null };
  const { publicKey } = signatureKeyPairFromSeed(seed);
  await database.write((tx) =>
    tx
      .insertInto("sessions")
      .values({
        session_id: sessionId,
        user_id: userId,
        public_key: publicKey,
        device_name: "test",
        client: "cli",
        ...times,
      })
      .execute(),
  );
  return signingSession({ origin, sessionId: toBase64Url(sessionId) as SessionId, seed });
}

/** Signs as a session that there is already. */
export function signingSession({
  origin,
  sessionId: keyId,
  seed,
}: {
  readonly origin: string;
  readonly sessionId: SessionId;
  readonly seed: Uint8Array;
}): TestSession {
  function prepare(route: Route, call: TestCall = {}): { url: string; init: RequestInit } {
    const path = API_PREFIX + fillIn(route.path, call.params);
    const query = call.query ?? "";
    const body = bodyOf(route, call);
    const signed: SignedRequest = {
      method: route.method,
      path,
      query,
      ...(body !== undefined && route.kind !== "part" ? { contentDigest: contentDigest(sha256(body)) } : {}),
      ...(route.kind === "part" ? { leaves: byteSequence(call.leaves ?? new Uint8Array(32)) } : {}),
      ...(route.kind === "write" ? { idempotencyKey: call.idempotencyKey ?? toBase64Url(randomBytes(16)) } : {}),
    };
    const parameters = { createdSeconds: Math.floor(Date.now() / 1000), nonce: toBase64Url(randomBytes(16)), keyId };
    const headers: Record<string, string> = {
      [HEADER.signatureInput]: signatureInput(signed, parameters),
      [HEADER.signature]: signatureHeader(sign(seed, utf8Encode(signatureBase(signed, parameters)))),
      ...(signed.contentDigest === undefined ? {} : { [HEADER.contentDigest]: signed.contentDigest }),
      ...(signed.leaves === undefined ? {} : { [HEADER.leaves]: signed.leaves }),
      ...(signed.idempotencyKey === undefined ? {} : { [HEADER.idempotencyKey]: signed.idempotencyKey }),
      ...(body === undefined ? {} : { "content-type": contentType(call) }),
      ...call.headers,
    };
    const url = `${origin}${path}${query === "" ? "" : `?${query}`}`;
    const { signal } = call;
    const sent = body === undefined ? {} : { body };
    return { url, init: { method: route.method, headers, ...sent, ...(signal === undefined ? {} : { signal }) } };
  }

  return {
    sessionId: keyId,
    seed,
    prepare,
    call: async (route, call) => {
      const { url, init } = prepare(route, call);
      return readAnswer(await fetch(url, init));
    },
  };
}

export async function readAnswer(response: Response): Promise<TestAnswer> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  const body = isJson ? (JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>) : {};
  return { status: response.status, headers: response.headers, bytes, body };
}

function fillIn(path: string, params: TestCall["params"] = {}): string {
  return path.replaceAll(/:([A-Za-z]+)/g, (_, name: string) => String(params[name]));
}

function bodyOf(route: Route, { raw, json }: TestCall): Bytes | undefined {
  if (raw !== undefined) return new Uint8Array(raw);
  if (route.body === undefined) return undefined;
  return utf8Encode(JSON.stringify(json ?? {}));
}

function contentType({ raw }: TestCall): string {
  return raw === undefined ? "application/json" : "application/octet-stream";
}
