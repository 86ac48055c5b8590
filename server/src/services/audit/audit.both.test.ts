import { toBase64Url } from "@excalibur/core/bytes";
import { opaqueClientStartLogin } from "@excalibur/core/primitives";
import { createUpload, endSession, postBatch, signInStart } from "@excalibur/core/protocol";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listAudit, listNewestAudit } from "../../db/stores/audit.ts";
import {
  createAccount,
  recover,
  setPassword,
  signIn,
  type TestAccount,
  TestClient,
  type TestServer,
  testServer,
} from "../../testing/index.ts";
import { opaqueBatch, opaqueObject } from "../../testing/opaque-object.ts";
import { changeQuota, disableAccount } from "../people/index.ts";

const HOUR_MS = 3_600_000;
const lines: { route?: string; requestId?: string }[] = [];
let test: TestServer;
let alice: TestAccount;
const database = () => test.server.context.database;

beforeAll(async () => {
  const log = pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  test = await testServer({ log });
  alice = await createAccount(test.server, "alice");
});
afterAll(() => test[Symbol.asyncDispose]());

async function entries(action: string) {
  const rows = await listAudit(database().read, { fromMs: 0, limit: 10_000 });
  return rows.filter((row) => row.action === action);
}

async function begin(name: string): Promise<number> {
  const { request } = await opaqueClientStartLogin("wrong");
  const body = { name, loginRequest: toBase64Url(request) };
  return (await new TestClient(test.server.origin).call(signInStart, { body })).status;
}

describe("the audit log", () => {
  it("knows who came, by which request, and with what", async () => {
    expect(await entries("server-started")).toMatchObject([{ actor_kind: "server", actor: null }]);
    const [made] = await entries("sign-up");
    expect(made).toMatchObject({ actorName: "alice", actor_kind: "account", subject: "alice", count: 1 });
    expect(lines.find(({ route }) => route === "signUp")?.requestId).toBe(made?.request_id);
    expect(await entries("volume-created")).toMatchObject([{ actorName: "alice", subject: alice.volume.id }]);
    expect(await entries("invitation-created")).toHaveLength(1);
  });

  it("counts sign-ins that proved nothing, by the hour, and takes back what was proved", async () => {
    for (let n = 0; n < 12; n++) await begin("alice");
    for (let n = 0; n < 3; n++) await begin("hunter2-my-password");
    expect(await entries("sign-in-failed")).toMatchObject([
      { subject: "alice", count: 10, actor_kind: "anybody" },
      { subject: null, count: 3 },
    ]);
    expect(await entries("sign-in-refused")).toMatchObject([{ subject: "alice", count: 2 }]);
    test.advance(HOUR_MS);
    await signIn(test.server, alice);
    expect(await entries("sign-in")).toMatchObject([{ actorName: "alice" }]);
    expect((await entries("sign-in-failed")).map(({ count }) => count)).toEqual([10, 3]);
    await begin("alice");
    expect((await entries("sign-in-failed")).map(({ count }) => count)).toEqual([10, 3, 1]);
    const everything = JSON.stringify(await listNewestAudit(database().read, 1_000));
    expect(everything).not.toContain("hunter2");
  });

  it("knows how sessions ended, and by whom", async () => {
    const [one, two] = [await signIn(test.server, alice), await signIn(test.server, alice)];
    await one.client.ask(endSession, { params: { sessionId: two.signedIn.sessionId } });
    expect((await entries("session-ended")).at(-1)).toMatchObject({
      ...{ actorName: "alice", subject: two.signedIn.sessionId },
    });
    const { client } = await recover(test.server, alice);
    expect((await entries("recovery")).length).toBe(1);
    expect((await entries("recovery-failed")).length).toBe(0);
    await setPassword(client, alice, alice.password);
    expect((await entries("password-changed")).length).toBe(1);
    const before = (await entries("session-ended")).length;
    await disableAccount(database(), { name: "alice", nowMs: test.nowMs() });
    const ended = (await entries("session-ended")).slice(before);
    expect(ended).toMatchObject([{ actor_kind: "operator", actor: null }]);
  });

  it("counts what a quota refused", async () => {
    const bob = await createAccount(test.server, "bob");
    const { client } = await signIn(test.server, bob);
    await changeQuota(database(), { name: "bob", nowMs: test.nowMs(), quotaBytes: 10 });
    const big = opaqueObject(1_000_000);
    await client.call(createUpload, { body: { objectId: big.id, ciphertextLength: big.bytes.length } });
    const { body, signedLeaves } = opaqueBatch([opaqueObject(100), opaqueObject(100)]);
    const { results } = await client.ask(postBatch, { body, leaves: signedLeaves });
    expect(results.map(({ code }: { code?: string }) => code)).toEqual(["quota_exceeded", "quota_exceeded"]);
    expect(await entries("quota-exceeded")).toMatchObject([{ actorName: "bob", count: 2, subject: null }]);
  });

  it("reads in pages without losing or repeating an entry", async () => {
    const whole = await listAudit(database().read, { fromMs: 0, limit: 10_000 });
    const paged = [];
    for (let after: (typeof whole)[number] | undefined; ; ) {
      const rows = await listAudit(database().read, { fromMs: 0, after, limit: 3 });
      paged.push(...rows);
      after = rows.at(-1);
      if (rows.length < 3) break;
    }
    expect(paged).toEqual(whole);
  });
});
