import { QUERY_PATTERN } from "@excalibur/core/protocol";
import type { TSchema } from "typebox";
import { Compile, type Validator } from "typebox/schema";
import { Refusal } from "../refusal.ts";

/** Which part of a request a check looks at; stands in the problem's `reason` with the path, never with the value. */
type Part = "body" | "query" | "params";

type ObjectSchema = { readonly properties?: Record<string, { readonly type?: string }> };

/** Every object closed: what is not in the contract is refused, so that a mistyped condition is never ignored. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return copy["type"] === "object" ? { ...copy, additionalProperties: false } : copy;
}

/** A check of one part of a route's requests; compiled when it is first needed, which keeps the start quick. */
export function createCheck(schema: TSchema, part: Part): (value: unknown) => void {
  let validator: Validator | undefined;
  return (value) => {
    validator ??= Compile(closed(schema) as TSchema);
    if (validator.Check(value)) return;
    const [, errors] = validator.Errors(value);
    const path = errors[0]?.instancePath ?? "";
    // Property names come from the client too: only what looks like one of ours is told back.
    throw new Refusal("bad_request", { reason: `${part}${/^[A-Za-z0-9/]{0,64}$/.test(path) ? path : ""}` });
  };
}

const INTEGER = /^(0|[1-9]\d{0,15})$/;

/** Text from an address as the schema's types. What is no number stays text, and the check refuses it. */
function typed(schema: TSchema, name: string, text: string): string | number {
  const isInteger = (schema as ObjectSchema).properties?.[name]?.type === "integer";
  return isInteger && INTEGER.test(text) ? Number(text) : text;
}

export function typedParams(schema: TSchema, params: Record<string, string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(params).map(([name, text]) => [name, typed(schema, name, text)]));
}

/** @throws Refusal bad_request for characters that somebody in between may re-encode, and for a name given twice */
export function parseQuery(schema: TSchema | undefined, query: string): Record<string, unknown> {
  if (!QUERY_PATTERN.test(query)) throw new Refusal("bad_request", { reason: "query" });
  const values: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const pair of query === "" ? [] : query.split("&")) {
    const equals = pair.indexOf("=");
    const name = equals === -1 ? pair : pair.slice(0, equals);
    if (!schema || equals === -1 || name in values) throw new Refusal("bad_request", { reason: "query" });
    values[name] = typed(schema, name, pair.slice(equals + 1));
  }
  return { ...values };
}
