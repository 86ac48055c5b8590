import { sha256, signatureKeyPairFromSeed, verifySignature } from "@excalibur/core/primitives";
import {
  createUpload,
  getAccount,
  getIdentity,
  getObject,
  getVersion,
  HEADER,
  type ObjectId,
  parseContentDigest,
  parseSignatureHeader,
  parseSignatureInput,
  putPart,
  signatureBase,
  type UserId,
} from "@excalibur/core/protocol";
import { describe, expect, it } from "vitest";
import { NetworkError } from "../ports/index.ts";
import {
  bytesAnswer,
  type FakeAnswer,
  FakeClock,
  type FakeHandler,
  FakeHttp,
  jsonAnswer,
  MemoryLogger,
  problemAnswer,
  type SeenRequest,
} from "../testing/index.ts";
import { HttpTransport, parseServerAddress, seedSigner, type Transport } from "./index.ts";

const ID = "AAAAAAAAAAAAAAAAAAAAAA";
const objectId = ID as ObjectId;
const seed = new Uint8Array(32).fill(9);
const { publicKey } = signatureKeyPairFromSeed(seed);
const UPLOAD = { objectId: ID, ciphertextLength: 700, received: [] };
const COMPATIBLE = jsonAnswer({ api: { minimum: 1, maximum: 1 } });

function setup(answer: FakeHandler, { address = "https://files.example" } = {}) {
  const clock = new FakeClock();
  const logger = new MemoryLogger();
  const http = new FakeHttp((request) =>
    request.path.endsWith("/well-known/compatibility") ? COMPATIBLE : answer(request),
  );
  const transport: Transport = new HttpTransport({
    address: parseServerAddress(address),
    http,
    clock,
    logger,
    session: seedSigner(ID, seed),
  });
  const calls = () => http.requests.filter(({ path }) => !path.includes("/well-known/compat"));
  return { transport, http, clock, logger, calls };
}

/** Answers one after the other; the last one stays. */
function inTurn(...answers: (FakeAnswer | Error)[]): FakeHandler {
  return () => (answers.length > 1 ? answers.shift()! : answers[0]!);
}

/** What a server does: rebuild the base from what arrived and verify. */
function isSignedWell(request: SeenRequest, covered: { digest?: boolean; leaves?: boolean; key?: boolean }): boolean {
  const input = request.headers[HEADER.signatureInput] ?? "";
  const parameters = parseSignatureInput(input);
  const signature = parseSignatureHeader(request.headers[HEADER.signature] ?? "");
  if (parameters === undefined || signature === undefined) return false;
  const base = signatureBase(
    {
      method: request.method,
      path: request.path,
      query: request.query,
      ...(covered.digest ? { contentDigest: request.headers[HEADER.contentDigest]! } : {}),
      ...(covered.leaves ? { leaves: request.headers[HEADER.leaves]! } : {}),
      ...(covered.key ? { idempotencyKey: request.headers[HEADER.idempotencyKey]! } : {}),
    },
    parameters,
  );
  return verifySignature(publicKey, new TextEncoder().encode(base), signature);
}

const create = (transport: Transport, options: { attempts?: number; signal?: AbortSignal } = {}) =>
  transport.call(createUpload, { body: { objectId, ciphertextLength: 700 }, ...options });

