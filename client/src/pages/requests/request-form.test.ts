import { describe, expect, it } from "vitest";
import type { RequestItem } from "../../lib/session/index.ts";
import { formOf, NotNumberError, wishOf } from "./request-form.ts";

const DAY_MS = 86_400_000;
const NOW = { nowMs: 1_000, expiresMs: null };
const REQUEST: RequestItem = {
  ...{ id: "r", url: "", title: "Wedding", text: "Please", owner: "Alice", types: ["jpg", "png"] },
  ...{ maxBytes: 1_500_000_000, maxItems: 12, maxFileBytes: 20_000_000, expiresMs: 5_000, status: "open" },
  ...{ usedBytes: 0, usedItems: 0, waiting: 0, createdMs: 0, failure: undefined },
};

describe("what is typed about an upload request", () => {
  it("becomes sizes in bytes, with a point or a comma, endings in any list, and a time from now", () => {
    const form = { ...formOf(undefined, "alice"), title: " Wedding ", maxBytes: "1,5", maxFileBytes: "0.25" };
    expect(wishOf({ ...form, types: "jpg; .png,gif", expiry: "week" }, NOW)).toEqual({
      ...{ title: "Wedding", text: "", owner: "alice", types: ["jpg", ".png", "gif"] },
      ...{ maxBytes: 1_500_000_000, maxFileBytes: 250_000_000, maxItems: 1000, expiresMs: 1_000 + 7 * DAY_MS },
    });
  });

  it("is what the request says, and saved without a change it stays that", () => {
    const { title, text, owner, types, maxBytes, maxItems, maxFileBytes, expiresMs } = REQUEST;
    const wish = wishOf(formOf(REQUEST, "somebody else"), { nowMs: 9_000, expiresMs });
    expect(wish).toEqual({ title, text, owner, types, maxBytes, maxItems, maxFileBytes, expiresMs });
  });

  it("shows no limit of one file where all of it is the limit", () => {
    expect(formOf({ ...REQUEST, maxFileBytes: REQUEST.maxBytes * 0.9 }, "").maxFileBytes).toBe("");
  });

  it.each(["", "none", "0", "-1", "Infinity"])("is refused where it is no size: %j", (maxBytes) => {
    expect(() => wishOf({ ...formOf(REQUEST, ""), maxBytes }, NOW)).toThrow(NotNumberError);
  });
});
