import { getAccount, getObject, postBatch } from "@excalibur/core/protocol";
import { pino } from "pino";
import { expect, it } from "vitest";
import { createAccount, signIn, testServer } from "../../testing/index.ts";
import { opaqueBatch, opaqueObject } from "../../testing/opaque-object.ts";

const REQUEST_ID = /^[\w-]{12}$/;

it("a request is one line that names it, its route, its end and its sizes, and nothing of anybody", async () => {
  const lines: string[] = [];
  await using test = await testServer({
    log: pino({ base: null }, { write: (line: string) => void lines.push(line) }),
  });
  const { client, signedIn } = await signIn(test.server, await createAccount(test.server, "alice"));
  lines.length = 0;

  await client.ask(getAccount);
  const object = opaqueObject(20_000);
  const { body, signedLeaves } = opaqueBatch([object]);
  await client.ask(postBatch, { body, leaves: signedLeaves });
  const part = await client.call(getObject, { params: { objectId: object.id }, headers: { range: "bytes=0-99" } });
  expect(part.status).toBe(206);
  await client.call(getObject, { params: { objectId: opaqueObject(1).id } });
  await fetch(`${test.server.origin}/api/canary?canary=1`, { headers: { "x-canary": "canary" } });

  const requests = lines.map((line) => JSON.parse(line));
  const expected = [
    { route: "getAccount", status: 200, receivedBytes: 0, sentBytes: expect.any(Number) },
    { route: "postBatch", status: 200, receivedBytes: body.length, sentBytes: expect.any(Number) },
    { route: "getObject", status: 206, receivedBytes: 0, sentBytes: 100 },
    { route: "getObject", status: 404, receivedBytes: 0, sentBytes: expect.any(Number) },
    { route: "none", status: 404, receivedBytes: 0, sentBytes: expect.any(Number) },
  ].map((line) => ({
    ...{ level: 30, time: expect.any(Number), msg: "request" },
    ...{ requestId: expect.stringMatching(REQUEST_ID), elapsedMs: expect.any(Number), ...line },
  }));
  expect(requests).toEqual(expected);
  for (const { sentBytes } of requests) expect(sentBytes).toBeGreaterThan(0);
  expect(new Set(requests.map(({ requestId }) => requestId)).size).toBe(requests.length);
  for (const secret of ["canary", "alice", "127.0.0.1", object.id, signedIn.userId, signedIn.sessionId]) {
    expect(lines.join("")).not.toContain(secret);
  }
});
