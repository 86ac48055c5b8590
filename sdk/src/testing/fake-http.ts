import type { HttpPort, HttpReply, HttpRequest } from "../ports/index.ts";

export interface FakeAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent in these pieces; an Error among them breaks the connection there. */
  readonly body?: Uint8Array | string | readonly (Uint8Array | Error)[];
}

export interface SeenRequest extends HttpRequest {
  readonly path: string;
  readonly query: string;
  /** All pieces, joined. */
  readonly bytes: Uint8Array;
  json(): unknown;
}

export type FakeHandler = (request: SeenRequest) => FakeAnswer | Error | Promise<FakeAnswer | Error>;

/** A network with one server behind it, which is a function. Keeps every request for the test to look at. */
export class FakeHttp implements HttpPort {
  readonly requests: SeenRequest[] = [];
  handler: FakeHandler;
  /** Like an implementation that writes bodies where the request says, when they are as long. */
  fillsInto = false;

  constructor(handler: FakeHandler) {
    this.handler = handler;
  }

  async send(request: HttpRequest): Promise<HttpReply> {
    request.signal?.throwIfAborted();
    const seen = see(request);
    this.requests.push(seen);
    const answer = await this.handler(seen);
    if (answer instanceof Error) throw answer;
    const pieces = answerPieces(answer);
    const headers = { ...answer.headers };
    if (headers["content-length"] === undefined && pieces.every((piece) => piece instanceof Uint8Array)) {
      headers["content-length"] = String(pieces.reduce((sum, piece) => sum + piece.length, 0));
    }
    const reply = { status: answer.status ?? 200, header: (name: string) => headers[name] };
    const [only] = pieces;
    if (this.fillsInto && only instanceof Uint8Array && pieces.length === 1 && only.length === request.into?.length) {
      request.into.set(only);
      return { ...reply, body: stream([], request.signal), isFilled: true };
    }
    return { ...reply, body: stream(pieces, request.signal) };
  }
}

export function jsonAnswer(value: unknown, status = 200): FakeAnswer {
  return { status, headers: { "content-type": "application/json; charset=utf-8" }, body: JSON.stringify(value) };
}

export function problemAnswer(status: number, code: string, members: Record<string, unknown> = {}): FakeAnswer {
  const body = { type: "about:blank", title: code, status, code, detail: "What the server says.", ...members };
  return { status, headers: { "content-type": "application/problem+json" }, body: JSON.stringify(body) };
}

export function bytesAnswer(bytes: Uint8Array, status = 200): FakeAnswer {
  return { status, headers: { "content-type": "application/octet-stream" }, body: bytes };
}

function see(request: HttpRequest): SeenRequest {
  const url = new URL(request.url);
  const { body = [] } = request;
  const pieces = body instanceof Uint8Array ? [body] : body;
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  const json = (): unknown => JSON.parse(new TextDecoder().decode(bytes));
  return { ...request, path: url.pathname, query: url.search.slice(1), bytes, json };
}

function answerPieces({ body = [] }: FakeAnswer): readonly (Uint8Array | Error)[] {
  if (typeof body === "string") return [new TextEncoder().encode(body)];
  return body instanceof Uint8Array ? [body] : body;
}

async function* stream(pieces: readonly (Uint8Array | Error)[], signal: AbortSignal | undefined) {
  for (const piece of pieces) {
    signal?.throwIfAborted();
    if (piece instanceof Error) throw piece;
    yield piece;
  }
}
