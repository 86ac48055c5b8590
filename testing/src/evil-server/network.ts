import type { HttpPort, HttpReply, HttpRequest, Socket, SocketListener, SocketPort } from "@excalibur/sdk/ports";
import { EvilServer } from "./evil-server.ts";
import { type Answer, type Exchange, routeOf } from "./exchange.ts";

const HEADERS = ["content-type", "content-length", "content-range", "retry-after"];

/** The evil server in the ports of one device: between its sdk and the real connections. */
export class Network extends EvilServer implements HttpPort {
  readonly #real: HttpPort;

  constructor(real: HttpPort) {
    super();
    this.#real = real;
  }

  async send(request: HttpRequest): Promise<HttpReply> {
    const url = new URL(request.url);
    const route = routeOf(request.method, url.pathname);
    this.asked.push(route);
    if (!this.isWatched(route)) return this.#real.send(request);
    // What comes is looked at first, and goes where the asker wants it only afterwards.
    const { into, ...asked } = request;
    const exchange: Exchange = {
      route,
      method: request.method,
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: joined(request.body ?? []),
    };
    const answer = await this.answer(exchange, async (other = {}) =>
      readAnswer(await this.#real.send({ ...asked, ...other })),
    );
    return toReply(answer, into);
  }

  /** The real sockets, with what the server pushes passing through this one's hands. */
  sockets(real: SocketPort): SocketPort {
    return {
      open: (url: string, listener: SocketListener): Socket =>
        real.open(url, {
          ...(listener.onOpen === undefined ? {} : { onOpen: () => listener.onOpen?.() }),
          onMessage: (text) => {
            for (const frame of this.frames(text)) listener.onMessage(frame);
          },
          onClose: (reason) => listener.onClose(reason),
        }),
    };
  }
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
