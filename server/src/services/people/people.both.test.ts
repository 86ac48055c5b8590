import { toBase64Url } from "@excalibur/core/bytes";
import { opaqueClientStartLogin, randomBytes } from "@excalibur/core/primitives";
import {
  createTicket,
  createUpload,
  getAccount,
  REALTIME_PATH,
  signInFinish,
  signInStart,
  signUp,
} from "@excalibur/core/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { changeReferences } from "../../db/stores/object-references.ts";
import {
  createAccount,
  enter,
  invite,
  prepareFinish,
  prepareSignUp,
  recover,
  setPassword,
  signIn,
  type TestAccount,
  TestClient,
  type TestServer,
  testServer,
} from "../../testing/index.ts";
import { opaqueBatch, opaqueObject } from "../../testing/opaque-object.ts";
import { createInvitation, listInvitations, revokeInvitation } from "../invitations/invitations.ts";
import { changeQuota, disableAccount, enableAccount, removeAccount, resetAccount } from "./index.ts";
import { eraseAccount } from "./remove-account.ts";

let test: TestServer;
const database = () => test.server.context.database;
const nowMs = () => test.nowMs();

beforeAll(async () => {
  test = await testServer();
});
afterAll(() => test[Symbol.asyncDispose]());

/** What a sign-in comes to: its HTTP status and code. */
async function tried(account: TestAccount, password = account.password): Promise<string> {
  const client = new TestClient(test.server.origin);
  const [prepared] = await Promise.allSettled([prepareFinish(client, account.name, password)]);
  // Somebody who guesses goes on with whatever they have.
  const body = prepared.status === "fulfilled" ? prepared.value.body : await wrongFinish(account.name);
  const { problem } = await client.call(signInFinish, { body });
  return problem?.code ?? "in";
}

async function wrongFinish(name: string) {
  const other = await createAccountOnce();
  const client = new TestClient(test.server.origin);
  const { body } = await prepareFinish(client, other.name, other.password);
  return { ...body, loginId: (await begun(client, name)).loginId };
}

async function begun(client: TestClient, name: string): Promise<{ loginId: string }> {
  const { request } = await opaqueClientStartLogin("wrong");
  return client.ask(signInStart, { body: { name, loginRequest: toBase64Url(request) } });
}

let bystander: Promise<TestAccount> | undefined;
function createAccountOnce(): Promise<TestAccount> {
  bystander ??= createAccount(test.server, "bystander");
  return bystander;
}

/** A socket that has shown its ticket; `closed` is the code it ends with. */
async function connected(client: TestClient): Promise<{ closed: Promise<number>; said: string[] }> {
  const { ticket } = await client.ask(createTicket, { body: {} });
  const socket = new WebSocket(`${test.server.origin.replace("http", "ws")}${REALTIME_PATH}`);
  const said: string[] = [];
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.once("open", () => socket.send(JSON.stringify({ type: "hello", ticket })));
    socket.on("message", (message) => {
      said.push(String(message));
      resolve();
    });
  });
  return { closed, said };
}

function audited(action: string) {
  return database().read.selectFrom("audit").selectAll().where("action", "=", action).orderBy("at_ms").execute();
}

describe("a disabled account", () => {
  it("loses its sessions and sockets, gets in no more, and again when enabled", async () => {
    const alice = await createAccount(test.server, "alice");
    const { client } = await enter(test.server, alice);
    const socket = await connected(client);
    expect(await disableAccount(database(), { name: "alice", nowMs: nowMs() })).toEqual({ sessionsEnded: 1 });
    expect(await socket.closed).toBe(4401);
    expect(socket.said).toEqual(['{"type":"ready"}', '{"type":"session-ended"}']);
    expect((await client.call(getAccount)).problem?.code).toBe("session_ended");
    // Only who has the password learns that it is disabled.
    expect(await tried(alice)).toBe("account_disabled");
    expect(await tried(alice, "not the password")).toBe("sign_in_failed");
    expect((await recover(test.server, alice)).answer.problem?.code).toBe("account_disabled");
    expect((await recover(test.server, { ...alice, recoverySeed: randomBytes(32) })).answer.problem?.code).toBe(
      "recovery_failed",
    );
    await enableAccount(database(), { name: "alice", nowMs: nowMs() });
    expect(await tried(alice)).toBe("in");
    expect(await audited("account-disabled")).toMatchObject([
      { actor: null, actor_kind: "operator", subject: "alice" },
    ]);
    expect(await audited("account-enabled")).toMatchObject([{ actor_kind: "operator", subject: "alice" }]);
  });
});

