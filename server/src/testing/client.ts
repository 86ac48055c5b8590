import { concatBytes, toBase64Url, utf8Encode } from "@excalibur/core/bytes";
import { randomBytes, sha256, sign } from "@excalibur/core/primitives";
import {
  API_PREFIX,
  byteSequence,
  contentDigest,
  coveredHeaders,
  HEADER,
  type Problem,
  type Route,
  type SignatureParameters,
  type SignedRequest,
  signatureBase,
  signatureHeader,
  signatureInput,
} from "@excalibur/core/protocol";

export interface SessionKey {
  /** base64url */
  readonly sessionId: string;
  readonly seed: Uint8Array;
}

export interface CallOptions {
  readonly params?: Readonly<Record<string, string | number>>;
  /** Text is sent as it is. */
  readonly query?: Readonly<Record<string, string | number>> | string;
  /** An object is sent as JSON. */
  readonly body?: unknown;
  readonly leaves?: Uint8Array;
  /** null: unsigned. */
  readonly session?: SessionKey | null;
  readonly nonce?: string;
  readonly createdSeconds?: number;
  readonly idempotencyKey?: string;
  /** What the signature says instead of what is sent. */
  readonly signed?: Partial<SignedRequest>;
  /** Sent instead of, or beside, what belongs there; undefined leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly sentBody?: Uint8Array | string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  /** undefined for an empty or raw answer. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every route
  readonly json: any;
  readonly problem: Problem | undefined;
}

function addressOf(route: Route, { params = {}, query = {} }: CallOptions): { path: string; query: string } {
  const path = route.path.replaceAll(/:([A-Za-z]+)/g, (_match, name: string) => String(params[name] ?? "missing"));
  const pairs = typeof query === "string" ? [query] : Object.entries(query).map(([name, value]) => `${name}=${value}`);
  return { path: API_PREFIX + path, query: pairs.join("&") };
}

function encodeBody(body: unknown): Uint8Array | undefined {
  if (body === undefined || body instanceof Uint8Array) return body;
  return utf8Encode(JSON.stringify(body));
}

export function newNonce(): string {
  return toBase64Url(randomBytes(16));
}

/** The headers of a signed request, made from the wire contract alone. */
export function signRequest(
  request: SignedRequest,
  parameters: SignatureParameters,
  seed: Uint8Array,
): Record<string, string> {
  return {
    [HEADER.signatureInput]: signatureInput(request, parameters),
    [HEADER.signature]: signatureHeader(sign(seed, utf8Encode(signatureBase(request, parameters)))),
  };
}

/** Speaks to a server as the wire contract says, or in any wrong way a test asks for. */
export class TestClient {
  readonly origin: string;
  session: SessionKey | undefined;
  clock: () => number = Date.now;

  constructor(origin: string, session?: SessionKey) {
    this.origin = origin;
    this.session = session;
  }

  async call(route: Route, options: CallOptions = {}): Promise<Answer> {
    const { path, query } = addressOf(route, options);
    const body = encodeBody(options.body);
    const headers: Record<string, string | undefined> = {};
    if (body)
      headers["content-type"] = options.body instanceof Uint8Array ? "application/octet-stream" : "application/json";
    const session = options.session === undefined ? this.session : options.session;
    if (session && route.kind !== "open")
      Object.assign(headers, this.#sign(route, { path, query, body }, session, options));
    Object.assign(headers, options.headers);
    const sent = options.sentBody ?? body;
    const response = await fetch(`${this.origin}${path}${query === "" ? "" : `?${query}`}`, {
      method: route.method,
      headers: Object.entries(headers).filter((header): header is [string, string] => header[1] !== undefined),
      ...(sent === undefined ? {} : { body: typeof sent === "string" ? sent : concatBytes(sent) }),
    });
    return readAnswer(response);
  }

  /** The reply of a call that must succeed. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  async ask(route: Route, options: CallOptions = {}): Promise<any> {
    const { status, json, bytes } = await this.call(route, options);
    if (status >= 300) throw new Error(`${route.id}: ${status} ${JSON.stringify(json)}`);
    return json ?? bytes;
  }

  #sign(
    route: Route,
    sent: { path: string; query: string; body: Uint8Array | undefined },
    session: SessionKey,
    options: CallOptions,
  ) {
    const covered = coveredHeaders(route.kind, route.body !== undefined);
    const values: Record<string, string> = {
      [HEADER.contentDigest]: contentDigest(sha256(sent.body ?? new Uint8Array())),
      [HEADER.leaves]: byteSequence(options.leaves ?? new Uint8Array()),
      [HEADER.idempotencyKey]: options.idempotencyKey ?? newNonce(),
    };
    const headers = Object.fromEntries(covered.map((name) => [name, values[name]!]));
    const names = { contentDigest: HEADER.contentDigest, leaves: HEADER.leaves, idempotencyKey: HEADER.idempotencyKey };
    const fields = Object.fromEntries(
      Object.entries(names)
        .filter(([, header]) => header in headers)
        .map(([field, header]) => [field, headers[header]!]),
    );
    const request: SignedRequest = {
      method: route.method,
      path: sent.path,
      query: sent.query,
      ...fields,
      ...options.signed,
    };
    const parameters: SignatureParameters = {
      createdSeconds: options.createdSeconds ?? Math.floor(this.clock() / 1000),
      nonce: options.nonce ?? newNonce(),
      keyId: session.sessionId,
    };
    return { ...headers, ...signRequest(request, parameters, session.seed) };
  }
}

async function readAnswer(response: Response): Promise<Answer> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const type = response.headers.get("content-type") ?? "";
  const json = type.includes("json") ? (JSON.parse(new TextDecoder().decode(bytes)) as unknown) : undefined;
  const problem = type.startsWith("application/problem+json") ? (json as Problem) : undefined;
  return { status: response.status, headers: response.headers, bytes, json, problem };
}
