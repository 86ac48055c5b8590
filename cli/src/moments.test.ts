import { describe, expect, it } from "vitest";
import { parseMoment } from "./moments.ts";

const NOW = Date.parse("2026-11-22T20:06:00Z");

describe("a moment as somebody types it", () => {
  it.each([
    ["30m", NOW - 30 * 60_000],
    ["2h", NOW - 2 * 3_600_000],
    ["3d", NOW - 3 * 86_400_000],
    ["1w", NOW - 7 * 86_400_000],
    ["2026-11-20T14:30Z", Date.UTC(2026, 10, 20, 14, 30)],
    ["2026-11-20T14:30:01.250Z", Date.UTC(2026, 10, 20, 14, 30, 1, 250)],
    ["2026-11-20 14:30+02:00", Date.UTC(2026, 10, 20, 12, 30)],
    ["2026-11-20 14:30", new Date(2026, 10, 20, 14, 30).getTime()],
    ["2026-11-20", new Date(2026, 10, 20).getTime()],
  ])("%s", (typed, timeMs) => {
    expect(parseMoment(typed, NOW)).toBe(timeMs);
  });

  it.each(["", "yesterday", "3", "3 d", "2026-13-01", "2026-02-31", "20.11.2026", "2026-11-20T25:00", "1e3d"])(
    "is not %j",
    (typed) => {
      expect(() => parseMoment(typed, NOW)).toThrow(/Write it as/);
    },
  );
});
