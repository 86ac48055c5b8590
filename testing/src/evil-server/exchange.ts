import { ROUTES } from "@excalibur/core/protocol";

/** One exchange as somebody between a client and its server sees it. */
export interface Exchange {
  /** The id of the route, or its path if there is none. */
  readonly route: string;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What the client gets to see. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** Asks the real server, as the client did or a little differently. */
export type Ask = (other?: {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}) => Promise<Answer>;

/** Answers instead of the server, or after having asked it. A rejection is a connection that breaks. */
export type Interference = (exchange: Exchange, ask: Ask) => Promise<Answer>;

const PATTERNS = ROUTES.map(({ id, method, path }) => ({
  id,
  method,
  pattern: new RegExp(`^/api${path.replaceAll(/:[A-Za-z]+/g, "[^/]+")}$`),
}));

/** The id of the route that a request asks for, else its path. */
export function routeOf(method: string, pathname: string): string {
  return PATTERNS.find((each) => each.method === method && each.pattern.test(pathname))?.id ?? pathname;
}

export function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

export function decodeJson<T>(body: Uint8Array): T {
  return JSON.parse(new TextDecoder().decode(body)) as T;
}

/** The same answer with other bytes, and a length that fits them. */
export function withBody(answer: Answer, body: Uint8Array): Answer {
  return { ...answer, headers: { ...answer.headers, "content-length": String(body.length) }, body };
}

export function jsonAnswer(value: unknown, status = 200): Answer {
  return withBody(
    { status, headers: { "content-type": "application/json" }, body: new Uint8Array() },
    encodeJson(value),
  );
}

/** A refusal in the words of the protocol: honest servers send such, and so may liars. */
export function problemAnswer(code: string, status: number, members: Readonly<Record<string, unknown>> = {}): Answer {
  const problem = { type: `urn:excalibur:${code}`, title: code, status, code, detail: code, ...members };
  const headers = { "content-type": "application/problem+json" };
  return withBody({ status, headers, body: new Uint8Array() }, encodeJson(problem));
}
