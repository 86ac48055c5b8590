import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { nodeSocket } from "./node-socket.ts";
import { ServerTrust } from "./trust/index.ts";

const sockets = nodeSocket(ServerTrust.ofSystem());

let server: WebSocketServer | undefined;

async function serve(): Promise<{ server: WebSocketServer; url: string }> {
  server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  return { server, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/api/realtime` };
}

afterEach(() => {
  for (const client of server?.clients ?? []) client.terminate();
  server?.close();
  server = undefined;
});

it("a socket carries text both ways and closes once", async () => {
  const { server, url } = await serve();
  server.on("connection", (peer) => {
    peer.on("message", (data, binary) => {
      peer.send(new Uint8Array([1, 2, 3]));
      peer.send(`${binary} ${String(data)}`);
    });
  });
  const messages: string[] = [];
  const closes = await new Promise<string[]>((resolve) => {
    const reasons: string[] = [];
    const socket = sockets.open(url, {
      onOpen: () => socket.send("hello"),
      onMessage: (text) => {
        messages.push(text);
        socket.close();
        socket.close();
      },
      onClose: (reason) => {
        reasons.push(reason);
        setImmediate(() => resolve(reasons));
      },
    });
  });
  expect(messages).toEqual(["false hello"]);
  expect(closes).toHaveLength(1);
});

it("a socket that never opens says so once", async () => {
  const { server, url } = await serve();
  server.close();
  await once(server, "close");
  const reason = await new Promise((resolve) => sockets.open(url, { onMessage: () => undefined, onClose: resolve }));
  expect(reason).toBe("the connection failed");
});
