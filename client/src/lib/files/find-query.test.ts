import { describe, expect, it } from "vitest";
import { queryOf } from "./find-query.ts";

const NOW = 1_790_000_000_000;
const DAY = 86_400_000;

describe("what is looked for", () => {
  it("is nothing without words and filters", () => {
    expect(queryOf({ text: "  " }, NOW)).toBeUndefined();
    expect(queryOf({ text: " ice " }, NOW)).toEqual({ text: "ice" });
    expect(queryOf({ text: "", kind: "image" }, NOW)).toEqual({ text: "", kind: "image" });
  });

  it("is of a time counted back from now, and of sizes that leave no gap", () => {
    expect(queryOf({ text: "", age: "week" }, NOW)).toEqual({ text: "", modifiedFromMs: NOW - 7 * DAY });
    expect(queryOf({ text: "", age: "older" }, NOW)).toEqual({ text: "", modifiedUntilMs: NOW - 365 * DAY });
    const sizes = (["small", "medium", "large", "huge"] as const).map((size) => queryOf({ text: "", size }, NOW));
    for (const [index, { minBytes }] of sizes
      .slice(1)
      .map((query) => query!)
      .entries()) {
      expect(minBytes).toBe(sizes[index]!.maxBytes! + 1);
    }
    expect(sizes.at(-1)!.maxBytes).toBeUndefined();
  });
});
