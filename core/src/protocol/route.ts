/**
 * One value per route: method, path, schemas, errors. The server mounts it, the sdk calls it, the OpenAPI document is made of it.
 *
 * kind says how a request is signed (spec/wire.md):
 *  open   no session (sign-up, sign-in, recovery, well-known)
 *  read   GET, signed; nothing is stored
 *  query  POST that only reads: signed with content-digest, nothing is stored
 *  write  signed with content-digest (if there is a body) and idempotency-key; the nonce is stored in the transaction of the effect
 *  part   raw body signed by its leaves; idempotent by itself, no nonce stored
 */

import type { Static, TSchema } from "typebox";
import type { ErrorCode } from "./errors.ts";

export type RouteKind = "open" | "read" | "query" | "write" | "part";

/** A body or reply that is raw bytes, application/octet-stream, streamed. */
export const RAW = Symbol("raw bytes");
export type Raw = typeof RAW;

export interface Route<
  Params extends TSchema | undefined = TSchema | undefined,
  Query extends TSchema | undefined = TSchema | undefined,
  Body extends TSchema | Raw | undefined = TSchema | Raw | undefined,
  Reply extends TSchema | Raw | undefined = TSchema | Raw | undefined,
> {
  /** Stable operation id, camelCase, unique. */
  readonly id: string;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below /api, with :name parameters. */
  readonly path: string;
  readonly kind: RouteKind;
  /** One sentence for the API document. */
  readonly summary: string;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** undefined: 204 without content. */
  readonly reply?: Reply;
  readonly bodyLimitBytes?: number;
  /** Takes one Range and then answers 206. */
  readonly isRanged?: true;
  /** Under which the same reply also comes, when what it reports is not well. */
  readonly otherStatus?: number;
  /** Codes this route answers with beside the general ones (bad_request, signature_*, session_ended, rate_limited, internal …). */
  readonly errors?: readonly ErrorCode[];
}

/** Keeps the exact schema types of a route. */
export function route<
  const Params extends TSchema | undefined = undefined,
  const Query extends TSchema | undefined = undefined,
  const Body extends TSchema | Raw | undefined = undefined,
  const Reply extends TSchema | Raw | undefined = undefined,
>(definition: Route<Params, Query, Body, Reply>): Route<Params, Query, Body, Reply> {
  return definition;
}

type Value<Schema> = Schema extends TSchema ? Static<Schema> : undefined;
export type ParamsOf<R> = R extends Route<infer P, infer _Q, infer _B, infer _R> ? Value<P> : never;
export type QueryOf<R> = R extends Route<infer _P, infer Q, infer _B, infer _R> ? Value<Q> : never;
export type BodyOf<R> =
  R extends Route<infer _P, infer _Q, infer B, infer _R> ? (B extends Raw ? Raw : Value<B>) : never;
export type ReplyOf<R> =
  R extends Route<infer _P, infer _Q, infer _B, infer Y> ? (Y extends Raw ? Raw : Value<Y>) : never;

/** Prefix of every route. */
export const API_PREFIX = "/api";
