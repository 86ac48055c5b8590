import { request as httpRequest } from "node:http";
import { toBase64Url, utf8Encode } from "@excalibur/core/bytes";
import { randomBytes, sha256, sign } from "@excalibur/core/primitives";
import {
  byteSequence,
  contentDigest,
  endSession,
  getAccount,
  getKeyring,
  getKeyringHashes,
  HEADER,
  LIMITS,
  putKeyring,
  ROUTES,
  type Route,
  signatureBase,
  signatureHeader,
  signatureInput,
} from "@excalibur/core/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type CallOptions,
  createAccount,
  enter,
  newKeyring,
  newNonce,
  signIn,
  type TestAccount,
  type TestClient,
  type TestServer,
  testServer,
} from "../testing/index.ts";

let test: TestServer;
let alice: TestAccount;
let client: TestClient;

beforeAll(async () => {
  test = await testServer();
  alice = await createAccount(test.server, "alice");
  ({ client } = await enter(test.server, alice));
});
afterAll(() => test[Symbol.asyncDispose]());

const SIGNED = ROUTES.filter(({ kind }) => kind !== "open").map((route) => [route.id, route] as const);
const id = toBase64Url(new Uint8Array(16));
const params = { userId: id, sessionId: id, volumeId: id, objectId: id, part: 0 };
const anyBody = (route: Route): unknown =>
  route.body === undefined ? undefined : typeof route.body === "symbol" ? randomBytes(8) : {};

describe("every route that needs a session", () => {
  it("is most of them", () => {
    expect(SIGNED.length).toBeGreaterThan(25);
  });

  it.each(SIGNED)(
    "%s: nothing without a signature, with a forged one or with one of an unknown session",
    async (_id, route) => {
      const call = (options: CallOptions) => client.call(route, { params, body: anyBody(route), ...options });
      expect((await call({ session: null })).problem).toMatchObject({ status: 401, code: "signature_required" });
      const forged = { sessionId: client.session!.sessionId, seed: randomBytes(32) };
      expect((await call({ session: forged })).problem).toMatchObject({ status: 401, code: "signature_invalid" });
      const unknown = { sessionId: toBase64Url(randomBytes(16)), seed: randomBytes(32) };
      expect((await call({ session: unknown })).problem).toMatchObject({ status: 401, code: "session_ended" });
    },
  );
});

/** A write with everything right, to be spoilt in one way; and whether it took effect. */
async function write(options: CallOptions = {}) {
  const { version: expectedVersion } = await client.ask(getKeyring);
  const body = { expectedVersion, generation: 0, sealed: newKeyring() };
  const answer = await client.call(putKeyring, { body, ...options });
  const { version } = await client.ask(getKeyring);
  return { body, code: answer.problem?.code, json: answer.json, happened: version !== expectedVersion };
}