describe("a reset", () => {
  it("ends sessions and lockouts, and leaves the password", async () => {
    const bob = await createAccount(test.server, "bob");
    await enter(test.server, bob);
    const guesser = new TestClient(test.server.origin);
    for (let n = 0; n < 10; n++) await begun(guesser, "bob");
    await expect(signIn(test.server, bob)).rejects.toThrow("too_many_attempts");
    const done = await resetAccount(database(), { name: "bob", nowMs: nowMs(), forgetPassword: false });
    expect(done).toEqual({ sessionsEnded: 1, lockoutsCleared: 1 });
    expect(await tried(bob)).toBe("in");
  });

  it("B13 that forgets the password leaves the recovery words, by which a new one is set", async () => {
    const carol = await createAccount(test.server, "carol");
    const client = new TestClient(test.server.origin);
    const begun = await prepareFinish(client, "carol", carol.password);
    await resetAccount(database(), { name: "carol", nowMs: nowMs(), forgetPassword: true });
    // Not even a sign-in that had proved the password already but for its last message.
    expect((await client.call(signInFinish, { body: begun.body })).problem?.code).toBe("sign_in_failed");
    expect(await tried(carol)).toBe("sign_in_failed");
    const slots = await database()
      .read.selectFrom("slots")
      .select("type")
      .where("user_id", "=", carol.person.userId)
      .execute();
    expect(slots).toEqual([{ type: 2 }]);
    const recovered = await recover(test.server, carol);
    expect(recovered.answer.status).toBe(200);
    expect((await setPassword(recovered.client, carol, "a brand new password")).status).toBe(204);
    expect(await tried(carol, "a brand new password")).toBe("in");
    expect(await audited("password-forgotten")).toMatchObject([{ actor_kind: "operator", subject: "carol" }]);
  });

  it("of a password looks from outside like a name that nobody has", async () => {
    const dora = await createAccount(test.server, "dora");
    await resetAccount(database(), { name: "dora", nowMs: nowMs(), forgetPassword: true });
    expect(await tried(dora)).toBe("sign_in_failed");
    expect(await tried({ ...dora, name: "nobody-at-all" })).toBe("sign_in_failed");
  });
});

describe("a quota", () => {
  it("counts from the next upload on", async () => {
    const erin = await createAccount(test.server, "erin");
    const { client } = await enter(test.server, erin);
    const upload = () => {
      const object = opaqueObject(1_000_000);
      return client.call(createUpload, { body: { objectId: object.id, ciphertextLength: object.bytes.length } });
    };
    expect((await upload()).status).toBe(200);
    const { usedBytes } = await changeQuota(database(), { name: "erin", nowMs: nowMs(), quotaBytes: 1_000 });
    expect(usedBytes).toBeGreaterThan(1_000_000);
    expect((await upload()).problem?.code).toBe("quota_exceeded");
    await changeQuota(database(), { name: "erin", nowMs: nowMs(), quotaBytes: null });
    expect((await upload()).status).toBe(200);
    expect((await client.ask(getAccount)).quotaBytes).toBeNull();
  });
});

