import type { Device, World, WorldOptions } from "../../src/index.ts";

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** The time of a story: of the server and of those devices that carry a watch set by it. */
export class TimeTravel {
  #passedMs = 0;
  /** How wrong the server's clock is. */
  serverErrorMs = 0;

  /** For `World.start`. */
  get world(): WorldOptions {
    return { server: { clock: () => this.nowMs() + this.serverErrorMs } };
  }

  nowMs(): number {
    return Date.now() + this.#passedMs;
  }

  pass(ms: number): void {
    this.#passedMs += ms;
  }

  /** Until a minute after the next full stretch of that length. */
  passToStretch(lengthMs: number): void {
    this.pass(lengthMs - (this.nowMs() % lengthMs) + MINUTE_MS);
  }

  /** From now on the device's clock is this one, wrong by so much. */
  set(device: Device, errorMs = 0): void {
    Object.assign(device.ports.clock, { nowMs: () => this.nowMs() + errorMs });
  }
}

/** What the server does by itself every few hours. */
export async function tidyServer(world: World): Promise<void> {
  const { jobs } = world.server.context;
  // Takes, or keeps, the right to do it.
  await jobs.look();
  await jobs.idle();
  const { signal } = new AbortController();
  const { outcome } = await jobs.runTask("gc", { dryRun: false, repair: false, signal, tell: () => undefined });
  if (outcome !== "done") throw new Error(`The server's jobs ended as ${outcome}.`);
}