describe("a signed request", () => {
  it("covers method, path, query, digest and idempotency key of a write", async () => {
    const { transport, calls } = setup(() => jsonAnswer(UPLOAD));
    await expect(create(transport)).resolves.toEqual(UPLOAD);
    const [request] = calls();
    expect(isSignedWell(request!, { digest: true, key: true })).toBe(true);
    expect(isSignedWell({ ...request!, path: "/api/other" }, { digest: true, key: true })).toBe(false);
    expect(isSignedWell(request!, { digest: true })).toBe(false);
    expect(parseContentDigest(request!.headers[HEADER.contentDigest]!)).toEqual(sha256(request!.bytes));
    expect(request!.json()).toEqual({ objectId: ID, ciphertextLength: 700 });
  });

  it("covers the leaves of a part and sends its pieces as they are", async () => {
    const { transport, calls } = setup(() => ({ status: 204 }));
    const pieces = [new Uint8Array([1, 2]), new Uint8Array([3])];
    await transport.call(putPart, { params: { objectId, part: 0 }, body: pieces, leaves: new Uint8Array(32) });
    const [request] = calls();
    expect(isSignedWell(request!, { leaves: true })).toBe(true);
    expect(request!.headers[HEADER.idempotencyKey]).toBeUndefined();
    expect(request!.body).toBe(pieces);
    expect(request!.headers["content-type"]).toBe("application/octet-stream");
  });

  it("covers the prefix a proxy put in front", async () => {
    const { transport, calls } = setup(() => jsonAnswer(UPLOAD), { address: "https://example.org/drive" });
    await create(transport);
    expect(calls()[0]!.url).toBe("https://example.org/drive/api/uploads");
    expect(isSignedWell(calls()[0]!, { digest: true, key: true })).toBe(true);
  });

  it("is not made for open routes, which carry nothing of the session", async () => {
    const reply = { name: "excalibur", version: "0.1.0", api: 1, signUp: "open" };
    const { transport, calls } = setup(() => jsonAnswer(reply));
    await transport.call(getVersion, {});
    expect(JSON.stringify(calls()[0]!.headers)).not.toContain(ID);
    expect(calls()[0]!.headers[HEADER.signature]).toBeUndefined();
  });
});

describe("trying again", () => {
  it("keeps the idempotency key and takes a fresh nonce", async () => {
    const { transport, calls, clock } = setup(
      inTurn(
        new NetworkError("cut"),
        problemAnswer(503, "shutting_down"),
        problemAnswer(408, "too_slow"),
        { status: 502, body: "<html>" },
        jsonAnswer(UPLOAD),
      ),
    );
    await create(transport);
    expect(calls()).toHaveLength(5);
    expect(new Set(calls().map(({ headers }) => headers[HEADER.idempotencyKey])).size).toBe(1);
    const nonces = calls().map(({ headers }) => parseSignatureInput(headers[HEADER.signatureInput]!)?.nonce);
    expect(new Set(nonces).size).toBe(5);
    expect(calls().every((request) => isSignedWell(request, { digest: true, key: true }))).toBe(true);
    expect(clock.waitsMs).toHaveLength(4);
    for (const [index, wait] of clock.waitsMs.entries()) {
      expect(wait).toBeGreaterThanOrEqual(125 * 2 ** index);
      expect(wait).toBeLessThanOrEqual(250 * 2 ** index);
    }
  });

  it("ends after the attempts and throws what happened last", async () => {
    const { transport, calls } = setup(() => new NetworkError("no way"));
    await expect(create(transport, { attempts: 3 })).rejects.toThrow("no way");
    expect(calls()).toHaveLength(3);
  });

  it("waits as long as a busy server asks, but not for minutes", async () => {
    const { transport, clock } = setup(
      inTurn(problemAnswer(429, "rate_limited", { retryAfterMs: 7_000 }), jsonAnswer(UPLOAD)),
    );
    await create(transport);
    expect(clock.waitsMs).toEqual([7_000]);
    const patient = setup(() => problemAnswer(429, "rate_limited", { retryAfterMs: 600_000 }));
    await expect(create(patient.transport)).rejects.toMatchObject({
      code: "rate_limited",
      facts: { retryAfterMs: 600_000 },
    });
    expect(patient.calls()).toHaveLength(1);
  });

  it.each([
    [409, "head_moved"],
    [429, "too_many_attempts"],
    [500, "internal"],
    [507, "storage_full"],
    [403, "forbidden"],
  ])("does not happen after %i %s", async (status, code) => {
    const { transport, calls } = setup(() => problemAnswer(status, code));
    await expect(create(transport)).rejects.toMatchObject({ code, facts: { status } });
    expect(calls()).toHaveLength(1);
  });

  it("stops when the caller does", async () => {
    const controller = new AbortController();
    const { transport, calls } = setup(() => {
      controller.abort(new Error("enough"));
      return new NetworkError("cut");
    });
    await expect(create(transport, { signal: controller.signal })).rejects.toThrow("enough");
    expect(calls()).toHaveLength(1);
  });
});

