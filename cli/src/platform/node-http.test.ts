import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import type { HttpReply } from "@excalibur/sdk/ports";
import { afterEach, describe, expect, it } from "vitest";
import { NodeHttp } from "./node-http.ts";

const http = new NodeHttp();
let server: Server | undefined;

async function serve(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  server = createServer(handler).listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function bytesOf(reply: HttpReply): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of reply.body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

describe("HTTP on Node", () => {
  it("sends pieces one after the other with their length, and streams the reply", async () => {
    const origin = await serve((request, response) => {
      response.writeHead(201, { "x-length": request.headers["content-length"] ?? "" });
      request.pipe(response);
    });
    const pieces = [new Uint8Array(300_000).fill(1), new Uint8Array(0), new Uint8Array(500_000).fill(2)];
    const reply = await http.send({
      method: "PUT",
      url: `${origin}/x?y=1`,
      headers: { "content-type": "a/b" },
      body: pieces,
    });
    expect([reply.status, reply.header("x-length"), reply.header("x-none")]).toEqual([201, "800000", undefined]);
    expect((await bytesOf(reply)).equals(Buffer.concat(pieces))).toBe(true);
  });

  it("keeps connections open and few", async () => {
    const sockets = new Set<unknown>();
    const origin = await serve((request, response) => {
      sockets.add(request.socket);
      response.end("ok");
    });
    const get = async () => bytesOf(await http.send({ method: "GET", url: origin, headers: {} }));
    for (let i = 0; i < 5; i++) await get();
    expect(sockets.size).toBe(1);
    await Promise.all(Array.from({ length: 40 }, get));
    expect(sockets.size).toBeLessThanOrEqual(8);
  });

  it("does not follow a redirect", async () => {
    const origin = await serve((_, response) => response.writeHead(302, { location: "/elsewhere" }).end());
    const reply = await http.send({ method: "GET", url: origin, headers: {} });
    expect([reply.status, (await bytesOf(reply)).length]).toEqual([302, 0]);
  });

  it("reports silence before the head and inside the body", async () => {
    const origin = await serve((request, response) => {
      if (request.url === "/body") response.writeHead(200, { "content-length": "10" }).write("12345");
    });
    const options = { method: "GET", headers: {}, timeoutMs: 60 } as const;
    await expect(http.send({ ...options, url: `${origin}/head` })).rejects.toMatchObject({
      code: "network",
      temporary: true,
    });
    const reply = await http.send({ ...options, url: `${origin}/body` });
    await expect(bytesOf(reply)).rejects.toMatchObject({ code: "network", details: { reason: "ETIMEDOUT" } });
  });

  it("takes a byte now and then for silence, before the head and inside the body, straight into a buffer or not", async () => {
    const trickled: number[] = [];
    const origin = await serve((request, { socket }) => {
      const at = trickled.push(0) - 1;
      const head = "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\nx: ";
      socket?.write(request.url === "/body" ? `${head}\r\n\r\n` : head);
      // A byte a millisecond at most: as long as it is waited for, their number grows.
      const trickle = setInterval(() => {
        trickled[at] = (trickled[at] ?? 0) + 1;
        socket?.write("y");
      }, 1);
      socket?.on("error", () => undefined).on("close", () => clearInterval(trickle));
    });
    const options = { method: "GET", headers: {}, timeoutMs: 100 } as const;
    const into = new Uint8Array(100_000);
    const silence = { code: "network", details: { reason: "ETIMEDOUT" } };
    await expect(http.send({ ...options, url: `${origin}/head` })).rejects.toMatchObject(silence);
    await expect(http.send({ ...options, url: `${origin}/head`, into })).rejects.toMatchObject(silence);
    await expect(http.send({ ...options, url: `${origin}/body`, into })).rejects.toMatchObject(silence);
    const reply = await http.send({ ...options, url: `${origin}/body` });
    await expect(bytesOf(reply)).rejects.toMatchObject(silence);
    expect(trickled.map((bytes) => bytes < 300)).toEqual([true, true, true, true]);
  });

  it("reports a cut connection, before the head and inside the body", async () => {
    const origin = await serve((request, response) => {
      if (request.url === "/body") {
        response.writeHead(200, { "content-length": "10" });
        response.write("12345", () => request.socket.destroy());
      } else request.socket.destroy();
    });
    await expect(http.send({ method: "GET", url: `${origin}/head`, headers: {} })).rejects.toMatchObject({
      code: "network",
    });
    const reply = await http.send({ method: "GET", url: `${origin}/body`, headers: {} });
    await expect(bytesOf(reply)).rejects.toMatchObject({ code: "network" });
  });

  it("says that nobody listens, in words", async () => {
    const origin = await serve((_, response) => response.end());
    server?.close();
    http.close();
    await expect(http.send({ method: "GET", url: origin, headers: {} })).rejects.toThrow(/Is it running/);
  });

  it("gives up the connection when the reader leaves early", async () => {
    let closed: Promise<unknown> = Promise.resolve();
    const origin = await serve((_, response) => {
      closed = once(response, "close");
      const flood = (): void => {
        while (!response.destroyed && response.write(new Uint8Array(65_536)));
        if (!response.destroyed) response.once("drain", flood);
      };
      flood();
    });
    const reply = await http.send({ method: "GET", url: origin, headers: {} });
    for await (const _ of reply.body) break;
    await closed;
  });

  it("throws the signal's own reason, before the head and inside the body", async () => {
    const origin = await serve((request, response) => {
      if (request.url === "/body") response.writeHead(200, { "content-length": "10" }).write("12345");
    });
    const first = new AbortController();
    const waiting = http.send({ method: "GET", url: `${origin}/head`, headers: {}, signal: first.signal });
    first.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    const second = new AbortController();
    const reply = await http.send({ method: "GET", url: `${origin}/body`, headers: {}, signal: second.signal });
    const reading = bytesOf(reply);
    second.abort(new Error("enough"));
    await expect(reading).rejects.toThrow("enough");
  });
});

it("loads no second HTTP client", async () => {
  const entry = JSON.stringify(new URL("./node-http.ts", import.meta.url).href);
  const script = `await import(${entry}); console.log(process.moduleLoadList.filter((name) => name.includes("undici")).length)`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
  expect(stdout.trim()).toBe("0");
});
