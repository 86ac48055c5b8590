import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { toBase64Url } from "@excalibur/core/bytes";
import { randomBytes, sha256 } from "@excalibur/core/primitives";
import {
  changePassword,
  endSession,
  getAccount,
  getIdentity,
  getKeyring,
  getKeyringHashes,
  LIMITS,
  listSessions,
  listVolumes,
  putKeyring,
  signInFinish,
} from "@excalibur/core/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createAccount,
  enter,
  newKeyring,
  newSlot,
  prepareFinish,
  recover,
  setPassword,
  signIn,
  type TestAccount,
  TestClient,
  type TestServer,
  testServer,
} from "../../testing/index.ts";

let test: TestServer;
let alice: TestAccount;
/** Signed in from the start; the password's stretching makes a sign-in slow. */
let hers: TestClient;

beforeAll(async () => {
  test = await testServer();
  alice = await createAccount(test.server, "alice", { admin: true });
  ({ client: hers } = await signIn(test.server, alice));
});
afterAll(() => test[Symbol.asyncDispose]());

describe("an account", () => {
  it("signs in with its password and is told about itself", async () => {
    const { client, signedIn } = await signIn(test.server, alice);
    const { userId, slots, homeVolume } = alice.body;
    const { slot } = signedIn;
    expect(signedIn).toMatchObject({ name: "alice", userId, homeVolumeId: homeVolume.volumeId });
    expect(slot).toEqual(slots.find(({ type }) => type === 1));
    expect(await client.ask(getAccount)).toMatchObject({
      name: "alice",
      admin: true,
      keyringVersion: 1,
      quotaBytes: null,
    });
    expect((await client.ask(listVolumes)).volumes).toMatchObject([{ volumeId: homeVolume.volumeId, sequence: 0 }]);
  });

  it("shows its identity records to other accounts and nobody else's secrets", async () => {
    const { userId, identity } = alice.body;
    expect(await hers.ask(getIdentity, { params: { userId } })).toEqual({
      userId,
      name: "alice",
      records: [identity],
    });
    const unknown = await hers.call(getIdentity, { params: { userId: toBase64Url(randomBytes(16)) } });
    expect(unknown.problem?.code).toBe("not_found");
  });

  it("cannot be signed in to with a wrong password, and a login is good for one finish", async () => {
    const client = new TestClient(test.server.origin);
    await expect(prepareFinish(client, "alice", "not her password")).rejects.toThrow();
    const { body } = await prepareFinish(client, "alice", alice.password);
    const wrong = { ...body, loginFinish: toBase64Url(randomBytes(64)) };
    expect((await client.call(signInFinish, { body: wrong })).problem?.code).toBe("sign_in_failed");
    expect((await client.call(signInFinish, { body })).problem?.code).toBe("sign_in_failed");
  });

  it("binds the session's key, its device, its login and the server's own address", async () => {
    const client = new TestClient(test.server.origin);
    const otherKey = { publicKey: alice.body.recoveryPublicKey };
    const finish = (await prepareFinish(client, "alice", alice.password)).body;
    const refused = async (change: object) =>
      (await client.call(signInFinish, { body: { ...finish, session: { ...finish.session, ...change } } })).problem;
    for (const change of [otherKey, { deviceName: "another" }, { proof: toBase64Url(randomBytes(32)) }]) {
      const { body } = await prepareFinish(client, "alice", alice.password);
      const answer = await client.call(signInFinish, { body: { ...body, session: { ...body.session, ...change } } });
      expect([Object.keys(change), answer.problem?.code]).toEqual([Object.keys(change), "sign_in_failed"]);
    }
    // The form of a session is looked at before its login, so none is used up.
    for (const origin of ["https://evil.example.org", `${client.origin}/`, client.origin.toUpperCase(), "nonsense"]) {
      expect([origin, await refused({ origin })]).toMatchObject([origin, { code: "bad_request", reason: "origin" }]);
    }
    const weak = toBase64Url(new Uint8Array(32));
    expect(await refused({ publicKey: weak })).toMatchObject({ code: "bad_request", reason: "publicKey" });
    expect(await refused({ deviceName: "a\u0000b" })).toMatchObject({ code: "bad_request", reason: "deviceName" });
    expect((await client.call(signInFinish, { body: finish })).status).toBe(200);
  });

  it("finishes a login that was begun before the server was restarted, but not one that is too old", async () => {
    const { body, seed } = await prepareFinish(new TestClient(test.server.origin), "alice", alice.password);
    const { origin } = test.server;
    const port = Number(new URL(origin).port);
    await test.restart({ port });
    const client = new TestClient(test.server.origin);
    const signedIn = await client.ask(signInFinish, { body });
    client.session = { sessionId: signedIn.sessionId, seed };
    expect(await client.ask(getAccount)).toMatchObject({ name: "alice" });

    const old = await prepareFinish(client, "alice", alice.password);
    test.advance(LIMITS.loginMs);
    expect((await client.call(signInFinish, { body: old.body })).problem?.code).toBe("sign_in_failed");
  });
});

