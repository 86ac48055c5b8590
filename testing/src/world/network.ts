import { ROUTES } from "@excalibur/core/protocol";
import type { HttpPort, HttpReply, HttpRequest } from "@excalibur/sdk/ports";

/** One exchange as somebody between a device and its server sees it. */
export interface Exchange {
  /** The id of the route, or its path if there is none. */
  readonly route: string;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What the device gets to see. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** Asks the real server, as the device did or a little differently. */
export type Ask = (other?: Partial<Pick<HttpRequest, "headers" | "body">>) => Promise<Answer>;

/** Answers instead of the server, or after having asked it. */
export type Interference = (exchange: Exchange, ask: Ask) => Promise<Answer>;

const HEADERS = ["content-type", "content-length", "content-range", "retry-after"];
const PATTERNS = ROUTES.map(({ id, method, path }) => ({
  id,
  method,
  pattern: new RegExp(`^/api${path.replaceAll(/:[A-Za-z]+/g, "[^/]+")}$`),
}));

/** HTTP of one device, with a place to stand for whoever wants to look on or to interfere. */
export class Network implements HttpPort {
  readonly #real: HttpPort;
  readonly #interferences = new Map<string, Interference>();
  /** Every request since the device was opened, by route. */
  readonly asked: string[] = [];

  constructor(real: HttpPort) {
    this.#real = real;
  }

  /** Every answer of that route passes through `interference` from now on; "*" means every other route. */
  interfere(route: string, interference: Interference): void {
    this.#interferences.set(route, interference);
  }

  /** As `interfere`, for answers whose bytes are changed. */
  alter(route: string, change: (body: Uint8Array, exchange: Exchange) => Uint8Array): void {
    this.interfere(route, async (exchange, ask) => {
      const answer = await ask();
      return answer.status < 300 ? withBody(answer, change(answer.body, exchange)) : answer;
    });
  }

  /** As `alter`, for answers in JSON. */
  alterJson<T = Record<string, unknown>>(route: string, change: (value: T, exchange: Exchange) => unknown): void {
    this.alter(route, (body, exchange) => encodeJson(change(decodeJson<T>(body), exchange)));
  }

  /** From here on everything is as the server says. */
  behave(): void {
    this.#interferences.clear();
  }

  async send(request: HttpRequest): Promise<HttpReply> {
    const url = new URL(request.url);
    const route = PATTERNS.find(({ method, pattern }) => method === request.method && pattern.test(url.pathname));
    const name = route?.id ?? url.pathname;
    this.asked.push(name);
    const interference = this.#interferences.get(name) ?? this.#interferences.get("*");
    if (interference === undefined) return this.#real.send(request);
    // What comes is looked at first, and goes where the asker wants it only afterwards.
    const { into, ...asked } = request;
    const exchange: Exchange = {
      route: name,
      method: request.method,
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: joined(request.body ?? []),
    };
    const answer = await interference(exchange, async (other = {}) =>
      readAnswer(await this.#real.send({ ...asked, ...other })),
    );
    return toReply(answer, into);
  }
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

async function readAnswer(reply: HttpReply): Promise<Answer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of reply.body) pieces.push(piece.slice());
  const headers = Object.fromEntries(HEADERS.map((name) => [name, reply.header(name)]));
  return { status: reply.status, headers, body: joined(pieces) };
}

/** As the real one: a plain reply of the length that was asked for fills `into`, any other comes in pieces. */
function toReply({ status, headers, body }: Answer, into: Uint8Array | undefined): HttpReply {
  const isFilled =
    (status === 200 || status === 206) &&
    body.length === into?.length &&
    headers["content-length"] === String(body.length);
  if (isFilled) into.set(body);
  async function* pieces() {
    if (!isFilled) yield body;
  }
  return { status, header: (name) => headers[name], body: pieces(), isFilled };
}

function joined(body: Uint8Array | readonly Uint8Array[]): Uint8Array {
  return body instanceof Uint8Array ? body.slice() : new Uint8Array(Buffer.concat(body));
}
