/** What an owner may do to the account itself: new recovery words, and leaving for good. */

import { toBase64Url } from "@excalibur/core/bytes";
import { randomBytes } from "@excalibur/core/primitives";
import {
  changeRecovery,
  deleteAccount,
  getAccount,
  getIdentity,
  LIMITS,
  lookUpPerson,
  recoveryFinish,
  signInFinish,
  signUp,
} from "@excalibur/core/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createAccount,
  enter,
  invite,
  newSlot,
  prepareFinish,
  prepareRecovery,
  prepareSignUp,
  recover,
  recoveryBody,
  type TestAccount,
  TestClient,
  type TestServer,
  testServer,
} from "../../testing/index.ts";

let test: TestServer;
const database = () => test.server.context.database;

beforeAll(async () => {
  test = await testServer();
});
afterAll(() => test[Symbol.asyncDispose]());

async function recovered(account: Pick<TestAccount, "name" | "recoverySeed">): Promise<string> {
  const { answer } = await recover(test.server, account);
  return answer.problem?.code ?? "in";
}

async function signedIn(account: TestAccount): Promise<string> {
  const client = new TestClient(test.server.origin);
  // A name that is nobody's answers with what no password fits: the client itself sees it.
  const [prepared] = await Promise.allSettled([prepareFinish(client, account.name, account.password)]);
  if (prepared.status === "rejected") return "sign_in_failed";
  return (await client.call(signInFinish, { body: prepared.value.body })).problem?.code ?? "in";
}

async function audited(action: "recovery-words-changed" | "account-deleted" | "account-removed") {
  return database().read.selectFrom("audit").selectAll().where("action", "=", action).execute();
}

async function runJobs() {
  const { jobs } = test.server.context;
  await jobs.keepLease();
  return jobs.runTask("gc", {
    ...{ dryRun: false, repair: false, signal: new AbortController().signal, tell: () => undefined },
  });
}

describe("new recovery words", () => {
  it("hold at once, and the old ones no more, not even where they had begun", async () => {
    const alice = await createAccount(test.server, "alice");
    const { client } = await enter(test.server, alice);
    const begun = await prepareRecovery(new TestClient(test.server.origin), alice);
    const seed = randomBytes(32);
    const body = recoveryBody({ seed });
    expect((await client.call(changeRecovery, { body })).status).toBe(204);
    const late = await new TestClient(test.server.origin).call(recoveryFinish, { body: begun.body });
    expect(late.problem?.code).toBe("recovery_failed");
    expect(await recovered(alice)).toBe("recovery_failed");
    // Sessions stay, and so does the password.
    expect((await client.ask(getAccount)).slots.map((slot: { type: number }) => slot.type).sort()).toEqual([1, 2]);
    expect(await signedIn(alice)).toBe("in");
    const { answer } = await recover(test.server, { name: "alice", recoverySeed: seed });
    expect(answer.json).toMatchObject({ slot: body.slot });
    expect(await audited("recovery-words-changed")).toMatchObject([{ actor: alice.person.userId }]);
  });

  it("need a sign-in that is minutes old, the current account key, a slot of their own and a usable key", async () => {
    const bob = await createAccount(test.server, "bob");
    const { client } = await enter(test.server, bob);
    const refusal = async (body: ReturnType<typeof recoveryBody>) =>
      (await client.call(changeRecovery, { body })).problem;
    expect(await refusal(recoveryBody({ generation: 1 }))).toMatchObject({ code: "version_conflict" });
    const password = { ...recoveryBody(), slot: newSlot(1) } as ReturnType<typeof recoveryBody>;
    expect(await refusal(password)).toMatchObject({ code: "record_invalid", reason: "slot" });
    const weak = { ...recoveryBody(), recoveryPublicKey: "A".repeat(43) } as ReturnType<typeof recoveryBody>;
    expect(await refusal(weak)).toMatchObject({ code: "record_invalid", reason: "recoveryPublicKey" });
    test.advance(LIMITS.recentSignInMs + 1_000);
    expect(await refusal(recoveryBody())).toMatchObject({ code: "recent_sign_in_required" });
    expect(await recovered(bob)).toBe("in");
  });
});

