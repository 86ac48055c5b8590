import { describe, expect, it } from "vitest";
import { inProcessAnnouncer } from "./announcer.ts";
import { Connections, type LiveSocket } from "./connections.ts";
import { Tickets } from "./tickets.ts";

class FakeSocket implements LiveSocket {
  bufferedAmount = 0;
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

const alice = { sessionId: "session-a", userId: "alice" };

describe("tickets", () => {
  it("are good once", () => {
    const tickets = new Tickets();
    const { ticket } = tickets.issue(alice);
    expect(tickets.redeem(ticket)).toEqual(alice);
    expect(tickets.redeem(ticket)).toBeUndefined();
  });

  it("are good for thirty seconds", () => {
    let nowMs = 1_000;
    const tickets = new Tickets(() => nowMs);
    const [first, second] = [tickets.issue(alice), tickets.issue(alice)];
    expect(first.expiresMs).toBe(31_000);
    nowMs = 30_999;
    expect(tickets.redeem(first.ticket)).toEqual(alice);
    nowMs = 31_000;
    expect(tickets.redeem(second.ticket)).toBeUndefined();
  });

  it("are not guessed by what is no ticket", () => {
    const tickets = new Tickets();
    tickets.issue(alice);
    for (const text of ["", "A", "%", "A".repeat(43), "A".repeat(44)]) expect(tickets.redeem(text)).toBeUndefined();
  });
});

describe("connections", () => {
  it("drop a client that does not read, instead of buffering for it", () => {
    const connections = new Connections();
    const [slow, quick] = [new FakeSocket(), new FakeSocket()];
    connections.add(alice, slow);
    connections.add(alice, quick);
    slow.bufferedAmount = 1_000_000;
    connections.sendToUsers(["alice", "nobody"], { type: "keyring", version: 1 });
    expect(slow).toMatchObject({ sent: [], ended: "terminated" });
    expect(quick.sent).toEqual(['{"type":"keyring","version":1}']);
    expect(connections.size).toBe(1);
  });

  it("close every socket of an ended session and no other", () => {
    const connections = new Connections();
    const [ended, other] = [new FakeSocket(), new FakeSocket()];
    connections.add(alice, ended);
    connections.add({ ...alice, sessionId: "session-b" }, other);
    connections.endSession("session-a");
    expect(ended).toMatchObject({ sent: ['{"type":"session-ended"}'], ended: 4401 });
    expect(other.ended).toBeUndefined();
    connections.closeAll();
    expect(other.ended).toBe(1001);
    expect(connections.size).toBe(0);
  });

  it("are limited for each session", () => {
    const connections = new Connections();
    const sockets = Array.from({ length: 17 }, () => new FakeSocket());
    const leaves = sockets.map((socket) => connections.add(alice, socket));
    expect(sockets.map(({ ended }) => ended)).toEqual([...Array.from({ length: 16 }), 1013]);
    leaves[0]?.();
    expect(connections.add(alice, new FakeSocket())).toBeDefined();
  });
});

describe("the announcer", () => {
  it("tells everybody in order, after whoever announces went on", async () => {
    const announcer = inProcessAnnouncer();
    const heard: string[] = [];
    const end = announcer.subscribe(({ type }) => heard.push(`first ${type}`));
    announcer.subscribe(({ type }) => heard.push(`second ${type}`));
    announcer.announce({ type: "keyring", userId: "alice", version: 1 });
    expect(heard).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toEqual(["first keyring", "second keyring"]);
    end();
    announcer.announce({ type: "session-ended", sessionId: "s" });
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard.slice(2)).toEqual(["second session-ended"]);
  });
});
