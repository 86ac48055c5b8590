import fc from "fast-check";
import type { JsonSchema } from "./contract.ts";

const BASE64URL = fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
/** Texts are cut here: what is near a limit of megabytes has tests of its own. */
const LONG_TEXT = 3_000;

/** Values that a schema takes. */
export function fitting(schema: JsonSchema): fc.Arbitrary<unknown> {
  const { type, properties = {}, required = [], items, prefixItems } = schema;
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(fitting));
  switch (type) {
    case "null":
      return fc.constant(null);
    case "boolean":
      return fc.boolean();
    case "integer":
      return integers(schema);
    case "string":
      return texts(schema);
    case "array": {
      const { minItems = 0, maxItems = 8 } = schema;
      if (prefixItems !== undefined) return fc.tuple(...prefixItems.map(fitting));
      return fc.array(fitting(items || {}), { minLength: minItems, maxLength: Math.min(maxItems, minItems + 8) });
    }
    case "object": {
      const fields = Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, fitting(inner)]));
      return fc.record(fields, { requiredKeys: [...required] });
    }
    default:
      throw new TypeError(`The document uses a type that is not drawn: ${type}.`);
  }
}

function integers({ minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: JsonSchema): fc.Arbitrary<number> {
  const near = [minimum, minimum + 1, maximum, maximum - 1].filter((value) => value >= minimum && value <= maximum);
  return fc.oneof(fc.constantFrom(...near), fc.integer({ min: minimum, max: Math.min(maximum, minimum + 1_000) }));
}

function texts({ pattern, minLength = 0, maxLength = 40 }: JsonSchema): fc.Arbitrary<string> {
  if (pattern !== undefined && !pattern.endsWith("*$")) return fc.stringMatching(new RegExp(pattern));
  const most = Math.min(maxLength, Math.max(minLength, LONG_TEXT));
  const unit = pattern === undefined ? fc.constantFrom(..."abc xyz.:/é") : BASE64URL;
  return fc.string({ unit, minLength, maxLength: most });
}

/** What somebody might put where something else belongs. */
export const HOSTILE_TEXTS = [
  ...["", " ", "0", "-1", "1e9", "NaN", "null", "true", "undefined", "[object Object]", "__proto__", "constructor"],
  ...["' or 1=1 --", "'; drop table accounts; --", '" or ""="', "\\", "%", "%00", "\u0000", "\u202e", "\ud800", "é"],
  ...["../../secrets.json", "/etc/passwd", "..", ".", "a/b", "A".repeat(22), "A".repeat(43), "A".repeat(5_000)],
  ...["<script>alert(1)</script>", `\${7*7}`, "{{7*7}}", "$(id)", "\r\nset-cookie: a=b", "bytes=0-", "bytes=-1"],
] as const;

const ODD_NUMBERS = [0, -0, -1, 0.5, 1e308, 2 ** 31, 2 ** 32, 2 ** 48, 2 ** 53, -(2 ** 53), Number.MAX_SAFE_INTEGER];

/** Values of any kind, for places where another kind belongs. */
export const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...HOSTILE_TEXTS, ...ODD_NUMBERS, null, true, false, [], {}, [[]], { length: 5 }),
  fc.jsonValue({ maxDepth: 3 }),
  fc.constant({ toString: "x", valueOf: 1, toJSON: {} }),
  fc.integer({ min: 1, max: 40 }).map((depth) => nested(depth)),
);

function nested(depth: number): unknown {
  return depth === 0 ? 1 : [nested(depth - 1)];
}