describe("removing an account", () => {
  it("takes everything that was its alone, and no row of anybody else", async () => {
    const [frank, grace] = [await createAccount(test.server, "frank"), await createAccount(test.server, "grace")];
    const { client } = await enter(test.server, frank);
    await enter(test.server, grace);
    const { userId } = frank.person;
    const unfinished = opaqueObject(1_000_000);
    await client.ask(createUpload, { body: { objectId: unfinished.id, ciphertextLength: unfinished.bytes.length } });
    const stored = opaqueObject(1_000);
    const { body, signedLeaves } = opaqueBatch([stored]);
    const chunks = (async function* () {
      yield body;
    })();
    await test.server.context.services.objects.storeBatch({ userId, signedLeaves, body: chunks });
    const volumeId = frank.volume.volumeId;
    await database().write((tx) =>
      changeReferences(tx, volumeId, { changes: [{ objectId: stored.objectId, count: 1 }], nowMs: nowMs() }),
    );
    const before = await rowsNaming([userId, volumeId]);
    expect(Object.keys(before).length).toBeGreaterThan(12);

    const done = await removeAccount(database(), { name: "frank", nowMs: nowMs() });
    expect(done).toMatchObject({ sessionsEnded: 1, volumes: 1 });
    expect(done.bytesReleased).toBeGreaterThan(1_000_000);
    // What stays: that he was here, in the audit log and in the invitation he used.
    expect(Object.keys(await rowsNaming([userId, volumeId])).sort()).toEqual(["audit", "invites"]);
    // The row of the object stays for the sweep, with nobody as its uploader.
    const objects = database().read.selectFrom("objects").select("uploader_user_id");
    expect(await objects.where("object_id", "=", stored.objectId).execute()).toEqual([
      { uploader_user_id: new Uint8Array() },
    ]);
    expect((await client.call(getAccount)).problem?.code).toBe("session_ended");
    expect(await tried(frank)).toBe("sign_in_failed");
    expect(await tried(grace)).toBe("in");
    // By the operator, or by the server's job, which may have ended first what the operator began.
    expect((await audited("account-removed")).map(({ subject }) => subject)).toEqual(["frank"]);
    // The name is free again.
    await createAccount(test.server, "frank");
  });

  it("goes on where it was interrupted, and nobody gets in meanwhile", async () => {
    const judy = await createAccount(test.server, "judy");
    const real = database();
    let writes = 0;
    const failing = {
      ...{ dialect: real.dialect, read: real.read },
      write: ((work) => {
        writes += 1;
        return writes > 3 ? Promise.reject(new Error("the power went")) : real.write(work);
      }) as typeof real.write,
    } as typeof real;
    await expect(removeAccount(failing, { name: "judy", nowMs: nowMs() })).rejects.toThrow("the power went");
    expect(await tried(judy)).toBe("sign_in_failed");
    expect((await recover(test.server, judy)).answer.problem?.code).toBe("recovery_failed");
    // By the operator once more, unless the server's job has ended it first.
    await removeAccount(real, { name: "judy", nowMs: nowMs() }).catch((error: unknown) =>
      expect(error).toMatchObject({ code: "no_such_account" }),
    );
    expect(Object.keys(await rowsNaming([judy.person.userId])).sort()).toEqual(["audit", "invites"]);
  });

  it("is told of once when the job of a running server ends it first", async () => {
    const { person } = await createAccount(test.server, "kim");
    const real = database();
    let writes = 0;
    const overtaken = {
      ...{ dialect: real.dialect, read: real.read },
      write: (async (work) => {
        writes += 1;
        if (writes === 2)
          await eraseAccount(real, { user_id: person.userId, name: "kim" }, { nowMs: nowMs(), actor: "server" });
        return await real.write(work);
      }) as typeof real.write,
    } as typeof real;
    await removeAccount(overtaken, { name: "kim", nowMs: nowMs() });
    expect((await audited("account-removed")).filter(({ subject }) => subject === "kim")).toMatchObject([
      { actor_kind: "server" },
    ]);
  });

  it.each([disableAccount, enableAccount, removeAccount])("(%o) needs an account", async (change) => {
    await expect(change(database(), { name: "nobody-here", nowMs: nowMs() })).rejects.toMatchObject({
      code: "no_such_account",
    });
  });
});