describe("a wrong clock", () => {
  it("is corrected by the server's, for signing", async () => {
    const serverAheadMs = 5 * 3_600_000;
    const { transport, clock, calls } = setup((request) => {
      if (request.path.endsWith("/clock")) return jsonAnswer({ timeMs: clock.nowMs() + serverAheadMs });
      const created = parseSignatureInput(request.headers[HEADER.signatureInput]!)!.createdSeconds * 1000;
      const skewMs = Math.abs(created - clock.nowMs() - serverAheadMs);
      return skewMs > 60_000 ? problemAnswer(401, "clock_skew") : jsonAnswer(UPLOAD);
    });
    await create(transport);
    await create(transport);
    expect(calls().map(({ path }) => path.split("/").at(-1))).toEqual(["uploads", "clock", "uploads", "uploads"]);
    const keys = calls().map(({ headers }) => headers[HEADER.idempotencyKey]);
    expect(keys[0]).toBe(keys[2]);
  });

  it("is not chased for ever", async () => {
    const { transport, calls } = setup((request) =>
      request.path.endsWith("/clock") ? jsonAnswer({ timeMs: 0 }) : problemAnswer(401, "clock_skew"),
    );
    await expect(create(transport)).rejects.toMatchObject({ code: "clock_skew" });
    expect(calls().filter(({ path }) => path.endsWith("/uploads"))).toHaveLength(3);
  });
});

describe("answers that are no success", () => {
  it("are typed by their code, and the server's prose is not shown", async () => {
    const answer = problemAnswer(409, "version_conflict", { version: 7, detail: "<b>evil</b>", requestId: "r-1" });
    const { transport } = setup(() => answer);
    const error: unknown = await create(transport).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: "ApiError",
      code: "version_conflict",
      facts: { version: 7, requestId: "r-1" },
    });
    expect(String(error)).not.toContain("evil");
  });

  it.each([
    [404, "not_found", "MissingError"],
    [404, "upload_not_found", "MissingError"],
    [410, "object_gone", "MissingError"],
    [401, "session_ended", "SessionEndedError"],
  ])("%i %s is a %s", async (status, code, name) => {
    const { transport } = setup(() => problemAnswer(status, code));
    await expect(create(transport)).rejects.toMatchObject({ name, code });
  });

  it.each<[string, FakeAnswer]>([
    [
      "a portal's page",
      { status: 200, headers: { "content-type": "text/html" }, body: "<html>Log in to the hotel</html>" },
    ],
    ["a page for 404", { status: 404, headers: { "content-type": "text/html" }, body: "<html>" }],
    ["a redirect", { status: 302, headers: { location: "https://elsewhere.example" } }],
    ["a code from the future", problemAnswer(418, "wipe_everything")],
    ["a broken problem", { status: 400, headers: { "content-type": "application/problem+json" }, body: "{" }],
    ["a problem without members", { status: 404, headers: { "content-type": "application/problem+json" }, body: "{}" }],
  ])("%s is a GatewayError", async (_, answer) => {
    const { transport } = setup(() => answer);
    await expect(create(transport)).rejects.toMatchObject({ name: "GatewayError", code: "gateway" });
  });

  it.each([
    [413, "client_max_body_size 40m", 1],
    [502, "see whether the server runs", 6],
    [504, "how long the proxy waits", 6],
    [407, "ask whoever runs that network", 1],
    [302, "https:// perhaps", 1],
    [200, "whether this network wants a sign-in first", 1],
  ])("from in between with status %i say what to change", async (status, advice, attempts) => {
    const page = { status, headers: { "content-type": "text/html" }, body: "<html><h1>nginx</h1></html>" };
    const { transport, calls } = setup(() => page);
    await expect(create(transport)).rejects.toMatchObject({
      code: "gateway",
      message: expect.stringMatching(new RegExp(`did not come from an Excalibur server.*Nothing was lost.*${advice}`)),
      details: { status },
    });
    expect(calls()).toHaveLength(attempts);
  });

  it("that are cut off after their status are still told by it", async () => {
    const { transport, calls } = setup(() => ({
      status: 413,
      headers: { "content-type": "text/html", "content-length": "900" },
      body: [new NetworkError("cut")],
    }));
    await expect(create(transport)).rejects.toMatchObject({ code: "gateway", details: { status: 413 } });
    expect(calls()).toHaveLength(1);
  });

  it("with a body where there should be none are a portal's, not a success", async () => {
    const page = { status: 200, headers: { "content-type": "text/html" }, body: "<html>Welcome to the hotel</html>" };
    const part = { params: { objectId, part: 0 }, body: new Uint8Array(1), leaves: new Uint8Array(32) };
    await expect(setup(() => page).transport.call(putPart, part)).rejects.toMatchObject({ code: "gateway" });
  });

  it("are refused when a field is missing, and fine when one is new", async () => {
    const fine = setup(() => jsonAnswer({ ...UPLOAD, tomorrow: true }));
    await expect(create(fine.transport)).resolves.toMatchObject(UPLOAD);
    const { received: _, ...less } = UPLOAD;
    const refused = setup(() => jsonAnswer(less));
    await expect(create(refused.transport)).rejects.toMatchObject({ code: "malformed_reply" });
    const nonsense = setup(() => ({ headers: { "content-type": "application/json" }, body: "{secret" }));
    const error: unknown = await create(nonsense.transport).catch((thrown: unknown) => thrown);
    expect(`${String(error)}${String((error as Error).cause)}`).not.toContain("secret");
  });
});

