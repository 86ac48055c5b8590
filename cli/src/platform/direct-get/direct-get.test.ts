import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createSecureServer, type TLSSocket } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { NodeHttp } from "../node-http.ts";
import { anchorFrom, ServerTrust } from "../trust/index.ts";
import { CERTIFICATE, KEY } from "./certificate.suite.ts";

const BODY = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 251));
const HEAD = `HTTP/1.1 206 Partial Content\r\ncontent-type: a/b\r\ncontent-length: ${BODY.length}\r\n\r\n`;
const PLAIN = Buffer.concat([Buffer.from(HEAD), BODY]);

/** What a connection does when a request has come: `turn` counts the requests of all connections from 0. */
type Answer = (socket: Socket, turn: number) => void;

// Whatever closes a connection in these tests, it is not that it was idle.
const http = new NodeHttp({ idleMs: 3_600_000 });
const sockets: Socket[] = [];
let server: Server | undefined;
/** Every request, as it came. */
let requests: string[] = [];

async function serve(answer: Answer, secure?: { readonly key: string; readonly cert: string }): Promise<string> {
  requests = [];
  const accept = (socket: Socket): void => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    let text = "";
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1");
      if (!text.endsWith("\r\n\r\n")) return;
      requests.push(text);
      text = "";
      answer(socket, requests.length - 1);
    });
  };
  server = secure === undefined ? createServer(accept) : createSecureServer(secure, accept);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return secure === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`;
}

afterEach(() => {
  http.close();
  for (const socket of sockets.splice(0)) socket.destroy();
  server?.close();
});

async function get(url: string, options: { signal?: AbortSignal; timeoutMs?: number } = {}, by: NodeHttp = http) {
  const into = new Uint8Array(BODY.length);
  const reply = await by.send({ method: "GET", url, headers: { "x-mark": "yes" }, into, ...options });
  const pieces: Uint8Array[] = [];
  for await (const piece of reply.body) pieces.push(piece);
  return { reply, into, rest: Buffer.concat(pieces) };
}

function closingOf(socket: Socket | undefined): Promise<void> {
  return new Promise((resolve) => void socket?.once("close", () => resolve()));
}

describe("a body of known length", () => {
  it("goes where it belongs, over a connection that stays open", async () => {
    const origin = await serve((socket) => socket.write(PLAIN));
    for (let i = 0; i < 4; i++) {
      const { reply, into, rest } = await get(`${origin}/a?b=${i}`);
      expect(reply).toMatchObject({ status: 206, isFilled: true });
      expect([reply.header("content-type"), reply.header("x-none"), rest.length]).toEqual(["a/b", undefined, 0]);
      expect(BODY.equals(into)).toBe(true);
    }
    expect(sockets).toHaveLength(1);
    const host = origin.slice("http://".length);
    expect(requests[3]).toBe(`GET /a?b=3 HTTP/1.1\r\nhost: ${host}\r\nx-mark: yes\r\nconnection: keep-alive\r\n\r\n`);
  });

  it("is the same in whatever pieces it comes", async () => {
    const origin = await serve((socket) => {
      socket.setNoDelay(true);
      const cuts = [...Array.from({ length: HEAD.length + 3 }, (_, index) => index), 100_000, PLAIN.length];
      const send = (at: number): void => {
        if (at + 1 === cuts.length) return;
        socket.write(PLAIN.subarray(cuts[at], cuts[at + 1]), () => setImmediate(() => send(at + 1)));
      };
      send(0);
    });
    const { reply, into } = await get(origin);
    expect(reply.isFilled).toBe(true);
    expect(BODY.equals(into)).toBe(true);
  });

  it("comes several at once, each to its own place", async () => {
    const origin = await serve((socket, turn) => {
      const body = Buffer.alloc(BODY.length, turn);
      socket.write(Buffer.concat([Buffer.from(HEAD), body]));
    });
    const all = await Promise.all(Array.from({ length: 5 }, () => get(origin)));
    const marks = all.map(({ into }) => into[0]);
    expect([...marks].sort()).toEqual([0, 1, 2, 3, 4]);
    for (const { into } of all) expect(into.every((byte) => byte === into[0])).toBe(true);
  });

  it("comes over TLS from a server that this device trusts, and from no other", async () => {
    const origin = await serve((socket) => socket.write(PLAIN), { key: KEY, cert: CERTIFICATE });
    const trust = ServerTrust.ofSystem();
    const own = new NodeHttp({ idleMs: 3_600_000, trust });
    try {
      await expect(get(origin, {}, own)).rejects.toMatchObject({ code: "untrusted_server" });
      expect(requests).toEqual([]);
      const anchor = anchorFrom(Buffer.from(CERTIFICATE));
      await trust.keep(origin, anchor);
      const { reply, into } = await get(origin, {}, own);
      expect(reply.isFilled).toBe(true);
      expect(BODY.equals(into)).toBe(true);
      expect((sockets.at(-1) as TLSSocket).servername).toBe("localhost");
      const otherName = origin.replace("localhost", "127.0.0.1");
      await trust.keep(otherName, anchor);
      await expect(get(otherName, {}, own)).rejects.toMatchObject({
        details: { reason: "ERR_TLS_CERT_ALTNAME_INVALID" },
      });
    } finally {
      own.close();
    }
  });
});

describe("any other reply", () => {
  it.each([
    ["of another state", "HTTP/1.1 404 Not Found\r\ncontent-length: 5\r\n\r\nsorry", 404, "sorry"],
    ["of another length", "HTTP/1.1 206 Partial\r\ncontent-length: 5\r\n\r\nshort", 206, "short"],
    ["in chunks", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nparts\r\n0\r\n\r\n", 200, "parts"],
    [
      "after an interim one",
      "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nlate",
      200,
      "late",
    ],
    [
      "with an endless head",
      `HTTP/1.1 200 OK\r\nx: ${"y".repeat(15_000)}\r\ncontent-length: 4\r\nz: ${"y".repeat(900)}\r\n\r\nlong`,
      200,
      "long",
    ],
  ])("%s is asked for once more, the common way", async (_, text, status, body) => {
    const origin = await serve((socket) => socket.write(text));
    const { reply, into, rest } = await get(origin);
    expect([reply.status, reply.isFilled, rest.toString()]).toEqual([status, undefined, body]);
    expect(into.every((byte) => byte === 0)).toBe(true);
    expect(requests).toHaveLength(2);
  });

  it("that goes on after its end leaves a connection that is not used again", async () => {
    const origin = await serve((socket) => socket.write(Buffer.concat([PLAIN, Buffer.from(HEAD)])));
    for (let i = 0; i < 3; i++) expect(BODY.equals((await get(origin)).into)).toBe(true);
    expect(sockets).toHaveLength(3);
  });

  it("that nobody asked for ends its connection, too", async () => {
    const origin = await serve((socket) => socket.write(PLAIN));
    await get(origin);
    const closed = closingOf(sockets[0]);
    sockets[0]?.write(PLAIN);
    await closed;
    expect(BODY.equals((await get(origin)).into)).toBe(true);
    expect(sockets).toHaveLength(2);
  });

  it("that closes the connection is followed by a new one", async () => {
    const closing = PLAIN.toString("latin1").replace("content-type: a/b", "connection: close");
    const origin = await serve((socket) => socket.end(closing, "latin1"));
    for (let i = 0; i < 2; i++) expect(BODY.equals((await get(origin)).into)).toBe(true);
    expect(sockets).toHaveLength(2);
  });
});

describe("a reply that does not come", () => {
  it.each([0, 20, HEAD.length + 5])("whole but is cut after %i bytes is a cut connection", async (lengthBytes) => {
    const origin = await serve((socket) => socket.end(PLAIN.subarray(0, lengthBytes)));
    await expect(get(origin)).rejects.toMatchObject({
      code: "network",
      temporary: true,
      details: { reason: "ECONNRESET" },
    });
  });

  it.each([0, 20, HEAD.length + 5])("on after %i bytes is silence", async (lengthBytes) => {
    const origin = await serve((socket) => socket.write(PLAIN.subarray(0, lengthBytes)));
    await expect(get(origin, { timeoutMs: 60 })).rejects.toMatchObject({ details: { reason: "ETIMEDOUT" } });
  });

  it("because nobody listens is told in words", async () => {
    const origin = await serve(() => undefined);
    server?.close();
    await once(server as Server, "close");
    await expect(get(origin)).rejects.toThrow(/Is it running/);
  });

  it("in time to one who gives up: the reason is theirs, and nothing is written any more", async () => {
    const origin = await serve((socket) => socket.write(PLAIN.subarray(0, HEAD.length + 5)));
    const stop = new AbortController();
    const into = new Uint8Array(BODY.length);
    const waiting = http.send({ method: "GET", url: origin, headers: {}, into, signal: stop.signal });
    await expect.poll(() => into[4]).toBe(BODY[4]);
    const closed = closingOf(sockets[0]);
    stop.abort("enough");
    await expect(waiting).rejects.toBe("enough");
    sockets[0]?.write(PLAIN.subarray(HEAD.length + 5));
    await closed;
    expect(into[5]).toBe(0);
    await expect(get(origin, { signal: stop.signal })).rejects.toBe("enough");
  });

  it("after a field that would be two: it is not even sent", async () => {
    const origin = await serve((socket) => socket.write(PLAIN));
    const headers = { a: "b\r\nc: d" };
    const sending = http.send({ method: "GET", url: origin, headers, into: new Uint8Array(BODY.length) });
    await expect(sending).rejects.toThrow(/header content/i);
    expect(requests).toEqual([]);
  });
});
