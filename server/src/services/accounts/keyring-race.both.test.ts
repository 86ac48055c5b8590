import { getKeyring, putKeyring } from "@excalibur/core/protocol";
import { expect, it } from "vitest";
import { createAccount, newKeyring, testServer } from "../../testing/index.ts";
import { openSession } from "../../testing/test-session.ts";

it("the keyring lets exactly one of many writers at once through", async () => {
  await using test = await testServer();
  const { person } = await createAccount(test.server, "alice", { admin: true });
  const { database } = test.server.context;
  const session = await openSession({ origin: test.server.origin, database, userId: person.userId });
  const { version: expectedVersion } = (await session.call(getKeyring)).body;
  const write = () => session.call(putKeyring, { json: { expectedVersion, generation: 0, sealed: newKeyring() } });
  const statuses = (await Promise.all(Array.from({ length: 5 }, write))).map(({ status }) => status);
  expect(statuses.sort()).toEqual([200, 409, 409, 409, 409]);
});
