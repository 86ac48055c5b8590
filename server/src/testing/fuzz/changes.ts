/** What is done to a request that would be good. */

import { concatBytes } from "@excalibur/core/bytes";
import { HEADER } from "@excalibur/core/protocol";
import fc from "fast-check";
import type { PreparedCall, SampleCall } from "../access/index.ts";
import { anything, HOSTILE_TEXTS } from "./values.ts";

/** Before the request is signed, so that the signature fits; or afterwards, so that it does not. */
export interface Change {
  readonly name: string;
  readonly call?: (call: SampleCall) => SampleCall;
  readonly prepared?: (request: PreparedCall) => PreparedCall;
}

const hostileText = fc.constantFrom(...HOSTILE_TEXTS);
/** What may stand in a header. */
const headerText = fc.oneof(
  hostileText.map((text) => text.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 500)),
  fc.constantFrom(
    "exc=::",
    "exc=();",
    'exc=("@method");created=1',
    ":AAAA:",
    "sha-256=:AAAA:",
    "sha-512=:AAAA:",
    "a,b",
  ),
);
const HEADERS = [
  ...Object.values(HEADER),
  "content-type",
  "range",
  "content-encoding",
  "if-match",
  "expect-ct",
] as const;

function paths(value: unknown, at: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([name, inner]) => paths(inner, [...at, name]))];
}

function replaced(value: unknown, at: readonly string[], make: (old: unknown) => unknown): unknown {
  const [name, ...rest] = at;
  if (name === undefined) return make(value);
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>;
  const changed = replaced(copy[name], rest, make);
  if (changed === undefined && !Array.isArray(value)) delete copy[name];
  else copy[name] = changed;
  return copy;
}

function changeJson(name: string, place: number, make: (old: unknown) => unknown): Change {
  return {
    name,
    call: (call) => {
      if (call.json === undefined) return call;
      const places = paths(call.json);
      return { ...call, json: replaced(call.json, places[place % places.length] as readonly string[], make) };
    },
  };
}

function changeBytes(bytes: Uint8Array, { kind, at, more }: Spoiling): Uint8Array {
  const place = bytes.length === 0 ? 0 : at % bytes.length;
  if (kind === "flip") return bytes.map((byte, index) => (index === place ? byte ^ (1 << (at % 8)) : byte));
  if (kind === "cut") return bytes.slice(0, place);
  if (kind === "behead") return bytes.slice(place);
  if (kind === "append") return concatBytes(bytes, more);
  if (kind === "splice") return concatBytes(bytes.subarray(0, place), more, bytes.subarray(place));
  return more;
}

interface Spoiling {
  readonly kind: "flip" | "cut" | "behead" | "append" | "splice" | "replace";
  readonly at: number;
  readonly more: Uint8Array;
}

const spoilings: fc.Arbitrary<Spoiling> = fc.record({
  kind: fc.constantFrom("flip", "cut", "behead", "append", "splice", "replace"),
  at: fc.oneof(fc.nat(200), fc.nat()),
  more: fc.uint8Array({ maxLength: 300 }),
});

function spoilText(old: unknown, spoiling: Spoiling): unknown {
  if (typeof old !== "string") return old;
  return Buffer.from(changeBytes(Buffer.from(old, "base64url"), spoiling)).toString("base64url");
}

const drawn: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(fc.nat(), anything).map(([place, value]) => changeJson("a member is something else", place, () => value)),
  fc.nat().map((place) => changeJson("a member is missing", place, () => undefined)),
  fc
    .tuple(fc.nat(), spoilings)
    .map(([place, spoiling]) => changeJson("bytes of a member are spoilt", place, (old) => spoilText(old, spoiling))),
  fc
    .tuple(fc.nat(), hostileText, anything)
    .map(([place, name, value]) =>
      changeJson("a member too many", place, (old) =>
        typeof old === "object" && old !== null && !Array.isArray(old) ? { ...old, [name]: value } : old,
      ),
    ),
  spoilings.map((spoiling) => ({
    name: "bytes of the body are spoilt",
    call: (call: SampleCall) => (call.raw === undefined ? call : { ...call, raw: changeBytes(call.raw, spoiling) }),
  })),
  spoilings.map((spoiling) => ({
    name: "the leaves are spoilt",
    call: (call: SampleCall) =>
      call.leaves === undefined ? call : { ...call, leaves: changeBytes(call.leaves, spoiling) },
  })),
  fc.tuple(fc.nat(), fc.oneof(hostileText, fc.string())).map(([place, text]) => ({
    name: "a parameter is something else",
    call: (call: SampleCall) => {
      const names = Object.keys(call.params ?? {});
      const name = names[place % names.length];
      return name === undefined
        ? call
        : { ...call, params: { ...call.params, [name]: encodeURI(text.toWellFormed()) } };
    },
  })),
  fc.oneof(hostileText, fc.webQueryParameters()).map((text) => ({
    name: "the query is something else",
    call: (call: SampleCall) => ({ ...call, query: encodeURI(text.toWellFormed()).replaceAll("#", "") }),
  })),
  fc.tuple(hostileText, headerText).map(([name, text]) => ({
    name: "a query parameter too many",
    call: (call: SampleCall) => ({
      ...call,
      query: [call.query, encodeURI(`${name}=${text}`.toWellFormed()).replaceAll("#", "")].filter(Boolean).join("&"),
    }),
  })),
  headerText.map((idempotencyKey) => ({
    name: "another idempotency key",
    call: (call: SampleCall) => ({ ...call, idempotencyKey }),
  })),
  fc.tuple(fc.constantFrom(...HEADERS), headerText).map(([header, text]) => ({
    name: `the header ${header} is something else`,
    prepared: ({ url, init }: PreparedCall) => ({
      url,
      init: { ...init, headers: { ...init.headers, [header]: text } },
    }),
  })),
  fc.constantFrom(...HEADERS).map((header) => ({
    name: `the header ${header} is missing`,
    prepared: ({ url, init }: PreparedCall) => {
      const { [header]: _gone, ...headers } = init.headers;
      return { url, init: { ...init, headers } };
    },
  })),
);

/** In a counterexample only its name is of use. */
export const changes: fc.Arbitrary<Change> = drawn.map((change) => ({
  ...change,
  [fc.toStringMethod]: () => change.name,
}));
