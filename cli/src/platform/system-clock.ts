import { setTimeout as delay } from "node:timers/promises";
import type { ClockPort } from "@excalibur/sdk/ports";

export const systemClock: ClockPort = {
  nowMs: () => Date.now(),

  async wait(ms, signal) {
    try {
      await delay(ms, undefined, signal === undefined ? {} : { signal });
    } catch (cause) {
      signal?.throwIfAborted();
      throw cause;
    }
  },
};