describe("an account that its owner deletes", () => {
  it("opens to nobody from then on, by whatever way, and its rows follow by a job", async () => {
    const [carol, dave] = [await createAccount(test.server, "carol"), await createAccount(test.server, "dave")];
    const other = await enter(test.server, carol);
    const { client } = await enter(test.server, carol);
    const begun = await prepareRecovery(new TestClient(test.server.origin), carol);
    expect((await client.call(deleteAccount)).status).toBe(204);
    for (const each of [client, other.client]) {
      expect((await each.call(getAccount)).problem?.code).toBe("session_ended");
    }
    expect(await signedIn(carol)).toBe("sign_in_failed");
    expect(await recovered(carol)).toBe("recovery_failed");
    const late = await new TestClient(test.server.origin).call(recoveryFinish, { body: begun.body });
    expect(late.problem?.code).toBe("recovery_failed");
    const rows = () =>
      database().read.selectFrom("accounts").select("name").where("name", "in", ["carol", "dave"]).execute();
    const slots = database().read.selectFrom("slots").selectAll().where("user_id", "=", carol.person.userId);
    expect(await slots.execute()).toEqual([]);

    const report = await runJobs();
    expect(report.jobs["removed-accounts"]).toEqual({ outcome: "done", result: { accounts: 1, volumes: 1 } });
    expect(await rows()).toEqual([{ name: "dave" }]);
    expect(await signedIn(dave)).toBe("in");
    expect(await audited("account-deleted")).toMatchObject([{ actor: carol.person.userId, subject: "carol" }]);
    expect(await audited("account-removed")).toMatchObject([{ actor_kind: "server", subject: "carol" }]);
    // The name is free again.
    await createAccount(test.server, "carol");
  });

  it("needs a sign-in that is minutes old", async () => {
    const erin = await createAccount(test.server, "erin");
    const { client } = await enter(test.server, erin);
    test.advance(LIMITS.recentSignInMs + 1_000);
    expect((await client.call(deleteAccount)).problem?.code).toBe("recent_sign_in_required");
    expect(await signedIn(erin)).toBe("in");
  });

  it("leaves its public keys to a volume of somebody else, as long as that is there, and nothing else", async () => {
    const [frank, grace] = [await createAccount(test.server, "frank"), await createAccount(test.server, "grace")];
    // Frank once was in Grace's volume: it has an envelope for him.
    await database().write((tx) =>
      tx
        .insertInto("envelopes")
        .values({
          ...{ volume_id: grace.volume.volumeId, g: 0, record: new Uint8Array(1) },
          recipient_fingerprint: frank.person.identity.fingerprint,
        })
        .execute(),
    );
    const kept = () => database().read.selectFrom("past_identities").select(["user_id", "record"]).execute();
    const gone = async (account: TestAccount) => {
      const { client } = await enter(test.server, account);
      expect((await client.call(deleteAccount)).status).toBe(204);
      await runJobs();
    };
    await gone(frank);
    const { userId, identity } = frank.person;
    expect(await kept()).toEqual([{ user_id: userId, record: identity.bytes }]);
    const { client } = await enter(test.server, grace);
    expect((await client.call(lookUpPerson, { params: { name: "frank" } })).problem?.code).toBe("not_found");
    const params = { userId: toBase64Url(userId) };
    expect((await client.call(getIdentity, { params })).problem?.code).toBe("not_found");
    // Nobody takes his id, and with it what he has signed, before nothing of it is left.
    const made = { person: frank.person, registrationRecord: frank.body.registrationRecord };
    const again = async () => {
      const newcomer = new TestClient(test.server.origin);
      const { body } = await prepareSignUp(newcomer, { name: "frank", code: await invite(test.server), made });
      return await newcomer.call(signUp, { body });
    };
    expect(JSON.stringify((await again()).problem)).toContain("userId");
    await gone(grace);
    expect(await kept()).toEqual([]);
    expect((await again()).status).toBe(200);
  });
});
