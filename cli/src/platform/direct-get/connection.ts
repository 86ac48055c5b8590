import { connect, isIP, type Socket } from "node:net";
import { connect as connectSecurely, type SecureContext } from "node:tls";
import { networkError, timedOut } from "../network-error.ts";
import { ENOUGH_BYTES } from "../patience.ts";
import { HEAD_LIMIT_BYTES, parseReplyHead, type ReplyHead } from "./reply-head.ts";

/** What the system gives at once. */
const RECEIVE_BYTES = 256 * 1024;
const HEAD_END = Buffer.from("\r\n\r\n");

export interface DirectRequest {
  /** The whole request: line, fields and the empty line. */
  readonly text: string;
  readonly into: Uint8Array;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

export interface ConnectionOptions {
  /** How long it is kept for the next request. */
  readonly idleMs: number;
  /** Whose certificates are believed; undefined: the authorities that came with this program. */
  readonly secureContext: SecureContext | undefined;
  onEnd(connection: DirectConnection): void;
}

interface Exchange {
  readonly request: DirectRequest;
  head: ReplyHead | undefined;
  /** What has come of the head, at most HEAD_LIMIT_BYTES and one receipt. */
  headBytes: Buffer;
  filledBytes: number;
  /** Ends the exchange when too little comes. */
  readonly patience: NodeJS.Timeout;
  settle(outcome: ReplyHead | "other" | Error): void;
}

/** One connection to one server. Everything that arrives is copied out of its one buffer before the next can come. */
export class DirectConnection {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  #exchange: Exchange | undefined;
  #isOpen = true;

  constructor(url: URL, options: ConnectionOptions) {
    this.#options = options;
    const secure = url.protocol === "https:";
    const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
    const port = Number(url.port || (secure ? 443 : 80));
    const receive = Buffer.allocUnsafeSlow(RECEIVE_BYTES);
    const onread = {
      buffer: receive,
      callback: (lengthBytes: number): boolean => {
        this.#receive(receive.subarray(0, lengthBytes));
        return true;
      },
    };
    const server = { host, port, onread, noDelay: true };
    const name = isIP(host) === 0 ? { servername: host } : {};
    const { secureContext } = options;
    const tls = { ...name, ...(secureContext === undefined ? {} : { secureContext }), ALPNProtocols: ["http/1.1"] };
    this.#socket = secure ? connectSecurely({ ...server, ...tls }) : connect(server);
    this.#socket.on("timeout", () => this.#fail(timedOut(options.idleMs)));
    this.#socket.on("error", (error) => this.#fail(error));
    // What ends before it is whole is a cut connection, said the way the system says it.
    const onCut = (): void => this.#fail(Object.assign(new Error("The connection was cut."), { code: "ECONNRESET" }));
    this.#socket.on("end", onCut);
    this.#socket.on("close", onCut);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** undefined: the reply is another than the one that can be read here; the connection is closed then. */
  get(request: DirectRequest): Promise<ReplyHead | undefined> {
    const { signal, timeoutMs } = request;
    return new Promise((resolve, reject) => {
      const onAbort = (): void => this.#fail(new Error("The request was given up."));
      signal?.addEventListener("abort", onAbort, { once: true });
      const settle = (outcome: ReplyHead | "other" | Error): void => {
        signal?.removeEventListener("abort", onAbort);
        clearTimeout(patience);
        this.#exchange = undefined;
        if (outcome === "other") resolve(undefined);
        else if ("fields" in outcome) resolve(outcome);
        else reject(signal?.aborted ? signal.reason : networkError(outcome));
      };
      const patience = setTimeout(() => this.#fail(timedOut(timeoutMs)), timeoutMs);
      this.#exchange = { request, head: undefined, headBytes: Buffer.alloc(0), filledBytes: 0, patience, settle };
      this.#socket.ref();
      this.#socket.setTimeout(0);
      this.#socket.write(request.text, "latin1");
    });
  }

  close(): void {
    this.#fail(new Error("The program closes its connections."));
  }

  #receive(bytes: Buffer): void {
    const exchange = this.#exchange;
    if (exchange === undefined) {
      // Nobody asked: whatever it is, this connection is not in a state to be trusted.
      this.#end();
      return;
    }
    const body = exchange.head === undefined ? this.#takeHead(exchange, bytes) : bytes;
    if (body === undefined) return;
    const { into } = exchange.request;
    const fitting = body.subarray(0, into.length - exchange.filledBytes);
    // Not `set`: it is slower where the memory is shared between threads.
    fitting.copy(into, exchange.filledBytes);
    const before = exchange.filledBytes;
    exchange.filledBytes += fitting.length;
    if (Math.floor(exchange.filledBytes / ENOUGH_BYTES) > Math.floor(before / ENOUGH_BYTES))
      exchange.patience.refresh();
    if (exchange.filledBytes === into.length) this.#finish(exchange, { hasMore: fitting.length < body.length });
  }

  /** What came after the head. undefined: it is not whole yet, or not ours. */
  #takeHead(exchange: Exchange, bytes: Buffer): Buffer | undefined {
    exchange.headBytes = Buffer.concat([exchange.headBytes, bytes]);
    const end = exchange.headBytes.indexOf(HEAD_END);
    if (end === -1 && exchange.headBytes.length <= HEAD_LIMIT_BYTES) return undefined;
    const text = exchange.headBytes.subarray(0, Math.max(0, end)).toString("latin1");
    exchange.head = end > HEAD_LIMIT_BYTES ? undefined : parseReplyHead(text, exchange.request.into.length);
    if (exchange.head !== undefined) return exchange.headBytes.subarray(end + HEAD_END.length);
    exchange.settle("other");
    this.#end();
    return undefined;
  }

  #finish({ head, settle }: Exchange, { hasMore }: { readonly hasMore: boolean }): void {
    if (hasMore || !head?.keepsConnection) this.#end();
    else {
      this.#socket.setTimeout(this.#options.idleMs);
      this.#socket.unref();
    }
    settle(head as ReplyHead);
  }

  #fail(error: Error): void {
    this.#end();
    this.#exchange?.settle(error);
  }

  #end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#socket.destroy();
    this.#options.onEnd(this);
  }
}
