/** Two thousand connections and a thousand sockets on one server; every day a quarter of them. */

import { toBase64Url } from "@excalibur/core/bytes";
import { REALTIME_PATH } from "@excalibur/core/protocol";
import { afterEach, expect, it } from "vitest";
import WebSocket from "ws";
import { amount } from "../../../scripts/test/long-mode.ts";
import { RawClient, requestHead } from "../testing/raw-client.ts";
import { startTestServer, type TestServer } from "../testing/test-server.ts";
import { openSession } from "../testing/test-session.ts";

const CONNECTIONS = amount({ everyday: 500, long: 2_000 });
const SOCKETS = amount({ everyday: 250, long: 1_000 });
/** What a session may have. */
const SOCKETS_A_SESSION = 16;
const AT_ONCE = 100;
/** So long that only the end of the test ends a connection, however busy the machine is. */
const PATIENT = { deadlines: { headersMs: 600_000, requestMs: 600_000, idleMs: 600_000 } };

const raw: RawClient[] = [];
const sockets: WebSocket[] = [];
afterEach(() => {
  for (const client of raw.splice(0)) client.socket.destroy();
  for (const socket of sockets.splice(0)) socket.terminate();
});

async function inTurns<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  for (let at = 0; at < count; at += AT_ONCE) {
    const length = Math.min(AT_ONCE, count - at);
    made.push(...(await Promise.all(Array.from({ length }, (_, index) => make(at + index)))));
  }
  return made;
}

it(`${CONNECTIONS} open connections are answered, those that were idle too`, async () => {
  await using server = await startTestServer(PATIENT);
  const clients = await inTurns(CONNECTIONS, () => RawClient.open(server.origin));
  raw.push(...clients);
  const clock = requestHead(`${server.origin}/api/well-known/clock`, {});
  const ask = async (client: RawClient): Promise<void> => {
    client.say(clock);
    await client.hears((heard) => heard.includes('"timeMs":'));
  };
  // A few do all the asking, while the others only are there.
  await Promise.all(clients.slice(0, AT_ONCE).map(ask));
  expect((await fetch(`${server.origin}/api/well-known/ready`)).status).toBe(200);
  await inTurns(CONNECTIONS - AT_ONCE, (index) => ask(clients[AT_ONCE + index] as RawClient));
  expect(clients.filter(({ socket }) => socket.destroyed)).toEqual([]);
});

interface Listener {
  readonly socket: WebSocket;
  /** Versions of the keyring it was told of. */
  readonly heard: number[];
  next(): Promise<void>;
}

function listen(server: TestServer, ticket: string): Promise<Listener> {
  const socket = new WebSocket(`${server.origin.replace("http", "ws")}${REALTIME_PATH}`);
  sockets.push(socket);
  const heard: number[] = [];
  let told: () => void = () => undefined;
  const listener = {
    ...{ socket, heard },
    next: () =>
      new Promise<void>((resolve) => {
        told = resolve;
        if (heard.length > 0) resolve();
      }),
  };
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once("open", () => socket.send(JSON.stringify({ type: "hello", ticket })));
    socket.on("message", (text) => {
      const message = JSON.parse(String(text)) as { type: string; version?: number };
      if (message.type === "ready") resolve(listener);
      if (message.version !== undefined) heard.push(message.version);
      told();
    });
  });
}

it(`one announcement reaches ${SOCKETS} sockets; one that does not read is cut and holds nobody up`, async () => {
  await using server = await startTestServer(PATIENT);
  const { context } = server.running;
  const { person } = await server.signedIn("alice");
  const userId = toBase64Url(person.userId);
  const { origin } = server;
  const sessionIds = await inTurns(Math.ceil((SOCKETS + 1) / SOCKETS_A_SESSION), async () => {
    return (await openSession({ origin, database: context.database, userId: person.userId })).sessionId;
  });
  const join = (index: number) => {
    const sessionId = sessionIds[Math.floor(index / SOCKETS_A_SESSION)] as string;
    return listen(server, context.services.realtime.issueTicket({ sessionId, userId }).ticket);
  };
  const listeners = await inTurns(SOCKETS, join);
  expect(context.services.realtime.connected).toBe(SOCKETS);
  context.announcer.announce({ type: "keyring", userId, version: 7 });
  await Promise.all(listeners.map((listener) => listener.next()));
  expect(listeners.filter(({ heard }) => heard.length !== 1 || heard[0] !== 7)).toEqual([]);

  // All but two leave; one of the two stops reading, and is spoken to until the server has enough of it.
  const leaving = listeners.slice(2).map(
    ({ socket }) =>
      new Promise((resolve) => {
        socket.once("close", resolve);
        socket.terminate();
      }),
  );
  await Promise.all(leaving);
  const [deaf, attentive] = listeners as [Listener, Listener];
  deaf.socket.pause();
  const most = 400_000;
  let version = 7;
  while (context.services.realtime.connected > 1 && version < most) {
    for (let i = 0; i < 500; i++) context.announcer.announce({ type: "keyring", userId, version: ++version });
    await new Promise(setImmediate);
    await new Promise(setImmediate);
  }
  expect(version).toBeLessThan(most);
  expect(context.services.realtime.connected).toBe(1);
  while (attentive.heard.at(-1) !== version) await attentive.next().then(() => new Promise(setImmediate));
  expect(attentive.heard).toHaveLength(version - 6);
});
