import { once } from "node:events";
import { connect } from "node:net";
import { toBase64Url, utf8Encode } from "@excalibur/core/bytes";
import { randomBytes } from "@excalibur/core/primitives";
import { getKeyringHashes, LIMITS, listCommits, putPages, recoveryStart, signInStart } from "@excalibur/core/protocol";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAccount, signIn, type TestClient, type TestServer, testServer } from "../testing/index.ts";
import { parseJson } from "./parse-json.ts";

let test: TestServer;
let client: TestClient;
const logged: string[] = [];

beforeAll(async () => {
  test = await testServer({ log: pino({ level: "error" }, { write: (line: string) => void logged.push(line) }) });
  client = (await signIn(test.server, await createAccount(test.server, "alice"))).client;
});
afterAll(() => test[Symbol.asyncDispose]());

const post = (body: string | Uint8Array, headers: Record<string, string> = { "content-type": "application/json" }) =>
  client.call(recoveryStart, { sentBody: body, headers });

describe("a body", () => {
  it.each<[string, string | Uint8Array, string, string?]>([
    ["of nothing", "", "bad_request"],
    ["that is no JSON", "{", "bad_request", "not-json"],
    ["that is not UTF-8", Uint8Array.of(0x22, 0xff, 0x22), "bad_request", "not-json"],
    ["of another shape", "[]", "bad_request", "body"],
    ["with a wrong type", '{"name":7}', "bad_request", "body/name"],
    ["with a field too many", '{"name":"alice","admin":true}', "bad_request"],
    ["with a poisoned prototype", '{"name":"alice","__proto__":{"admin":true}}', "bad_request"],
    ["with a field missing", "{}", "bad_request"],
    ["nested a little too deep", "[".repeat(17) + "]".repeat(17), "bad_request", "nested-too-deep"],
    ["nested a hundred thousand deep", "[".repeat(100_000), "bad_request", "nested-too-deep"],
    ["larger than the limit", JSON.stringify({ name: "a".repeat(LIMITS.jsonBodyBytes) }), "body_too_large"],
  ])("%s is refused in plain words", async (_what, body, code, reason) => {
    const { problem, status } = await post(body);
    expect(problem).toMatchObject(reason === undefined ? { code, status } : { code, status, reason });
    expect(status).toBeLessThan(500);
  });

  it("of another type is refused", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/octet-stream", "nonsense"]) {
      expect((await post('{"name":"alice"}', { "content-type": type })).problem?.code).toBe("unsupported_media_type");
    }
    const raw = await client.call(putPages, {
      params: { volumeId: toBase64Url(randomBytes(16)) },
      body: { pages: [] },
    });
    expect(raw.problem?.code).toBe("unsupported_media_type");
  });

  it("is never echoed", async () => {
    const { bytes } = await client.call(signInStart, {
      body: { name: "canary-in-a-name", loginRequest: "Y2FuYXJ5", "canary-field": 1 },
    });
    expect(new TextDecoder().decode(bytes)).not.toMatch(/canary|Y2FuYXJ5/);
  });

  it("where none belongs is refused", async () => {
    const response = await fetch(`${test.server.origin}/api/uploads/${toBase64Url(randomBytes(16))}`, {
      method: "DELETE",
      body: "{}",
      headers: { "content-type": "application/json" },
    });
    expect(response.status).toBe(401);
  });
});

describe("an OPAQUE message", () => {
  it.each([32, 96, 200])("of %i random bytes is refused or answered, never a failure", async (length) => {
    const body = { name: "alice", loginRequest: toBase64Url(randomBytes(length)) };
    const { status } = await client.call(signInStart, { body });
    expect([200, 400]).toContain(status);
  });

  it("of the identity element is refused", async () => {
    const body = { name: "alice", loginRequest: toBase64Url(new Uint8Array(96)) };
    expect((await client.call(signInStart, { body })).problem).toMatchObject({ code: "bad_request" });
  });
});

describe("an address", () => {
  it.each([
    "after=-1",
    "after=1.5",
    "after=1e3",
    "after=01",
    "after=",
    "after",
    "after=1&after=2",
    "after=1&x=1",
    "after=99999999999999999999",
    "",
  ])("with the query «%s» is refused", async (query) => {
    expect((await client.call(getKeyringHashes, { query })).problem?.code).toBe("bad_request");
  });

  it("with an id that is none is refused", async () => {
    for (const volumeId of ["short", `${"A".repeat(21)}B`, "..", "A".repeat(64)]) {
      const { status } = await client.call(listCommits, { params: { volumeId }, query: { after: 0 } });
      expect([volumeId, [400, 404].includes(status)]).toEqual([volumeId, true]);
    }
  });
});

/** Sends bytes over a bare connection and answers what came back. */
async function bare(text: string): Promise<string> {
  const socket = connect(Number(new URL(test.server.origin).port), "127.0.0.1");
  socket.end(text);
  let answer = "";
  socket.on("data", (chunk) => (answer += chunk.toString()));
  await once(socket, "close");
  return answer;
}

describe("bytes that are no request", () => {
  it.each([
    ["nonsense", "hello\r\n\r\n"],
    ["two lengths", "POST /api/recovery/start HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"],
    [
      "length and chunks",
      "POST /api/recovery/start HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ["headers without end", `GET / HTTP/1.1\r\nHost: x\r\nX: ${"a".repeat(100_000)}\r\n\r\n`],
  ])("(%s) are answered with 400 or cut off, and the server lives on", async (_what, text) => {
    const answer = await bare(text);
    expect(answer === "" || /^HTTP\/1\.1 4\d\d /.test(answer)).toBe(true);
    expect((await fetch(`${test.server.origin}/api/well-known/ready`)).status).toBe(200);
  });
});

it("nothing of all that was the server's own failure", async () => {
  expect(logged).toEqual([]);
});

describe("parseJson", () => {
  it("counts depth outside strings only", () => {
    const deepText = `{"a":"${"[{".repeat(50)}","b\\"[":"\\\\"}`;
    expect(parseJson(Buffer.from(deepText))).toEqual({ a: "[{".repeat(50), 'b"[': "\\" });
    expect(parseJson(Buffer.from(`${"[".repeat(16)}${"]".repeat(16)}`))).toBeDefined();
    expect(() => parseJson(Buffer.from(`["\\\\"${',["\\""'.repeat(16)}`))).toThrow(
      expect.objectContaining({ members: { reason: "nested-too-deep" } }),
    );
  });

  it("takes megabytes of text in a moment", () => {
    const body = Buffer.from(utf8Encode(JSON.stringify({ commit: "A".repeat(30 * 1024 * 1024) })));
    expect(parseJson(body)).toHaveProperty("commit");
  });
});
