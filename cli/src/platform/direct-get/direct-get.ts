import type { HttpReply, HttpRequest } from "@excalibur/sdk/ports";
import { builtinHttp } from "../builtin-http.ts";
import type { ServerTrust } from "../trust/index.ts";
import { DirectConnection } from "./connection.ts";

/**
 * [Note: Contents past the HTTP client]
 * Node's HTTP client gives a body in pieces of 64 KiB, each in memory of its own: of a gigabyte that comes down, most of
 * the time and of the memory goes into those pieces. Where the reply to a GET is known to the byte, the system fills one
 * buffer of a connection again and again, and what it holds is copied to where it belongs. Only the plainest reply is
 * read so; after any other the connection is closed and the request sent again through Node's client, which knows all of
 * HTTP. A GET may always be repeated, and what is in a reply is believed in neither case before it was verified.
 */
export class DirectGet {
  readonly #idle = new Map<string, DirectConnection[]>();
  readonly #all = new Set<DirectConnection>();
  readonly #idleMs: number;
  readonly #trust: Pick<ServerTrust, "contextOf">;

  constructor({ idleMs, trust }: { readonly idleMs: number; readonly trust: Pick<ServerTrust, "contextOf"> }) {
    this.#idleMs = idleMs;
    this.#trust = trust;
  }

  /** Fills `into`. undefined: ask again another way. Throws NetworkError, or the signal's reason. */
  async get(
    request: HttpRequest,
    { into, timeoutMs }: { readonly into: Uint8Array; readonly timeoutMs: number },
  ): Promise<HttpReply | undefined> {
    const { signal } = request;
    signal?.throwIfAborted();
    const url = new URL(request.url);
    const connection = this.#connectionTo(url);
    const head = await connection.get({ text: requestText(url, request.headers), into, timeoutMs, signal });
    if (head === undefined) return undefined;
    if (connection.isOpen) this.#idleOf(url.origin).push(connection);
    return { status: head.status, header: (name) => head.fields.get(name), body: nothing(), isFilled: true };
  }

  /** Closes the connections. */
  close(): void {
    for (const connection of [...this.#all]) connection.close();
  }

  #connectionTo(url: URL): DirectConnection {
    const known = this.#idleOf(url.origin).pop();
    if (known !== undefined) return known;
    const onEnd = (ended: DirectConnection): void => {
      this.#all.delete(ended);
      const idle = this.#idleOf(url.origin);
      if (idle.includes(ended)) idle.splice(idle.indexOf(ended), 1);
    };
    const secureContext = this.#trust.contextOf(url.origin);
    const made = new DirectConnection(url, { idleMs: this.#idleMs, secureContext, onEnd });
    this.#all.add(made);
    return made;
  }

  #idleOf(origin: string): DirectConnection[] {
    const idle = this.#idle.get(origin) ?? [];
    this.#idle.set(origin, idle);
    return idle;
  }
}

function requestText(url: URL, headers: Readonly<Record<string, string>>): string {
  const lines = [`GET ${url.pathname}${url.search} HTTP/1.1`, `host: ${url.host}`];
  for (const [name, value] of Object.entries(headers)) {
    builtinHttp.validateHeaderName(name);
    builtinHttp.validateHeaderValue(name, value);
    lines.push(`${name}: ${value}`);
  }
  return `${lines.join("\r\n")}\r\nconnection: keep-alive\r\n\r\n`;
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // The bytes have gone where they belong.
}
