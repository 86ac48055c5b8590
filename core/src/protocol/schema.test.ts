import fc from "fast-check";
import TypeBox, { type TSchema } from "typebox";
import { Check } from "typebox/schema";
import { describe, expect, it } from "vitest";
import { ClientMessage, matches, Problem, ROUTES, ServerMessage } from "./index.ts";
import { Type } from "./schema.ts";

type Words = Pick<typeof TypeBox, keyof typeof Type>;

/** The same schema in either's words. */
function everything(words: Words) {
  const branded = words.Unsafe<string>(words.String({ pattern: "^[a-z]+$", minLength: 2, maxLength: 3 }));
  return words.Object({
    nothing: words.Null(),
    yes: words.Boolean(),
    count: words.Integer({ minimum: 0, maximum: 10 }),
    branded,
    maybe: words.Optional(branded),
    list: words.Array(words.Object({ only: words.Optional(words.Integer()) }), { minItems: 1, maxItems: 2 }),
    pair: words.Tuple([words.Integer(), words.String()]),
    either: words.Union([words.Literal("a"), words.Literal(3), words.Literal(true)]),
  });
}

const plain = (schema: unknown): unknown => JSON.parse(JSON.stringify(schema));
const contract: TSchema[] = [
  ...ROUTES.flatMap(({ params, query, body, reply }) => [params, query, body, reply]),
  Problem,
  ClientMessage,
  ServerMessage,
  everything(Type),
].filter((schema): schema is TSchema => typeof schema === "object");

describe("the words of the contract", () => {
  it("make the schemas that TypeBox makes", () => {
    expect(plain(everything(Type))).toEqual(plain(everything(TypeBox)));
    expect(plain(Type.Object({}))).toEqual(plain(TypeBox.Object({})));
  });

  it("are all of them understood by the check", () => {
    const known =
      /^(type|const|anyOf|properties|required|items|minItems|maxItems|pattern|minLength|maxLength|minimum|maximum|additionalItems)$/;
    const walk = (shape: Record<string, unknown>): void => {
      for (const [keyword, inner] of Object.entries(shape)) {
        expect(keyword).toMatch(known);
        if (keyword === "properties") Object.values(inner as object).forEach(walk);
        else if (keyword === "anyOf" || (keyword === "items" && Array.isArray(inner))) (inner as []).forEach(walk);
        else if (keyword === "items") walk(inner as Record<string, unknown>);
      }
    };
    for (const schema of contract) walk(plain(schema) as Record<string, unknown>);
  });
});

interface Shape {
  readonly type?: string;
  readonly const?: unknown;
  readonly anyOf?: readonly Shape[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape | readonly Shape[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

const oddities = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    "",
    "a",
    "\u{1F600}",
    "\u{1F600}\u{1F600}\u{1F600}\u{1F600}",
    0,
    -1,
    1.5,
    2 ** 60,
  ),
  fc.constantFrom<unknown>([], [1], [1, "x"], [1, "x", 2], {}, { length: 1 }, { only: 1 }),
  fc.string(),
);

/** Values near the schema: right ones, and ones with something odd in any place. */
function near(shape: Shape): fc.Arbitrary<unknown> {
  const right = (): fc.Arbitrary<unknown> => {
    if (shape.anyOf) return fc.oneof(...shape.anyOf.map(near));
    if (shape.const !== undefined) return fc.constant(shape.const);
    if (shape.type === "string") {
      return shape.pattern ? fc.oneof(fc.stringMatching(new RegExp(shape.pattern, "u")), fc.string()) : fc.string();
    }
    if (shape.type === "integer") {
      const { minimum = -5, maximum = 5 } = shape;
      return fc.oneof(fc.constantFrom(minimum - 1, minimum, maximum, maximum + 1), fc.integer(), fc.double());
    }
    if (shape.type === "array" && Array.isArray(shape.items)) return fc.tuple(...shape.items.map(near));
    if (shape.type === "array") return fc.array(near(shape.items as Shape), { maxLength: 4 });
    if (shape.type === "object") {
      const fields = Object.entries(shape.properties ?? {}).map(([name, inner]) => [name, near(inner)]);
      return fc.oneof(
        { weight: 3, arbitrary: fc.record(Object.fromEntries(fields)) },
        fc.record(Object.fromEntries(fields), { requiredKeys: [] }),
      );
    }
    return oddities;
  };
  return fc.oneof({ weight: 12, arbitrary: right() }, oddities);
}

describe("the check", () => {
  it("says what TypeBox says, of every schema of the contract", () => {
    for (const [index, schema] of contract.entries()) {
      const values = near(plain(schema) as Shape);
      fc.assert(
        fc.property(values, (value) => {
          const expected = Check(schema, value);
          expect(matches(schema, value), `schema ${index}`).toBe(expected);
        }),
        { numRuns: 60 },
      );
    }
  });

  it.each([
    { value: { a: 1, b: 2 }, fits: true },
    { value: { a: 1, __proto__: { b: 2 } }, fits: false },
    { value: [1, 2], fits: false },
    { value: null, fits: false },
  ])("looks only at what a value holds itself: $value", ({ value, fits }) => {
    expect(matches(Type.Object({ a: Type.Integer(), b: Type.Integer() }), value)).toBe(fits);
  });

  it("refuses a schema it does not understand instead of passing everything", () => {
    expect(() => matches({ type: "date" } as TSchema, "x")).toThrow(TypeError);
  });
});