describe("sessions", () => {
  it("are listed, ended at once, and ending one twice succeeds", async () => {
    const one = await signIn(test.server, alice, { deviceName: "phone", client: "app" });
    const two = await signIn(test.server, alice, { deviceName: "Büro 🖥", client: "web" });
    const listed = (await two.client.ask(listSessions)).sessions as {
      sessionId: string;
      current: boolean;
      deviceName: string;
    }[];
    expect(listed.filter(({ current }) => current)).toMatchObject([
      { sessionId: two.key.sessionId, deviceName: "Büro 🖥" },
    ]);
    const params = { sessionId: one.key.sessionId };
    expect((await two.client.call(endSession, { params })).status).toBe(204);
    expect((await two.client.call(endSession, { params })).status).toBe(204);
    expect((await one.client.call(getAccount)).problem?.code).toBe("session_ended");
  });

  it("of others cannot be ended", async () => {
    const bob = await createAccount(test.server, "bob-ends");
    const his = await enter(test.server, bob);
    expect((await his.client.call(endSession, { params: { sessionId: hers.session!.sessionId } })).status).toBe(204);
    expect((await hers.call(getAccount)).status).toBe(200);
  });

  it("end when they are left unused: on the web after 30 days, elsewhere after 180", async () => {
    const web = await signIn(test.server, alice, { client: "web" });
    test.advance(LIMITS.sessionIdleWebMs - 60_000);
    expect((await web.client.call(getAccount)).status).toBe(200);
    test.advance(LIMITS.sessionIdleWebMs + 1);
    expect((await web.client.call(getAccount)).problem?.code).toBe("session_ended");
    expect((await hers.call(getAccount)).status).toBe(200);
  });
});

describe("the keyring", () => {
  it("is written over the newest version only, and every version's hash is kept", async () => {
    const sealed = newKeyring();
    const first = await hers.call(putKeyring, { body: { expectedVersion: 1, generation: 0, sealed } });
    expect(first.json).toEqual({ version: 2 });
    const late = await hers.call(putKeyring, { body: { expectedVersion: 1, generation: 0, sealed: newKeyring() } });
    expect(late.problem).toMatchObject({ code: "version_conflict", version: 2 });
    expect(await hers.ask(getKeyring)).toEqual({ version: 2, generation: 0, sealed });
    const hashes = [alice.body.keyring, sealed].map((text) => toBase64Url(sha256(Buffer.from(text, "base64url"))));
    expect(await hers.ask(getKeyringHashes, { query: { after: 0 } })).toEqual({ hashes });
    expect(await hers.ask(getKeyringHashes, { query: { after: 1 } })).toEqual({ hashes: hashes.slice(1) });
  });

  it.each([
    ["no ExEF object", () => toBase64Url(randomBytes(700))],
    ["an object of another kind", () => newSlot(1).sealed],
    ["an object of a length that none has", () => toBase64Url(Buffer.from(newKeyring(), "base64url").subarray(0, -3))],
  ])("is refused when it is %s", async (_what, sealed) => {
    const { version: expectedVersion } = await hers.ask(getKeyring);
    const answer = await hers.call(putKeyring, { body: { expectedVersion, generation: 0, sealed: sealed() } });
    expect(answer.problem?.code).toBe("record_invalid");
  });
});

