/** One HTTP exchange. The transport does everything above it: signing, retries, problems. */

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Absolute address. */
  readonly url: string;
  /** Lower-case names. The implementation adds `content-length` and `host`, nothing that has a meaning to the server. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as it is, never copied; the caller does not touch it until `send` settled. Pieces go out one after the other. */
  readonly body?: Uint8Array | readonly Uint8Array[];
  /**
   * GET only: where a successful reply of exactly this length may go instead of being given in pieces, if the
   * implementation can do that and the reply is a plain one; `isFilled` says so. It is not touched after `send` settled.
   */
  readonly into?: Uint8Array;
  readonly signal?: AbortSignal;
  /** The longest silence: until the status line, and between two pieces of the reply's body. */
  readonly timeoutMs?: number;
}

export interface HttpReply {
  readonly status: number;
  /** A header by its lower-case name. */
  header(name: string): string | undefined;
  /** To be read to its end or left with `break`/`return()`, which gives the connection back or closes it. */
  readonly body: AsyncIterable<Uint8Array>;
  /** The whole body is in the request's `into`, and `body` is empty. */
  readonly isFilled?: boolean;
}

export interface HttpPort {
  /**
   * Sends one request, never follows a redirect, never retries. Throws NetworkError when there is no answer (also while
   * reading the body), and the signal's reason when it was aborted.
   */
  send(request: HttpRequest): Promise<HttpReply>;
}
