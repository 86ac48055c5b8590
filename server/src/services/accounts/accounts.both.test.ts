import { getAccount, getKeyring, listSessions } from "@excalibur/core/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createAccount,
  recover,
  setPassword,
  signIn,
  type TestAccount,
  type TestServer,
  testServer,
} from "../../testing/index.ts";

let test: TestServer;
let alice: TestAccount;

beforeAll(async () => {
  test = await testServer();
  alice = await createAccount(test.server, "alice", { admin: true });
});
afterAll(() => test[Symbol.asyncDispose]());

describe("an account", () => {
  it("signs in with its password and is told about itself", async () => {
    const { client, signedIn } = await signIn(test.server, alice);
    expect(signedIn).toMatchObject({ name: "alice", userId: alice.body.userId, slot: { type: 1 } });
    expect(await client.ask(getAccount)).toMatchObject({
      name: "alice",
      admin: true,
      keyringVersion: 1,
      quotaBytes: null,
    });
    expect(await client.ask(getKeyring)).toEqual({ version: 1, generation: 0, sealed: alice.body.keyring });
    expect((await client.ask(listSessions)).sessions).toHaveLength(1);
  });

  it("recovers", async () => {
    const { client, answer } = await recover(test.server, alice);
    expect(answer.json).toMatchObject({ name: "alice", slot: { type: 2 } });
    const set = await setPassword(client, alice, "another long password");
    expect(set.status).toBe(204);
    await signIn(test.server, { ...alice, password: "another long password" });
  });
});
