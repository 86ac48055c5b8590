/** The contract's schemas as JSON Schema 2020-12, which OpenAPI 3.1 speaks; those that the contract exports are named and referred to. */

import * as protocol from "@excalibur/core/protocol";

export type JsonSchema = Readonly<Record<string, unknown>>;

const REFERENCE = "#/components/schemas/";

/** Of what the contract exports: neither a route nor a list of something. */
function isSchema(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return ("type" in value && typeof value.type === "string") || "anyOf" in value;
}

/** By identity: the same value used by two routes is one schema with one name. */
const NAMES: ReadonlyMap<object, string> = new Map(
  (Object.entries(protocol) as [string, unknown][]).flatMap(([name, value]) =>
    isSchema(value) ? [[value, name]] : [],
  ),
);

function converted(schema: object): JsonSchema {
  const { items, additionalItems: _draft7, ...rest } = schema as Record<string, unknown>;
  const entries = Object.entries(rest).map(([key, value]) => [key, deep(key, value)]);
  const plain = Object.fromEntries(entries) as Record<string, unknown>;
  // A tuple: each place has a schema of its own, and there are no more places.
  if (Array.isArray(items)) return { ...plain, prefixItems: items.map(schemaOf), items: false, maxItems: items.length };
  return items === undefined ? plain : { ...plain, items: schemaOf(items as object) };
}

function deep(key: string, value: unknown): unknown {
  if (key === "properties") {
    const properties = Object.entries(value as Record<string, object>);
    return Object.fromEntries(properties.map(([name, schema]) => [name, schemaOf(schema)]));
  }
  return key === "anyOf" ? (value as object[]).map(schemaOf) : value;
}

/** A reference if the contract gives it a name, else the schema itself. */
export function schemaOf(schema: object): JsonSchema {
  const name = NAMES.get(schema);
  return name === undefined ? converted(schema) : { $ref: REFERENCE + name };
}

/** Every schema that has a name. */
export function namedSchemas(): Record<string, JsonSchema> {
  const named = [...NAMES].sort(([, a], [, b]) => (a < b ? -1 : 1));
  return Object.fromEntries(named.map(([schema, name]) => [name, converted(schema)]));
}
