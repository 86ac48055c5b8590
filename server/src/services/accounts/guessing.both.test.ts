import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { opaqueClientStartLogin, randomBytes } from "@excalibur/core/primitives";
import { recoveryFinish, recoveryStart, signInFinish, signInStart } from "@excalibur/core/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lockMs } from "../../auth/attempts.ts";
import {
  createAccount,
  signIn,
  type TestAccount,
  TestClient,
  type TestServer,
  testServer,
} from "../../testing/index.ts";

let test: TestServer;
let alice: TestAccount;
let request: string;

beforeAll(async () => {
  // Behind a proxy on this machine, which says for whom it speaks.
  test = await testServer({ publicUrls: ["https://drive.example.org"] });
  alice = await createAccount(test.server, "alice");
  request = toBase64Url((await opaqueClientStartLogin("a guess")).request);
});
afterAll(() => test[Symbol.asyncDispose]());

let networks = 0;
/** Somebody from a network of their own. */
function stranger() {
  const client = new TestClient(test.server.origin);
  networks += 1;
  const headers = { "x-forwarded-for": `203.0.113.${networks}` };
  const start = (name: string) => client.call(signInStart, { body: { name, loginRequest: request }, headers });
  const startRecovery = (name: string) => client.call(recoveryStart, { body: { name }, headers });
  return { client, headers, start, startRecovery };
}

const session = {
  origin: "https://drive.example.org",
  publicKey: "",
  deviceName: "x",
  client: "cli",
  proof: toBase64Url(randomBytes(64)),
};

function shapeOf(value: unknown): unknown {
  if (typeof value === "string") return `text of ${value.length}`;
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
}

describe("a name that nobody has", () => {
  it("B5 is answered like one that somebody has: status, header names, lengths, order", async () => {
    const { start, startRecovery } = stranger();
    for (const ask of [start, startRecovery]) {
      const real = await ask("alice");
      const ghost = await ask("nobody");
      expect(ghost.status).toBe(200);
      expect([ghost.status, [...ghost.headers.keys()], shapeOf(ghost.json), Object.keys(ghost.json)]).toEqual([
        real.status,
        [...real.headers.keys()],
        shapeOf(real.json),
        Object.keys(real.json),
      ]);
      expect(ghost.headers.get("content-length")).toBe(real.headers.get("content-length"));
    }
  });

  it("B5 has the same user id and the same OPRF answer every time, also after a restart, and another than other names", async () => {
    const one = (await stranger().start("nobody")).json;
    const port = Number(new URL(test.server.origin).port);
    await test.restart({ port });
    const two = (await stranger().start("nobody")).json;
    const other = (await stranger().start("noone")).json;
    const real = (await stranger().start("alice")).json;
    const realAgain = (await stranger().start("alice")).json;
    // RFC 9807 §6.3.2.2: KE2 begins with the evaluated element (32 bytes), which must be stable for one request.
    const evaluated = (answer: { loginResponse: string }) => fromBase64Url(answer.loginResponse).subarray(0, 32);
    expect(two.userId).toBe(one.userId);
    expect(evaluated(two)).toEqual(evaluated(one));
    expect(evaluated(realAgain)).toEqual(evaluated(real));
    expect(other.userId).not.toBe(one.userId);
    expect(evaluated(other)).not.toEqual(evaluated(one));
    expect(two.loginResponse).not.toBe(one.loginResponse);
    expect((await stranger().startRecovery("nobody")).json.userId).toBe(one.userId);
  });

  it("B5 fails to finish exactly like a wrong password or wrong words", async () => {
    const { client, headers, start, startRecovery } = stranger();
    const publicKey = alice.body.recoveryPublicKey;
    const finish = async (name: string) => {
      const { loginId } = (await start(name)).json;
      const body = { loginId, loginFinish: toBase64Url(randomBytes(64)), session: { ...session, publicKey } };
      return client.call(signInFinish, { body, headers });
    };
    const finishRecovery = async (name: string) => {
      const { loginId } = (await startRecovery(name)).json;
      return client.call(recoveryFinish, { body: { loginId, session: { ...session, publicKey } }, headers });
    };
    for (const [end, code] of [
      [finish, "sign_in_failed"],
      [finishRecovery, "recovery_failed"],
    ] as const) {
      const real = await end("alice");
      const ghost = await end("nobody");
      expect(ghost.problem).toEqual({ ...real.problem, requestId: ghost.problem?.requestId });
      expect(ghost.problem).toMatchObject({ code, status: 401 });
      expect([...ghost.headers.keys()]).toEqual([...real.headers.keys()]);
    }
  });
});

describe("guessing", () => {
  it("B8 locks the name for the guesser's network, ever longer, known names and unknown ones alike, and nobody else", async () => {
    for (const name of ["alice", "nobody"]) {
      const { start } = stranger();
      for (let guess = 1; guess <= 10; guess++) expect((await start(name)).status).toBe(200);
      const locked = await start(name);
      expect(locked.problem).toMatchObject({ code: "too_many_attempts", status: 429 });
      expect(locked.problem!.retryAfterMs).toBeGreaterThan(0);
      expect(locked.problem!.retryAfterMs).toBeLessThanOrEqual(1_000);
      expect(Number(locked.headers.get("retry-after"))).toBe(1);
      test.advance(1_000);
      expect((await start(name)).status).toBe(200);
      expect((await start(name)).problem!.retryAfterMs).toBeGreaterThan(1_000);
      expect((await stranger().start(name)).status).toBe(200);
    }
    expect((await signIn(test.server, alice)).signedIn.name).toBe("alice");
  });

  it("at the recovery words locks likewise", async () => {
    const { startRecovery, start } = stranger();
    for (let guess = 1; guess <= 10; guess++) expect((await startRecovery("alice")).status).toBe(200);
    expect((await startRecovery("alice")).problem?.code).toBe("too_many_attempts");
    expect((await start("alice")).status).toBe(200);
  });

  it("survives a restart, and is forgotten after success or a day of rest", async () => {
    const { start } = stranger();
    for (let guess = 1; guess <= 12; guess++) {
      await start("alice");
      test.advance(5_000);
    }
    await test.restart({ port: Number(new URL(test.server.origin).port) });
    await start("alice");
    expect((await start("alice")).problem?.code).toBe("too_many_attempts");
    test.advance(24 * 3_600_000 + 16 * 60_000);
    for (let guess = 1; guess <= 10; guess++) expect((await start("alice")).status).toBe(200);

    const owner = new TestClient(test.server.origin);
    const begin = () => owner.call(signInStart, { body: { name: "alice", loginRequest: request } });
    for (let guess = 1; guess <= 9; guess++) await begin();
    await signIn(test.server, alice);
    for (let guess = 1; guess <= 10; guess++) expect((await begin()).status).toBe(200);
    expect((await begin()).problem?.code).toBe("too_many_attempts");
  });

  it("waits at most a quarter of an hour", () => {
    expect([1, 9, 10, 11, 15, 40, 1e9].map(lockMs)).toEqual([0, 0, 1_000, 2_000, 32_000, 900_000, 900_000]);
  });
});