describe("a signature", () => {
  it("that fits lets the request through", async () => {
    expect(await write()).toMatchObject({ code: undefined, happened: true });
  });

  it.each<[string, CallOptions["signed"]]>([
    ["another method", { method: "POST" }],
    ["another path", { path: "/api/account/password" }],
    ["another query", { query: "after=1" }],
    ["another body", { contentDigest: contentDigest(sha256(utf8Encode("{}"))) }],
    ["another idempotency key", { idempotencyKey: newNonce() }],
    ["a prefix that the server does not have", { path: "/drive/api/account/keyring" }],
    ["leaves instead of a body", { leaves: byteSequence(new Uint8Array(32)) }],
  ])("made for %s does not", async (_what, signed) => {
    expect(await write({ signed: signed! })).toMatchObject({ code: "signature_invalid", happened: false });
  });

  it.each(["contentDigest", "idempotencyKey"] as const)("that leaves out %s does not", async (field) => {
    const signed = { [field]: undefined } as unknown as NonNullable<CallOptions["signed"]>;
    expect(await write({ signed })).toMatchObject({ code: "signature_invalid", happened: false });
  });

  it.each([HEADER.contentDigest, HEADER.idempotencyKey])(
    "is no good when the header %s is not sent",
    async (header) => {
      expect(await write({ headers: { [header]: undefined } })).toMatchObject({
        code: "signature_invalid",
        happened: false,
      });
    },
  );

  it("is no good for a body that was changed on the way", async () => {
    const { version: expectedVersion } = await client.ask(getKeyring);
    const sentBody = JSON.stringify({ expectedVersion, generation: 0, sealed: newKeyring() });
    expect(await write({ sentBody })).toMatchObject({ code: "content_mismatch", happened: false });
    expect(await write({ sentBody: "" })).toMatchObject({ happened: false });
  });

  it("is no good for another query", async () => {
    const answer = await client.call(getKeyringHashes, { query: { after: 0 }, signed: { query: "after=1" } });
    expect(answer.problem?.code).toBe("signature_invalid");
  });

  it("has to be of the last minute, and the refusal tells the server's clock", async () => {
    for (const offsetSeconds of [-62, 62, -86_400, 86_400]) {
      const createdSeconds = Math.floor(Date.now() / 1000) + offsetSeconds;
      const { problem } = await client.call(getAccount, { createdSeconds });
      expect(problem).toMatchObject({ status: 401, code: "clock_skew" });
      expect(Math.abs(problem!.timeMs! - Date.now())).toBeLessThan(LIMITS.clockSkewMs);
      expect(await write({ createdSeconds })).toMatchObject({ code: "clock_skew", happened: false });
    }
    expect((await client.call(getAccount, { createdSeconds: Math.floor(Date.now() / 1000) - 50 })).status).toBe(200);
  });

  it("comes once, written exactly as agreed", async () => {
    const input = { method: "GET", path: "/api/account", query: "" };
    const parameters = {
      createdSeconds: Math.floor(Date.now() / 1000),
      nonce: newNonce(),
      keyId: client.session!.sessionId,
    };
    const good = {
      [HEADER.signatureInput]: signatureInput(input, parameters),
      [HEADER.signature]: signatureHeader(sign(client.session!.seed, utf8Encode(signatureBase(input, parameters)))),
    };
    const send = (headers: Record<string, string | string[]>) =>
      new Promise<number>((resolve, reject) => {
        const request = httpRequest(`${test.server.origin}/api/account`, { headers }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        request.on("error", reject).end();
      });
    expect(await send(good)).toBe(200);
    const [first, second] = [HEADER.signatureInput, HEADER.signature].map((name) => good[name]!) as [string, string];
    const wrong: Record<string, string | string[]>[] = [
      { ...good, [HEADER.signatureInput]: [first, first] },
      { ...good, [HEADER.signature]: [second, second] },
      { ...good, [HEADER.signatureInput]: first.replace("exc=", "sig=") },
      { ...good, [HEADER.signatureInput]: `${first}, other=()` },
      { ...good, [HEADER.signatureInput]: first.replace(' "@query"', "") },
      { ...good, [HEADER.signatureInput]: first.replace(";tag", ';alg="ed25519";tag') },
      { ...good, [HEADER.signature]: second.replace("=:", ":") },
      { [HEADER.signature]: second },
    ];
    for (const headers of wrong) expect([headers, await send(headers)]).toEqual([headers, 401]);
  });

  it("of a session that was ended, or of an account that was disabled, does not count", async () => {
    const bob = await createAccount(test.server, "bob");
    const one = await enter(test.server, bob);
    const two = await enter(test.server, bob);
    await one.client.ask(endSession, { params: { sessionId: one.key.sessionId } });
    expect((await one.client.call(getAccount)).problem?.code).toBe("session_ended");
    await test.server.context.database.write((tx) =>
      tx.updateTable("accounts").set({ disabled: 1 }).where("name", "=", "bob").execute(),
    );
    expect((await two.client.call(getAccount)).problem).toMatchObject({ status: 403, code: "account_disabled" });
    await expect(signIn(test.server, bob)).rejects.toThrow("account_disabled");
  });
});

describe("a write", () => {
  it("that is replayed does nothing a second time, also after a restart", async () => {
    const nonce = newNonce();
    expect(await write({ nonce })).toMatchObject({ happened: true });
    expect(await write({ nonce })).toMatchObject({ code: "replayed", happened: false });
    await test.restart({ port: Number(new URL(test.server.origin).port) });
    expect(await write({ nonce })).toMatchObject({ code: "replayed", happened: false });
  });

  it("that is refused leaves its nonce unused: nothing happened", async () => {
    const nonce = newNonce();
    const stale = { expectedVersion: 0, generation: 0, sealed: newKeyring() };
    expect((await client.call(putKeyring, { body: stale, nonce })).problem?.code).toBe("version_conflict");
    expect(await write({ nonce })).toMatchObject({ happened: true });
  });

  it("that is tried again with its idempotency key gets the same answer and happens once", async () => {
    const idempotencyKey = newNonce();
    const { body, json, happened } = await write({ idempotencyKey });
    expect(happened).toBe(true);
    const again = await client.call(putKeyring, { body, idempotencyKey });
    expect([again.status, again.json]).toEqual([200, json]);
    const other = { ...body, sealed: newKeyring() };
    expect((await client.call(putKeyring, { body: other, idempotencyKey })).problem?.code).toBe("idempotency_conflict");
    expect((await client.ask(getKeyring)).version).toBe(json.version);
  });

  it("with one idempotency key sent many times at once happens once", async () => {
    const { version: expectedVersion } = await client.ask(getKeyring);
    const body = { expectedVersion, generation: 0, sealed: newKeyring() };
    const idempotencyKey = newNonce();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => client.call(putKeyring, { body, idempotencyKey })),
    );
    expect(answers.map(({ json }) => json)).toEqual(Array(5).fill({ version: expectedVersion + 1 }));
  });

  it("may use the key that another session used", async () => {
    const other = await enter(test.server, alice);
    const idempotencyKey = newNonce();
    const ended = toBase64Url(randomBytes(16));
    expect((await client.call(endSession, { params: { sessionId: ended }, idempotencyKey })).status).toBe(204);
    expect((await other.client.call(endSession, { params: { sessionId: ended }, idempotencyKey })).status).toBe(204);
  });

  it.each(["short", "with spaces in the key", "x".repeat(65), 'quo"te-quote-quote'])(
    "refuses the idempotency key %j",
    async (idempotencyKey) => {
      expect(await write({ idempotencyKey })).toMatchObject({ code: "signature_invalid", happened: false });
    },
  );

  it("forgets nonces and answers when their time has passed", async () => {
    await write({ nonce: newNonce() });
    test.advance(LIMITS.idempotencyMs + 60_000);
    await signIn(test.server, alice).then(async ({ client: later }) => {
      const { version: expectedVersion } = await later.ask(getKeyring);
      await later.ask(putKeyring, { body: { expectedVersion, generation: 0, sealed: newKeyring() } });
    });
    const { read } = test.server.context.database;
    expect(await read.selectFrom("nonces").select("nonce").execute()).toHaveLength(1);
    expect(await read.selectFrom("idempotency").select("key").execute()).toHaveLength(1);
  });
});

it("behind a public address with a path, requests are signed for that path", async () => {
  await using drive = await testServer({ publicUrls: ["https://example.org/drive/"] });
  const bob = await createAccount(drive.server, "bob");
  const { client: direct } = await enter(drive.server, bob);
  expect((await direct.call(getAccount)).status).toBe(200);
  expect((await direct.call(getAccount, { signed: { path: "/drive/api/account" } })).status).toBe(200);
  expect((await direct.call(getAccount, { signed: { path: "/other/api/account" } })).status).toBe(401);
});
