import { describe, expect, it } from "vitest";
import { IdleWatch } from "./idle-watch.ts";

const MINUTE_MS = 60_000;

function watched({ touchedMs, isBusy = false }: { touchedMs?: number; isBusy?: boolean } = {}) {
  const time = { nowMs: 10 * MINUTE_MS, touchedMs, isBusy, locked: 0 };
  const watch = new IdleWatch({
    limitMs: MINUTE_MS,
    memory: {
      readMs: () => time.touchedMs,
      writeMs: (atMs) => {
        time.touchedMs = atMs;
      },
    },
    nowMs: () => time.nowMs,
    isBusy: () => time.isBusy,
    onIdle: () => {
      time.locked += 1;
    },
  });
  return { time, watch };
}

describe("a drive that locks itself after a minute", () => {
  it("stays open while somebody is there, and locks once a minute after the last touch", () => {
    const { time, watch } = watched();
    watch.check();
    for (let step = 0; step < 10; step++) {
      time.nowMs += MINUTE_MS - 1;
      watch.touch();
    }
    expect(time.locked).toBe(0);
    time.nowMs += MINUTE_MS;
    watch.check();
    watch.check();
    expect(time.locked).toBe(1);
  });

  it("is locked in the morning before the first touch of the morning counts", () => {
    const { time, watch } = watched({ touchedMs: 10 * MINUTE_MS });
    time.nowMs += 8 * 60 * MINUTE_MS;
    watch.touch();
    expect(time.locked).toBe(1);
    expect(time.touchedMs).toBe(10 * MINUTE_MS);
  });

  it("stays open while another window is used", () => {
    const { time, watch } = watched({ touchedMs: 10 * MINUTE_MS });
    time.nowMs += 5 * MINUTE_MS;
    time.touchedMs = time.nowMs - 1;
    watch.check();
    expect(time.locked).toBe(0);
  });

  it("waits for files that are on their way, and then the whole minute", () => {
    const { time, watch } = watched({ touchedMs: 9 * MINUTE_MS, isBusy: true });
    watch.check();
    expect(time.locked).toBe(0);
    time.isBusy = false;
    time.nowMs += MINUTE_MS - 1;
    watch.check();
    expect(time.locked).toBe(0);
    time.nowMs += 1;
    watch.check();
    expect(time.locked).toBe(1);
  });

  it("writes a touch down once a second at most, and is not moved by a clock that was set back", () => {
    const { time, watch } = watched({ touchedMs: 10 * MINUTE_MS });
    time.nowMs += 500;
    watch.touch();
    expect(time.touchedMs).toBe(10 * MINUTE_MS);
    time.nowMs -= 5 * MINUTE_MS;
    watch.touch();
    expect(time.touchedMs).toBe(time.nowMs);
    expect(time.locked).toBe(0);
  });
});
