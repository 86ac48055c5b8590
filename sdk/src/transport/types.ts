import type { BodyOf, ParamsOf, QueryOf, Raw, ReplyOf, Route } from "@excalibur/core/protocol";

type If<Value, Field> = [Value] extends [undefined] ? { readonly [_ in never]: never } : Field;

/** A raw body: pieces are sent one after the other and never copied. */
export type RawBody = Uint8Array | readonly Uint8Array[];

/** A raw reply: status 200 or 206, application/octet-stream and of exactly this length, or the call throws. */
export interface RawReply {
  readonly lengthBytes: number;
  /** A header by its lower-case name. */
  header(name: string): string | undefined;
  /** Throws TruncatedReplyError or NetworkError when it ends early. Read it to the end or leave it with `break`. */
  readonly body: AsyncIterable<Uint8Array>;
  /** The bytes are in the call's `into` already, all of them, and `body` is empty. */
  readonly isFilled: boolean;
}

/** What a route takes, by its own schemas. */
export type CallOptions<R extends Route> = If<ParamsOf<R>, { readonly params: ParamsOf<R> }> &
  If<QueryOf<R>, { readonly query: QueryOf<R> }> &
  If<BodyOf<R>, { readonly body: BodyOf<R> extends Raw ? RawBody : BodyOf<R> }> & {
    readonly signal?: AbortSignal;
    /** Kind `part` only: the bytes of `excalibur-leaves`, which sign the body. */
    readonly leaves?: Uint8Array;
    /** Raw replies only: one range of bytes, `last` included. The reply must be 206 and exactly this. */
    readonly range?: { readonly first: number; readonly last: number };
    /** Raw replies to GET only, and as long as this: where the bytes may go at once; the reply says whether they did. */
    readonly into?: Uint8Array;
    /** Raw replies only: refuse another length. */
    readonly expectedLengthBytes?: number;
    /** The longest silence; 30 s unless told. */
    readonly timeoutMs?: number;
    /** How often to try in all when trying again may help; 6 unless told. */
    readonly attempts?: number;
  };

export type CallReply<R extends Route> = ReplyOf<R> extends Raw ? RawReply : ReplyOf<R>;

/** One server, seen from one device. Every room narrows it to the routes it uses in its api.ts. */
export interface Transport {
  /** `scheme://host[:port]`, lower case, no default port. */
  readonly origin: string;
  /** Now by the server's clock, as far as it is known: for times in records that the server checks. Milliseconds since 1970. */
  nowMs(): number;
  /**
   * Calls a route: signs it as its kind says, tries again what may be tried again, and gives back the checked reply.
   * Throws ApiError (`code` is one of ERROR_CODES), MissingError (404, 410), GatewayError, NetworkError,
   * UpgradeNeededError, or the signal's reason.
   */
  call<R extends Route>(route: R, options: CallOptions<R>): Promise<CallReply<R>>;
}
