import { ROUTES } from "@excalibur/core/protocol";
import Type, { type TSchema } from "typebox";
import { describe, expect, it } from "vitest";
import { declaredBy } from "./declared.ts";

describe("what a reply may hold", () => {
  const row = Type.Object({
    name: Type.String(),
    size: Type.Union([Type.Integer(), Type.Null()]),
    note: Type.Optional(Type.String()),
  });
  const keep = declaredBy(
    Type.Object({ rows: Type.Array(row), ids: Type.Array(Type.String()), run: Type.Tuple([Type.Integer()]) }),
  );

  it("is what is declared, at every depth, and nothing else", () => {
    const secret = "opaque_record";
    const rows = [
      { name: "a", size: null, secret },
      { name: "b", size: 1, note: "c", secret },
    ];
    expect(keep({ rows, ids: ["x"], run: [7], secret })).toEqual({
      rows: [
        { name: "a", size: null },
        { name: "b", size: 1, note: "c" },
      ],
      ids: ["x"],
      run: [7],
    });
  });

  // Objects inside a union would pass as they are: no reply may have one.
  function unions(schema: unknown): unknown[] {
    if (typeof schema !== "object" || schema === null) return [];
    const own =
      "anyOf" in schema
        ? (schema.anyOf as { type?: string }[]).filter(({ type }) => type === "object" || type === "array")
        : [];
    return [...own, ...Object.values(schema).flatMap(unions)];
  }

  it.each(
    ROUTES.filter(({ reply }) => typeof reply === "object").map(({ id, reply }) => [id, reply as TSchema] as const),
  )("is fully declared for %s", (_id, reply) => {
    expect(unions(reply)).toEqual([]);
  });
});
