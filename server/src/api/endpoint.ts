import type { BodyOf, ParamsOf, QueryOf, Raw, ReplyOf, Route, RouteKind } from "@excalibur/core/protocol";
import type { LiveSession, WriteProof } from "../auth/session.ts";
import type { Services } from "../context.ts";
import type { Transact } from "../services/transact.ts";
import type { PartBody } from "./part-body.ts";

export interface RequestFacts {
  /** Stands in problem documents and in the log. */
  readonly id: string;
  /** Address, or network prefix of an IPv6 address: for limits, never for the log. */
  readonly ip: string;
  /** Aborted when the client hangs up before it was answered. */
  readonly signal: AbortSignal;
}

export interface OpenCall<R extends Route> {
  readonly params: ParamsOf<R>;
  readonly query: QueryOf<R>;
  readonly body: BodyOf<R> extends Raw ? Uint8Array : BodyOf<R>;
  readonly request: RequestFacts;
}

export interface ReadCall<R extends Route> extends OpenCall<R> {
  readonly session: LiveSession;
  /** The Range header, which only narrows what is read. */
  readonly range: string | undefined;
}

export interface WriteCall<R extends Route> extends OpenCall<R> {
  readonly session: LiveSession;
  readonly proof: WriteProof;
  /** The one transaction of this request. */
  readonly transact: Transact;
}

/** A raw body that is checked against its leaves while it arrives, by whoever stores it. */
export interface PartCall<R extends Route> extends Omit<OpenCall<R>, "body"> {
  readonly session: LiveSession;
  /** From the signed header. */
  readonly leaves: Uint8Array;
  /** By Content-Length; the chunks never exceed it. */
  readonly sizeBytes: number;
  readonly chunks: PartBody;
}

/** Bytes that are sent as they come. A chunk may be reused once the next one is asked for. */
export interface RawReply {
  readonly sizeBytes: number;
  readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** Answers 206: first and last byte, and the size of the whole. */
  readonly range?: { readonly first: number; readonly last: number; readonly totalBytes: number };
  /** Then the connection is cut, whatever has left. */
  readonly cut?: AbortSignal | undefined;
}

/** A reply with another status than 200 that is no refusal (health). */
export class StatusReply<Reply> {
  readonly status: number;
  readonly reply: Reply;
  constructor(status: number, reply: Reply) {
    this.status = status;
    this.reply = reply;
  }
}

type Answer<R extends Route> = ReplyOf<R> extends Raw ? RawReply : ReplyOf<R> | StatusReply<ReplyOf<R>>;
type AnyCall = OpenCall<Route> & ReadCall<Route> & WriteCall<Route> & PartCall<Route>;

/** A route and what answers it. Made by one of the four functions below, listed by api/index.ts, mounted by mount.ts. */
export interface Endpoint {
  readonly route: Route;
  readonly handle: (call: AnyCall, services: Services) => Promise<unknown>;
}

function make(route: Route, kinds: readonly RouteKind[], handle: unknown): Endpoint {
  if (!kinds.includes(route.kind)) throw new TypeError(`The route ${route.id} is of the kind ${route.kind}.`);
  return { route, handle: handle as Endpoint["handle"] };
}

/** Without a session. */
export function openEndpoint<R extends Route>(
  route: R,
  handle: (call: OpenCall<R>, services: Services) => Promise<Answer<R>>,
): Endpoint {
  return make(route, ["open"], handle);
}

/** Signed, changes nothing: kinds read and query. */
export function readEndpoint<R extends Route>(
  route: R,
  handle: (call: ReadCall<R>, services: Services) => Promise<Answer<R>>,
): Endpoint {
  return make(route, ["read", "query"], handle);
}

/** Signed, changes something: the change goes through `call.transact`. */
export function writeEndpoint<R extends Route>(
  route: R,
  handle: (call: WriteCall<R>, services: Services) => Promise<Answer<R>>,
): Endpoint {
  return make(route, ["write"], handle);
}

/** A raw body signed by its leaves. */
export function partEndpoint<R extends Route>(
  route: R,
  handle: (call: PartCall<R>, services: Services) => Promise<Answer<R>>,
): Endpoint {
  return make(route, ["part"], handle);
}