describe("raw bytes", () => {
  const bytes = new Uint8Array(100).map((_, index) => index);

  async function read(
    transport: Transport,
    options: { range?: { first: number; last: number }; expectedLengthBytes?: number } = {},
  ) {
    const reply = await transport.call(getObject, { params: { objectId }, ...options });
    const chunks: number[] = [];
    for await (const chunk of reply.body) chunks.push(...chunk);
    return chunks;
  }

  it("arrive whole, or as the range that was asked", async () => {
    const whole = setup(() => bytesAnswer(bytes));
    await expect(read(whole.transport, { expectedLengthBytes: 100 })).resolves.toEqual([...bytes]);
    const { transport, calls } = setup(() => bytesAnswer(bytes.subarray(10, 20), 206));
    await expect(read(transport, { range: { first: 10, last: 19 } })).resolves.toEqual([...bytes.subarray(10, 20)]);
    expect(calls()[0]!.headers["range"]).toBe("bytes=10-19");
  });

  it.each<[string, FakeAnswer, { range?: { first: number; last: number }; expectedLengthBytes?: number }]>([
    ["another type", { ...bytesAnswer(bytes), headers: { "content-type": "text/html" } }, {}],
    ["another length than expected", bytesAnswer(bytes.subarray(1)), { expectedLengthBytes: 100 }],
    ["the whole when a range was asked", bytesAnswer(bytes, 200), { range: { first: 0, last: 9 } }],
    ["a longer range", bytesAnswer(bytes, 206), { range: { first: 0, last: 9 } }],
  ])("are refused with %s", async (_, answer, options) => {
    const { transport } = setup(() => answer);
    await expect(read(transport, options)).rejects.toMatchObject({ code: "gateway" });
  });

  it.each([true, false])(
    "go where the caller wants them, or in pieces, and the reply says which (%s)",
    async (fills) => {
      const { transport, http } = setup(() => bytesAnswer(bytes.subarray(10, 20), 206));
      http.fillsInto = fills;
      const into = new Uint8Array(10);
      const options = { params: { objectId }, range: { first: 10, last: 19 }, into };
      const reply = await transport.call(getObject, options);
      expect(reply.isFilled).toBe(fills);
      expect([...into]).toEqual(fills ? [...bytes.subarray(10, 20)] : Array.from({ length: 10 }, () => 0));
      for await (const chunk of reply.body) expect(chunk).toEqual(fills ? undefined : bytes.subarray(10, 20));
    },
  );

  it.each<[string, FakeAnswer]>([
    ["of another type", { ...bytesAnswer(bytes, 206), headers: { "content-type": "text/html" } }],
    ["of the whole when a range was asked", bytesAnswer(bytes, 200)],
  ])("%s are refused although they are where the caller wanted them", async (_, answer) => {
    const { transport, http } = setup(() => answer);
    http.fillsInto = true;
    const options = { params: { objectId }, range: { first: 0, last: 99 }, into: new Uint8Array(100) };
    await expect(transport.call(getObject, options)).rejects.toMatchObject({ code: "gateway" });
  });

  it("that end early or go on for too long are an error, never a shorter or longer file", async () => {
    const headers = { "content-type": "application/octet-stream", "content-length": "100" };
    const cut = setup(() => ({ headers, body: [bytes.subarray(0, 60)] }));
    await expect(read(cut.transport)).rejects.toMatchObject({ code: "truncated_reply" });
    const broken = setup(() => ({ headers, body: [bytes.subarray(0, 60), new NetworkError("cut")] }));
    await expect(read(broken.transport)).rejects.toMatchObject({ code: "network" });
    const long = setup(() => ({ headers, body: [bytes, bytes] }));
    await expect(read(long.transport)).rejects.toMatchObject({ code: "gateway" });
  });
});

