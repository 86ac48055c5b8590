/**
 * The words in which the contract is written: a few of TypeBox's, with its types and exactly its JSON Schemas, but without
 * loading it. TypeBox is five hundred modules, which a command line would load at every start and a page before sign-in.
 */

import type TypeBox from "typebox";
import type { TSchema } from "typebox";

type Words = Pick<
  typeof TypeBox,
  "Array" | "Boolean" | "Integer" | "Literal" | "Null" | "Object" | "Optional" | "String" | "Tuple" | "Union" | "Unsafe"
>;

const optional = new WeakSet<object>();

const words = {
  Null: () => ({ type: "null" }),
  Boolean: () => ({ type: "boolean" }),
  Integer: (options?: object) => ({ type: "integer", ...options }),
  String: (options?: object) => ({ type: "string", ...options }),
  Literal: (value: string | number | boolean) => ({ type: typeof value, const: value }),
  Array: (items: TSchema, options?: object) => ({ type: "array", items, ...options }),
  Tuple: (items: readonly TSchema[]) => ({ type: "array", additionalItems: false, items, minItems: items.length }),
  Union: (anyOf: readonly TSchema[]) => ({ anyOf }),
  Object: (properties: Readonly<Record<string, TSchema>>, options?: object) => {
    const required = Object.keys(properties).filter((name) => !optional.has(properties[name] as TSchema));
    return { type: "object", ...(required.length > 0 && { required }), properties, ...options };
  },
  Optional: (schema: TSchema) => {
    const copy = { ...schema };
    optional.add(copy);
    return copy;
  },
  /** Another type for the same values: a brand. */
  Unsafe: (schema: TSchema) => ({ ...schema }),
};

export const Type = words as unknown as Words;
