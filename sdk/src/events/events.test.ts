import { describe, expect, it } from "vitest";
import type { ClockPort } from "../ports/index.ts";
import { FakeSockets, MemoryLogger } from "../testing/index.ts";
import { type EventsApi, type RemoteEvent, RemoteEvents } from "./index.ts";

const TICKET = "A".repeat(43);
const VOLUME = "AAECAwQFBgcICQoLDA0ODw";

/** Waits end when the test says so. */
class ManualClock implements ClockPort {
  readonly waits: { ms: number; done: () => void }[] = [];
  #nowMs = 1_000_000;

  nowMs(): number {
    return this.#nowMs;
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        this.#nowMs += ms;
        resolve();
      };
      this.waits.push({ ms, done });
      signal?.addEventListener("abort", () => reject(signal.reason));
    });
  }

  /** Ends the newest wait shorter than ten minutes, which is the pause before the next connection. */
  endPause(): number {
    const at = this.waits.findLastIndex(({ ms }) => ms < 600_000);
    const [wait] = this.waits.splice(at, 1);
    wait!.done();
    return wait!.ms;
  }
}

function setup(tickets: (string | undefined | Error)[] = []) {
  const sockets = new FakeSockets();
  const clock = new ManualClock();
  const logger = new MemoryLogger();
  const api: EventsApi = {
    socketUrl: "wss://files.example/api/realtime",
    async ticket() {
      const ticket = tickets.length > 0 ? tickets.shift() : TICKET;
      if (ticket instanceof Error) throw ticket;
      return ticket;
    },
  };
  const events = new RemoteEvents({ api, socket: sockets, clock, logger, randomFraction: () => 0 });
  const seen: RemoteEvent[] = [];
  return { sockets, clock, logger, events, seen };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

describe("events", () => {
  it("say hello with a ticket that is not in the address, and pass on what is announced", async () => {
    const { sockets, events, seen } = setup();
    const connecting = sockets.next();
    events.subscribe((event) => seen.push(event));
    const connection = await connecting;
    expect(connection.url).not.toContain(TICKET);
    connection.open();
    expect(connection.sent.map((text) => JSON.parse(text) as unknown)).toEqual([{ type: "hello", ticket: TICKET }]);
    connection.message({ type: "commit", volumeId: VOLUME, sequence: 1 });
    expect(seen).toEqual([]);
    connection.message({ type: "ready" });
    connection.message({ type: "commit", volumeId: VOLUME, sequence: 7 });
    connection.message({ type: "keyring", version: 3, more: true });
    for (const nonsense of ["{", "[]", { type: "wipe" }, { type: "commit", volumeId: "../", sequence: 1 }])
      connection.message(nonsense);
    expect(seen).toEqual([
      { type: "resync" },
      { type: "commit", volumeId: VOLUME, sequence: 7 },
      expect.objectContaining({ type: "keyring", version: 3 }),
    ]);
    events.close();
  });

  it("come back after a loss, later and later, and then everybody catches up", async () => {
    const { sockets, clock, events, seen } = setup([TICKET, new Error("offline"), new Error("offline"), TICKET]);
    const first = sockets.next();
    events.subscribe((event) => seen.push(event));
    const connection = await first;
    connection.open();
    connection.message({ type: "ready" });
    connection.close();
    await settled();
    const pauses = [clock.endPause()];
    await settled();
    pauses.push(clock.endPause());
    await settled();
    const second = sockets.next();
    pauses.push(clock.endPause());
    (await second).message({ type: "ready" });
    expect(pauses).toEqual([500, 1_000, 2_000]);
    expect(seen.map(({ type }) => type)).toEqual(["resync", "offline", "offline", "offline", "resync"]);
    events.close();
  });

  it("do not wait any longer when the platform says that there is a network again", async () => {
    const { sockets, clock, events, seen } = setup([new Error("offline"), TICKET]);
    events.subscribe((event) => seen.push(event));
    await settled();
    const connecting = sockets.next();
    events.wake();
    (await connecting).message({ type: "ready" });
    expect(clock.nowMs()).toBe(1_000_000);
    expect(seen.map(({ type }) => type)).toEqual(["offline", "resync"]);
    events.wake();
    events.close();
  });

  it("make a new connection when one was silent for too long", async () => {
    const { sockets, clock, events } = setup();
    const connecting = sockets.next();
    events.subscribe(() => undefined);
    const connection = await connecting;
    connection.message({ type: "ready" });
    expect(clock.waits[0]!.ms).toBe(600_000);
    clock.waits.shift()!.done();
    await settled();
    expect(connection.closedByClient).toBe(true);
    events.close();
  });

  it("end with the session, whether the socket says so or the ticket is refused", async () => {
    const { sockets, events, seen } = setup();
    const connecting = sockets.next();
    events.subscribe((event) => seen.push(event));
    const connection = await connecting;
    connection.message({ type: "ready" });
    connection.message({ type: "session-ended" });
    await settled();
    expect(seen.at(-1)).toEqual({ type: "session-ended" });
    expect(sockets.connections).toHaveLength(1);

    const refused = setup([undefined]);
    refused.events.subscribe((event) => refused.seen.push(event));
    await settled();
    expect(refused.seen).toEqual([{ type: "session-ended" }]);
  });

  it("stop when nobody listens any more, and survive a listener that fails", async () => {
    const { sockets, events, seen } = setup();
    const connecting = sockets.next();
    const stopFirst = events.subscribe(() => {
      throw new Error("a defect");
    });
    const stopSecond = events.subscribe((event) => seen.push(event));
    const connection = await connecting;
    connection.message({ type: "ready" });
    expect(seen).toEqual([{ type: "resync" }]);
    stopFirst();
    expect(connection.closedByClient).toBe(false);
    stopSecond();
    expect(connection.closedByClient).toBe(true);
  });
});
