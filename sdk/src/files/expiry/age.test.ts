import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SignedMoment } from "../../volumes/index.ts";
import { agedBefore, LONGEST_STEP_MS } from "./age.ts";

const DAY = 86_400_000;
const YEAR = 365 * DAY;

/** A history whose commits were signed at these days, newest last. */
function historyOf(...days: readonly number[]) {
  async function* moments(): AsyncGenerator<SignedMoment> {
    for (const [sequence, day] of [...days.entries()].reverse()) {
      yield { sequence, hash: new Uint8Array(32), timeMs: day * DAY, writerId: undefined };
    }
  }
  return { moments };
}

const aged = async (days: readonly number[], deviceDay: number, serverDay = deviceDay) => {
  const clocks = { deviceMs: deviceDay * DAY, serverMs: serverDay * DAY };
  const beforeMs = await agedBefore(historyOf(...days), { clocks, ageMs: 30 * DAY });
  return beforeMs === undefined ? undefined : beforeMs / DAY;
};

describe("what is thirty days old", () => {
  it.each([
    ["everything up to thirty days ago, on a drive where somebody writes", [0, 5, 10, 15, 20, 25, 30, 35], 36, 5],
    ["nothing before its time", [0, 5, 10, 15, 20, 25], 29, undefined],
    ["a commit exactly thirty days ago", [0, 10, 20], 30, 0],
    ["nothing on a drive where nobody writes, however late it is", [0], 4_000, undefined],
    ["nothing after one jump of ten years", [0, 1, 2], 3_652, undefined],
    ["nothing after a jump that was written into the history", [0, 1, 2, 3_652, 3_653], 3_654, undefined],
    ["after a jump, what was there for twenty days more", [0, 1, 3_652, 3_660, 3_670], 3_674, 1],
    ["nothing while the clock is behind the history", [0, 3_652], 31, undefined],
  ])("is %s", async (_, days, now, expected) => {
    expect(await aged(days, now)).toBe(expected);
  });

  it.each([10 * 365, -10 * 365, 2, -2])("is nothing when the server's clock is %i days off", async (days) => {
    const drive = [0, 5, 10, 15, 20, 25, 30, 35];
    expect(await aged(drive, 36)).toBe(5);
    expect(await aged(drive, 36, 36 + days)).toBeUndefined();
    expect(await aged(drive, 36 + days, 36)).toBeUndefined();
  });

  it("was there for thirty days less ten for each jump, whatever both clocks did", async () => {
    const step = fc.record({
      passedMs: fc.integer({ min: 1, max: 9 * DAY }),
      jumpMs: fc.constantFrom(0, 0, 0, 10 * YEAR),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
        const days: number[] = [0];
        const real: number[] = [0];
        let [clock, passed, jumps] = [0, 0, 0];
        for (const { passedMs, jumpMs } of steps) {
          clock += passedMs + jumpMs;
          passed += passedMs;
          jumps += jumpMs > 0 ? 1 : 0;
          days.push(clock / DAY);
          real.push(passed);
        }
        const beforeDay = await aged(days, clock / DAY);
        if (beforeDay === undefined) return;
        const index = days.findLastIndex((day) => day <= beforeDay);
        expect(passed - real[index]!).toBeGreaterThanOrEqual(30 * DAY - jumps * LONGEST_STEP_MS - 1);
      }),
    );
  });
});