/** Tables that hold one of these ids in any column, with how many rows. */
async function rowsNaming(ids: readonly Uint8Array[]): Promise<Record<string, number>> {
  const wanted = new Set(ids.map(toBase64Url));
  const found: Record<string, number> = {};
  const tables = await database().migration.change((db) => db.introspection.getTables());
  for (const { name } of tables) {
    const rows = (await database()
      .read.selectFrom(name as "settings")
      .selectAll()
      .execute()) as unknown as Record<string, unknown>[];
    const naming = rows.filter((row) =>
      Object.values(row).some((value) => value instanceof Uint8Array && wanted.has(toBase64Url(value))),
    );
    if (naming.length > 0) found[name] = naming.length;
  }
  return found;
}

describe("an invitation", () => {
  it("for a name makes that account and no other", async () => {
    const { code } = await createInvitation(database(), { admin: false, name: "kate", nowMs: nowMs() });
    const client = new TestClient(test.server.origin);
    await expect(prepareSignUp(client, { name: "mallory", code })).rejects.toThrow("invite_other_name");
    const wrong = await prepareSignUp(client, { name: "mallory", code: await invite(test.server) });
    expect((await client.call(signUp, { body: { ...wrong.body, invite: code } })).problem?.code).toBe(
      "invite_other_name",
    );
    const kate = await prepareSignUp(client, { name: "kate", code });
    expect((await client.call(signUp, { body: kate.body })).status).toBe(200);
    await expect(createInvitation(database(), { admin: false, name: "kate", nowMs: nowMs() })).rejects.toMatchObject({
      code: "name_taken",
    });
  });

  it("for a name takes the place of the one before", async () => {
    const first = await createInvitation(database(), { admin: false, name: "liam", nowMs: nowMs() });
    const second = await createInvitation(database(), { admin: false, name: "liam", nowMs: nowMs() });
    const client = new TestClient(test.server.origin);
    await expect(prepareSignUp(client, { name: "liam", code: first.code })).rejects.toThrow("invite_invalid");
    const liam = await prepareSignUp(client, { name: "liam", code: second.code });
    await client.ask(signUp, { body: liam.body });
    const states = (await listInvitations(database(), nowMs())).filter(({ name }) => name === "liam");
    expect(states.map(({ state, usedBy }) => [state, usedBy])).toEqual([
      ["revoked", null],
      ["used", "liam"],
    ]);
  });

  it("is revoked by its id, its code or its address, once, and is no good any more", async () => {
    const named = [(code: string) => code, (code: string) => `https://drive.example.org/#invite=${code}`];
    for (const name of named) {
      const { code } = await createInvitation(database(), { admin: false, nowMs: nowMs() });
      await revokeInvitation(database(), { which: name(code), nowMs: nowMs() });
      const client = new TestClient(test.server.origin);
      await expect(prepareSignUp(client, { name: "mona", code })).rejects.toThrow("invite_invalid");
      await expect(revokeInvitation(database(), { which: code, nowMs: nowMs() })).rejects.toMatchObject({
        code: "invitation_spent",
      });
    }
    await createInvitation(database(), { admin: false, nowMs: nowMs() });
    const { id } = (await listInvitations(database(), nowMs())).findLast(({ state }) => state === "open")!;
    expect(await revokeInvitation(database(), { which: id, nowMs: nowMs() })).toBe(id);
    await expect(revokeInvitation(database(), { which: "ffffffffff", nowMs: nowMs() })).rejects.toMatchObject({
      code: "invitation_unknown",
    });
    expect((await audited("invitation-revoked")).length).toBeGreaterThanOrEqual(3);
  });
});