describe("a new password", () => {
  it("replaces record and slot at once, ends other sessions and logins that were begun", async () => {
    const carol = await createAccount(test.server, "carol");
    const old = await enter(test.server, carol);
    const { client } = await enter(test.server, carol);
    const begun = await prepareFinish(new TestClient(test.server.origin), "carol", carol.password);
    expect((await setPassword(client, carol, "a password of her own")).status).toBe(204);
    expect((await client.call(getAccount)).status).toBe(200);
    expect((await old.client.call(getAccount)).problem?.code).toBe("session_ended");
    expect((await client.call(signInFinish, { body: begun.body })).problem?.code).toBe("sign_in_failed");
    await expect(signIn(test.server, carol)).rejects.toThrow();
    const { signedIn } = await signIn(test.server, { ...carol, password: "a password of her own" });
    expect(signedIn.slot.slotId).not.toBe(carol.body.slots[0]?.slotId);
  });

  it("needs a sign-in that is minutes old, the current account key and a whole record", async () => {
    const dave = await createAccount(test.server, "dave");
    const { client } = await signIn(test.server, dave);
    expect((await setPassword(client, dave, "unimportant", { generation: 1 })).problem?.code).toBe("version_conflict");
    const body = { registrationRecord: toBase64Url(new Uint8Array(192)), slot: newSlot(1), endOtherSessions: false };
    const garbled = await client.call(changePassword, { body });
    expect(garbled.problem).toMatchObject({ code: "record_invalid", reason: "registrationRecord" });
    test.advance(LIMITS.recentSignInMs + 1_000);
    expect((await setPassword(client, dave, "unimportant")).problem?.code).toBe("recent_sign_in_required");
    await signIn(test.server, dave);
  });
});

describe("recovery", () => {
  it("opens the account with the words' key, hands out the recovery slot and ends every other session", async () => {
    const erin = await createAccount(test.server, "erin");
    const before = await enter(test.server, erin);
    const { client, answer } = await recover(test.server, erin);
    expect(answer.json).toMatchObject({ name: "erin", slot: erin.body.slots.find(({ type }) => type === 2)! });
    expect((await before.client.call(getAccount)).problem?.code).toBe("session_ended");
    expect((await setPassword(client, erin, "found again at last")).status).toBe(204);
    await signIn(test.server, { ...erin, password: "found again at last" });
  });

  it("fails with other words", async () => {
    const { answer } = await recover(test.server, { name: "alice", recoverySeed: randomBytes(32) });
    expect(answer.problem).toMatchObject({ status: 401, code: "recovery_failed" });
  });
});

it("when the secrets file is lost every password is, and the recovery words still open the account", async () => {
  await using lost = await testServer();
  const frank = await createAccount(lost.server, "frank");
  await lost.server.close();
  await rm(join(lost.dataFolder, "secrets.json"));
  const server = await lost.restart();
  expect(server.context.secretsWereLost).toBe(true);
  await expect(signIn(server, frank)).rejects.toThrow();
  const { client, answer } = await recover(server, frank);
  expect(answer.status).toBe(200);
  expect((await setPassword(client, frank, "the second password")).status).toBe(204);
  expect((await signIn(server, { ...frank, password: "the second password" })).signedIn.name).toBe("frank");
  const again = await lost.restart();
  expect(again.context.secretsWereLost).toBe(false);
  expect(await readFile(join(lost.dataFolder, "secrets.json"), "utf8")).not.toContain("frank");
});
