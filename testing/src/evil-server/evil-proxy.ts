import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { EvilServer } from "./evil-server.ts";
import { type Answer, type Exchange, routeOf } from "./exchange.ts";

/** Of one connection only, never passed on (RFC 9110 §7.6.1). */
const OF_THE_CONNECTION = new Set(["connection", "keep-alive", "transfer-encoding", "upgrade", "te", "trailer"]);

/** The evil server as a server: whatever client comes, also another program, gets what the real one says or what it is told. */
export class EvilProxy extends EvilServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #realPort: () => number;
  readonly #sockets = new Set<Socket>();

  private constructor(realPort: () => number) {
    super();
    this.#realPort = realPort;
    this.#server = createServer((incoming, outgoing) => {
      this.#serve(incoming, outgoing).catch(() => outgoing.destroy());
    });
    this.#server.on("connection", (socket) => this.#keep(socket));
    this.#server.on("upgrade", (incoming: IncomingMessage, client: Socket, head: Buffer) => {
      this.asked.push(routeOf(incoming.method ?? "", new URL(incoming.url ?? "/", "http://x").pathname));
      this.#tunnel(incoming, { client, head });
    });
  }

  /** `realPort` is asked at every request: the server may have been started again on another one. */
  static async listen(realPort: () => number): Promise<EvilProxy> {
    const proxy = new EvilProxy(realPort);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once("error", reject);
      proxy.#server.listen(0, "127.0.0.1", resolve);
    });
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? "/", "http://x");
    const method = incoming.method ?? "GET";
    const exchange: Exchange = {
      route: routeOf(method, url.pathname),
      method,
      path: url.pathname,
      query: url.searchParams,
      headers: plainHeaders(incoming),
      body: await readAll(incoming),
    };
    this.asked.push(exchange.route);
    const answer = await this.answer(exchange, (other = {}) =>
      this.#ask({ ...exchange, ...other, target: incoming.url ?? "/" }),
    );
    outgoing.strictContentLength = false;
    outgoing.writeHead(answer.status, definedHeaders(answer.headers));
    // Who announced more than there is ends the connection early, as a liar about lengths does.
    const announced = Number(answer.headers["content-length"] ?? answer.body.length);
    if (announced > answer.body.length) outgoing.write(answer.body, () => outgoing.destroy());
    else outgoing.end(answer.body);
  }

  #ask({ method, target, headers, body }: Pick<Exchange, "method" | "headers" | "body"> & { readonly target: string }) {
    return new Promise<Answer>((resolve, reject) => {
      const real = httpRequest(
        { host: "127.0.0.1", port: this.#realPort(), method, path: target, headers },
        (reply) => {
          readAll(reply).then(
            (bytes) => resolve({ status: reply.statusCode ?? 0, headers: plainHeaders(reply), body: bytes }),
            reject,
          );
        },
      );
      real.once("error", reject);
      real.end(body);
    });
  }

  /** A socket is passed through as it is. */
  #tunnel(incoming: IncomingMessage, { client, head }: { readonly client: Socket; readonly head: Buffer }): void {
    const lines = incoming.rawHeaders.flatMap((name, index, all) =>
      index % 2 === 0 ? [`${name}: ${all[index + 1]}`] : [],
    );
    const real = connect(this.#realPort(), "127.0.0.1");
    this.#keep(real);
    real.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
    real.write(head);
    real.pipe(client).pipe(real);
    const end = () => {
      client.destroy();
      real.destroy();
    };
    for (const socket of [client, real]) socket.once("error", end).once("close", end);
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  }
}

async function readAll(stream: IncomingMessage): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  return new Uint8Array(Buffer.concat(pieces));
}

function plainHeaders({ headers }: IncomingMessage): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !OF_THE_CONNECTION.has(name))
      plain[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return plain;
}

function definedHeaders(headers: Answer["headers"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
