import { toBase64Url } from "@excalibur/core/bytes";
import { randomBytes } from "@excalibur/core/primitives";
import { createTicket, REALTIME_PATH, type ServerMessage, type SessionId } from "@excalibur/core/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { type SignedInPerson, startTestServer, type TestServer } from "../../testing/test-server.ts";

let server: TestServer;
let alice: SignedInPerson;
let bob: SignedInPerson;

beforeAll(async () => {
  server = await startTestServer();
  alice = await server.signedIn("alice");
  bob = await server.signedIn("bob");
});

afterAll(() => server[Symbol.asyncDispose]());

interface TestSocket {
  readonly socket: WebSocket;
  next(): Promise<ServerMessage>;
  readonly closed: Promise<number>;
}

function openSocket(headers: Record<string, string> = {}): Promise<TestSocket> {
  const socket = new WebSocket(`${server.origin.replace("http", "ws")}${REALTIME_PATH}`, { headers });
  const waiting: ((message: ServerMessage) => void)[] = [];
  const arrived: ServerMessage[] = [];
  socket.on("message", (data) => {
    const message = JSON.parse(String(data)) as ServerMessage;
    const first = waiting.shift();
    if (first) first(message);
    else arrived.push(message);
  });
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  const next = () => {
    const message = arrived.shift();
    return message ? Promise.resolve(message) : new Promise<ServerMessage>((resolve) => waiting.push(resolve));
  };
  return new Promise((resolve, reject) => {
    socket.once("open", () => resolve({ socket, next, closed }));
    socket.once("error", reject);
  });
}

async function ticketOf({ session }: SignedInPerson): Promise<string> {
  const { body } = await session.call(createTicket, { json: {} });
  return body["ticket"] as string;
}

async function connected(person: SignedInPerson, headers: Record<string, string> = {}): Promise<TestSocket> {
  const opened = await openSocket(headers);
  opened.socket.send(JSON.stringify({ type: "hello", ticket: await ticketOf(person) }));
  expect(await opened.next()).toEqual({ type: "ready" });
  return opened;
}

const announcer = () => server.running.context.announcer;

describe("the socket", () => {
  it("tells members of commits, and nobody else", async () => {
    const writer = await server.volumeOf(alice.person);
    const [hers, his] = [await connected(alice), await connected(bob)];
    announcer().announce({ type: "commit", volumeId: writer.id, sequence: 7 });
    expect(await hers.next()).toEqual({ type: "commit", volumeId: writer.id, sequence: 7 });
    announcer().announce({ type: "keyring", userId: toBase64Url(bob.person.userId), version: 3 });
    // The keyring is the first thing he hears of.
    expect(await his.next()).toEqual({ type: "keyring", version: 3 });
    hers.socket.terminate();
    his.socket.terminate();
  });

  it("needs a ticket that is good once", async () => {
    const ticket = await ticketOf(alice);
    const first = await openSocket();
    first.socket.send(JSON.stringify({ type: "hello", ticket }));
    expect(await first.next()).toEqual({ type: "ready" });
    const second = await openSocket();
    second.socket.send(JSON.stringify({ type: "hello", ticket }));
    expect(await second.closed).toBe(1008);
    first.socket.terminate();
  });

  it.each([
    ["a made-up ticket", JSON.stringify({ type: "hello", ticket: toBase64Url(randomBytes(32)) })],
    ["no ticket", JSON.stringify({ type: "hello" })],
    ["another message", JSON.stringify({ type: "subscribe", ticket: "x" })],
    ["no JSON", "hello"],
    ["nested JSON", "[".repeat(500)],
  ])("is closed after %s", async (_name, text) => {
    const { socket, closed } = await openSocket();
    socket.send(text);
    expect(await closed).toBe(1008);
  });

  it("is closed after a message that is too long, and after a second one", async () => {
    const long = await openSocket();
    long.socket.send("x".repeat(5000));
    expect(await long.closed).toBe(1009);
    const talkative = await connected(alice);
    talkative.socket.send("{}");
    expect(await talkative.closed).toBe(1008);
  });

  it("G3 is refused to pages of other origins, and open to our own and to programs", async () => {
    const foreign = ["https://evil.example", `${server.origin}.evil.example`, "null"];
    for (const origin of foreign) await expect(openSocket({ origin })).rejects.toThrow("403");
    const own = await connected(alice, { origin: server.origin });
    own.socket.terminate();
  });

  it("ends with its session, and an ended session gets none", async () => {
    const carol = await server.signedIn("carol");
    const ticket = await ticketOf(carol);
    const { socket, next, closed } = await connected(carol);
    const { database } = server.running.context;
    await database.write((tx) =>
      tx.updateTable("sessions").set({ ended_ms: Date.now() }).where("user_id", "=", carol.person.userId).execute(),
    );
    announcer().announce({ type: "session-ended", sessionId: carol.session.sessionId as SessionId });
    expect(await next()).toEqual({ type: "session-ended" });
    expect(await closed).toBe(4401);
    socket.terminate();
    const late = await openSocket();
    late.socket.send(JSON.stringify({ type: "hello", ticket }));
    expect(await late.next()).toEqual({ type: "session-ended" });
    expect(await late.closed).toBe(4401);
    expect((await carol.session.call(createTicket, { json: {} })).status).toBe(401);
  });
});
