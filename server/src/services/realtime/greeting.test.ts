import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Connections, type LiveSocket, Tickets } from "../../realtime/index.ts";
import { greet } from "./greeting.ts";

class FakeSocket implements LiveSocket {
  readonly bufferedAmount = 0;
  readonly sent: string[] = [];
  ended: "terminated" | number | undefined;

  send(text: string): void {
    this.sent.push(text);
  }

  close(code: number): void {
    this.ended = code;
  }

  terminate(): void {
    this.ended = "terminated";
  }
}

function ports() {
  return {
    tickets: new Tickets(),
    connections: new Connections(),
    waiting: new Set<LiveSocket>(),
    isSessionLive: async () => true,
    report: () => undefined,
  };
}

describe("a stranger's socket", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("that says nothing for ten seconds is cut", () => {
    const socket = new FakeSocket();
    greet(socket, ports());
    vi.advanceTimersByTime(9_999);
    expect(socket.ended).toBeUndefined();
    vi.advanceTimersByTime(1);
    expect(socket.ended).toBe("terminated");
  });

  it("that said hello may then be silent", async () => {
    const given = ports();
    const { ticket } = given.tickets.issue({ sessionId: "s", userId: "u" });
    const socket = new FakeSocket();
    const greeting = greet(socket, given);
    greeting.message(JSON.stringify({ type: "hello", ticket }));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(socket).toMatchObject({ ended: undefined, sent: ['{"type":"ready"}'] });
    greeting.closed();
    expect(given.connections.size).toBe(0);
  });

  it("is cut at once when too many others wait", () => {
    const given = ports();
    const sockets = Array.from({ length: 257 }, () => new FakeSocket());
    const greetings = sockets.map((socket) => greet(socket, given));
    expect(sockets.map(({ ended }) => ended).filter((ended) => ended === "terminated")).toHaveLength(1);
    greetings[0]?.closed();
    const next = new FakeSocket();
    greet(next, given);
    expect(next.ended).toBeUndefined();
  });

  it("whose session cannot be looked up is cut, and the failure reported", async () => {
    const failures: unknown[] = [];
    const given = {
      ...ports(),
      isSessionLive: () => Promise.reject(new Error("no database")),
      report: (error: unknown) => failures.push(error),
    };
    const { ticket } = given.tickets.issue({ sessionId: "s", userId: "u" });
    const socket = new FakeSocket();
    greet(socket, given).message(JSON.stringify({ type: "hello", ticket }));
    await vi.advanceTimersByTimeAsync(1);
    expect(socket.ended).toBe("terminated");
    expect(failures).toHaveLength(1);
  });
});
