import type { Agent, IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { HttpPort, HttpReply, HttpRequest } from "@excalibur/sdk/ports";
import { builtinHttp } from "./builtin-http.ts";
import { DirectGet } from "./direct-get/index.ts";
import { networkError, timedOut } from "./network-error.ts";
import { Patience } from "./patience.ts";
import { isUnknownAuthority, ServerTrust } from "./trust/index.ts";

const DEFAULT_TIMEOUT_MS = 30_000;
/** Enough for four parts and what runs beside them; browsers open six. */
const MAX_SOCKETS = 8;
/** Below what servers and proxies usually wait, so that a request seldom meets a connection that is being closed. */
const IDLE_SOCKET_MS = 4_000;

export interface NodeHttpOptions {
  /** Whom it believes to be which server. */
  readonly trust?: ServerTrust;
  readonly idleMs?: number;
}

/** HTTP through Node's own client, over a few connections that stay open. */
export class NodeHttp implements HttpPort {
  readonly #agent: { readonly keepAlive: true; readonly maxSockets: number; readonly timeout: number };
  readonly #http: Agent;
  readonly #trust: ServerTrust;
  readonly #direct: DirectGet;

  constructor({ trust = ServerTrust.ofSystem(), idleMs = IDLE_SOCKET_MS }: NodeHttpOptions = {}) {
    this.#agent = { keepAlive: true, maxSockets: MAX_SOCKETS, timeout: idleMs };
    this.#http = new builtinHttp.Agent(this.#agent);
    this.#trust = trust;
    this.#direct = new DirectGet({ idleMs, trust });
  }

  /** Throws UntrustedServerError, ServerChangedError before anything is sent. */
  async send(request: HttpRequest): Promise<HttpReply> {
    const { origin } = new URL(request.url);
    const askedEverybody = this.#trust.asksEverybody(origin);
    try {
      return await this.#exchange(request);
    } catch (error) {
      if (!isUnknownAuthority((error as { cause?: unknown } | undefined)?.cause)) throw error;
      if (askedEverybody) throw this.#trust.refusal(origin);
    }
    this.#trust.askSystem();
    return await this.send(request);
  }

  async #exchange(request: HttpRequest): Promise<HttpReply> {
    const { into, timeoutMs = DEFAULT_TIMEOUT_MS } = request;
    const filled = into === undefined ? undefined : await this.#direct.get(request, { into, timeoutMs });
    return filled ?? (await this.#send(request));
  }

  #send(request: HttpRequest): Promise<HttpReply> {
    const { signal, timeoutMs = DEFAULT_TIMEOUT_MS, body = [] } = request;
    const pieces = body instanceof Uint8Array ? [body] : body;
    const secure = request.url.startsWith("https:");
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const headers: Record<string, string | number> = { ...request.headers };
      if (request.body !== undefined) headers["content-length"] = pieces.reduce((sum, piece) => sum + piece.length, 0);
      const outgoing = (secure ? httpsRequest : builtinHttp.request)(request.url, {
        method: request.method,
        headers,
        agent: secure ? this.#trust.agentOf(new URL(request.url).origin, this.#agent) : this.#http,
        // Silence on the socket, connecting included; after the head the body's reader keeps its own watch.
        timeout: timeoutMs,
        ...(signal === undefined ? {} : { signal }),
      });
      const onSilence = (): void => void outgoing.destroy(timedOut(timeoutMs));
      outgoing.on("timeout", onSilence);
      // A head that comes byte by byte keeps the socket awake.
      outgoing.on("finish", () => {
        const timer = setTimeout(onSilence, timeoutMs);
        const stop = (): void => clearTimeout(timer);
        outgoing.on("response", stop).on("close", stop);
      });
      outgoing.on("error", (error) => reject(signal?.aborted ? signal.reason : networkError(error)));
      outgoing.on("response", (incoming) => {
        outgoing.setTimeout(0);
        resolve(toReply(incoming, { timeoutMs, signal }));
      });
      for (const piece of pieces) outgoing.write(piece);
      outgoing.end();
    });
  }

  /** Closes the connections that nobody uses. */
  close(): void {
    this.#http.destroy();
    this.#trust.close();
    this.#direct.close();
  }
}

interface Watch {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

function toReply(incoming: IncomingMessage, watch: Watch): HttpReply {
  return {
    status: incoming.statusCode ?? 0,
    header: (name) => {
      const value = incoming.headers[name];
      return Array.isArray(value) ? value.join(", ") : value;
    },
    body: readBody(incoming, watch),
  };
}

async function* readBody(incoming: IncomingMessage, { timeoutMs, signal }: Watch): AsyncGenerator<Uint8Array> {
  const chunks = incoming[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const onSilence = (): void => void incoming.destroy(timedOut(timeoutMs));
  const patience = new Patience(timeoutMs);
  try {
    for (;;) {
      const next = await patience.wait(chunks.next(), onSilence);
      if (next.done) break;
      patience.received(next.value.length);
      yield next.value;
    }
  } catch (error) {
    throw signal?.aborted ? signal.reason : networkError(error);
  } finally {
    // Left early: the rest is not wanted, and the connection cannot be used again.
    if (!incoming.complete) incoming.destroy();
  }
}