describe("versions", () => {
  function withApi(api: { minimum: number; maximum: number }) {
    const http = new FakeHttp(() => jsonAnswer({ api }));
    const transport = new HttpTransport({
      address: parseServerAddress("https://files.example"),
      http,
      clock: new FakeClock(),
      logger: new MemoryLogger(),
      session: seedSigner(ID, seed),
    });
    return { transport, http };
  }

  it.each([
    ["client", { minimum: 2, maximum: 3 }],
    ["server", { minimum: 0, maximum: 0 }],
  ])("that do not meet say that the %s must be updated, before anything else is sent", async (side, api) => {
    const { transport, http } = withApi(api);
    await expect(transport.call(getAccount, {})).rejects.toMatchObject({ code: "upgrade_needed", side });
    expect(http.requests.map(({ path }) => path)).toEqual(["/api/well-known/compatibility"]);
  });

  it("are compared once, and again when an answer makes no sense", async () => {
    let maximum = 1;
    const http = new FakeHttp((request) =>
      request.path.endsWith("/compatibility")
        ? jsonAnswer({ api: { minimum: maximum, maximum } })
        : problemAnswer(400, "bad_request"),
    );
    const options = {
      address: parseServerAddress("https://files.example"),
      http,
      clock: new FakeClock(),
      logger: new MemoryLogger(),
    };
    const transport = new HttpTransport({ ...options, session: seedSigner(ID, seed) });
    await expect(transport.call(getIdentity, { params: { userId: ID as UserId } })).rejects.toMatchObject({
      code: "bad_request",
    });
    maximum = 2;
    await expect(transport.call(getIdentity, { params: { userId: ID as UserId } })).rejects.toMatchObject({
      side: "client",
    });
    expect(http.requests).toHaveLength(2 + 1 + 2);
  });
});

it("logs no header, no body and no address", async () => {
  const { transport, logger } = setup(() => jsonAnswer(UPLOAD));
  await create(transport);
  expect(logger.lines.join("\n")).toContain("createUpload");
  expect(logger.lines.join("\n")).not.toMatch(/files\.example|exc=|AAAA/);
});
