import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { Agent, type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { getObject, postBatch } from "@excalibur/core/protocol";
import { describe, expect, it } from "vitest";
import { StartError, startServer } from "./index.ts";
import { testServer } from "./testing/index.ts";
import { opaqueBatch, opaqueObject } from "./testing/opaque-object.ts";
import { startTestServer } from "./testing/test-server.ts";

/** Longer than any test may take: nothing that ends has waited for it. */
const FOR_EVER_MS = 600_000;

const body = JSON.stringify({ name: "alice" });
const head = `POST /api/recovery/start HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;

/** A request of which the server has the beginning. */
async function halfARequest(origin: string) {
  const socket = connect(Number(new URL(origin).port), "127.0.0.1");
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk.toString();
  });
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.write(head);
  // Another request has been answered in between: the first one's headers have arrived by then.
  await fetch(`${origin}/api/well-known/clock`);
  return { socket, answer: () => answer };
}

function isListening(origin: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(origin).port), "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

describe("a server that is told to stop", () => {
  it("lets a request end that has begun, takes no new one, and ends", async () => {
    await using test = await testServer({ shutdownMs: FOR_EVER_MS });
    const { origin } = test.server;
    const begun = await halfARequest(origin);
    const closing = test.server.close();
    begun.socket.write(body);
    await once(begun.socket, "close");
    expect(begun.answer()).toMatch(/^HTTP\/1\.1 200 .*^connection: close\r$/ms);
    await closing;
    await expect(fetch(`${origin}/api/well-known/ready`)).rejects.toThrow();
    await test.server.close();
  });

  it("ends with an answer that had begun, and does not wait for a next request on its connection", async () => {
    await using test = await startTestServer({ shutdownMs: FOR_EVER_MS });
    const { session } = await test.signedIn("alice");
    const object = opaqueObject(1_000_000);
    const { body: batch, signedLeaves } = opaqueBatch([object]);
    expect((await session.call(postBatch, { raw: batch, leaves: signedLeaves })).status).toBe(200);
    const { blobs } = test.running.context;
    const read = blobs.read.bind(blobs);
    const { promise: stopping, resolve: goOn } = Promise.withResolvers<void>();
    blobs.read = (range) =>
      (async function* () {
        for await (const bytes of read(range)) {
          yield bytes;
          await stopping;
        }
      })();
    const { url, init } = session.prepare(getObject, { params: { objectId: object.id } });
    const agent = new Agent({ keepAlive: true });
    const asked = request(url, { agent, headers: init.headers as Record<string, string> }).end();
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    const closing = test.running.close();
    while (await isListening(test.origin));
    goOn();
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).equals(object.bytes)).toBe(true);
    await closing;
    agent.destroy();
  });

  it("does not wait for ever for a request that never ends", async () => {
    await using test = await testServer({ shutdownMs: 50 });
    const begun = await halfARequest(test.server.origin);
    await Promise.all([test.server.close(), once(begun.socket, "close")]);
    expect(begun.answer()).toBe("");
  });

  it("leaves its data in the main file and no word that it runs", async () => {
    await using test = await testServer();
    const running = join(test.dataFolder, "running.json");
    expect(JSON.parse(await readFile(running, "utf8"))).toMatchObject({ origin: test.server.origin, pid: process.pid });
    await test.server.close();
    expect(existsSync(running)).toBe(false);
    expect(existsSync(join(test.dataFolder, "excalibur.sqlite-wal"))).toBe(false);
  });
});

describe("a second server", () => {
  it("on the same folder does not start, says where the first one is, and does it no harm", async () => {
    await using test = await testServer();
    const error = await startServer({ dataFolder: test.dataFolder, port: 0 }).then(
      () => undefined,
      (thrown: unknown) => thrown as StartError,
    );
    expect(error).toBeInstanceOf(StartError);
    expect(error).toMatchObject({ code: "already_running", details: { origin: test.server.origin } });
    expect((await fetch(`${test.server.origin}/api/well-known/health`)).status).toBe(200);
    await test.restart();
  });

  it("on a taken port says so and leaves nothing open", async () => {
    await using one = await testServer();
    await using two = await testServer();
    await two.server.close();
    const port = Number(new URL(one.server.origin).port);
    await expect(startServer({ dataFolder: two.dataFolder, port })).rejects.toMatchObject({ code: "address_in_use" });
    await two.restart();
  });
});
