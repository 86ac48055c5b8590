import { toBase64Url } from "@excalibur/core/bytes";
import { randomBytes } from "@excalibur/core/primitives";
import { type BodyOf, signUp, signUpStart } from "@excalibur/core/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createAccount,
  invite,
  newKeyring,
  newSlot,
  prepareSignUp,
  type TestAccount,
  TestClient,
  type TestServer,
  testServer,
} from "../../testing/index.ts";
import { newPerson } from "../../testing/people.ts";
import { VolumeWriter } from "../../testing/volume-writer.ts";
import { createFirstInvitation } from "../invitations/invitations.ts";

let test: TestServer;
let client: TestClient;

beforeAll(async () => {
  test = await testServer();
  client = new TestClient(test.server.origin);
});
afterAll(() => test[Symbol.asyncDispose]());

const names = async () => {
  const rows = await test.server.context.database.read.selectFrom("accounts").select("name").orderBy("name").execute();
  return rows.map(({ name }) => name);
};

describe("signing up", () => {
  it("sent again with the same content gets the same answer; with other content the name is taken", async () => {
    const account = await prepareSignUp(client, { name: "alice", code: await invite(test.server, { admin: true }) });
    const answers = await Promise.all([1, 2, 3].map(() => client.call(signUp, { body: account.body })));
    for (const answer of answers) expect(answer.json).toEqual({ userId: account.body.userId, admin: true });
    const other = { ...account.body, keyring: newKeyring() };
    expect((await client.call(signUp, { body: other })).problem?.code).toBe("name_taken");
    const start = { name: "alice", userId: account.body.userId, registrationRequest: toBase64Url(randomBytes(32)) };
    const early = await client.call(signUpStart, { body: { ...start, invite: await invite(test.server) } });
    expect(early.problem?.code).toBe("name_taken");
  });

  it("gives a name to one of two who want it at once, and the other's invitation stays good", async () => {
    const codes = [await invite(test.server), await invite(test.server)];
    const [one, two] = await Promise.all(codes.map((code) => prepareSignUp(client, { name: "wanted", code })));
    const statuses = await Promise.all([one!, two!].map(({ body }) => client.call(signUp, { body })));
    expect(statuses.map(({ status }) => status).sort()).toEqual([200, 409]);
    const loser = codes[statuses.findIndex(({ status }) => status === 409)]!;
    const later = await prepareSignUp(client, { name: "unwanted", code: loser });
    expect((await client.call(signUp, { body: later.body })).status).toBe(200);
  });

  it.each(["Alice", "ab", "a".repeat(33), "al ice", "älice", "ａlice", "alice\u200b", "../etc", ""])(
    "refuses the name %j",
    async (name) => {
      const body = { name, userId: toBase64Url(randomBytes(16)), registrationRequest: toBase64Url(randomBytes(32)) };
      expect((await client.call(signUpStart, { body })).problem).toMatchObject({
        code: "bad_request",
        reason: "body/name",
      });
    },
  );
});

describe("an invitation", () => {
  const attempt = async (name: string, code: string | undefined) => {
    const prepared = await prepareSignUp(client, { name, code: await invite(test.server) });
    const { invite: _good, ...body } = prepared.body;
    return (await client.call(signUp, { body: code === undefined ? body : { ...body, invite: code } })).problem?.code;
  };

  it("is needed", async () => {
    expect(await attempt("uninvited", undefined)).toBe("invite_required");
    expect(await attempt("inventor", toBase64Url(randomBytes(16)))).toBe("invite_invalid");
  });

  it("works once, also when many use it at the same moment", async () => {
    const code = await invite(test.server);
    const prepared = await Promise.all(
      ["first", "second", "third"].map((name) => prepareSignUp(client, { name, code })),
    );
    const answers = await Promise.all(prepared.map(({ body }) => client.call(signUp, { body })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403, 403]);
    expect(await attempt("fourth", code)).toBe("invite_invalid");
  });

  it("expires", async () => {
    const code = await invite(test.server, { lifetimeMs: 60_000 });
    test.advance(60_001);
    expect(await attempt("late", code)).toBe("invite_invalid");
  });

  it("of a start without accounts is replaced by the next such start", async () => {
    const { database, services } = test.server.context;
    const before = await createFirstInvitation(database, services.clock());
    const after = await createFirstInvitation(database, services.clock());
    expect(await attempt("early-bird", before.code)).toBe("invite_invalid");
    expect(await attempt("owner", after.code)).toBeUndefined();
  });
});

describe("what breaks a rule", () => {
  let account: TestAccount;
  beforeAll(async () => {
    account = await prepareSignUp(client, { name: "mallory", code: await invite(test.server) });
  });

  type Body = BodyOf<typeof signUp>;
  const other = () => newPerson("somebody");
  const cases: [string, (body: Body) => Promise<Partial<Body>> | Partial<Body>, string?][] = [
    ["two password slots", () => ({ slots: [newSlot(1), newSlot(1)] as Body["slots"] })],
    ["a slot of a later generation", () => ({ slots: [newSlot(1), newSlot(2, 1)] as Body["slots"] })],
    ["a passkey slot", () => ({ slots: [newSlot(3), newSlot(2)] as Body["slots"] })],
    [
      "a slot that is a keyring",
      () => ({ slots: [newSlot(1), { ...newSlot(2), sealed: newKeyring(32) }] as Body["slots"] }),
    ],
    ["a keyring that is a slot", () => ({ keyring: newSlot(1).sealed })],
    ["no keyring", () => ({ keyring: "" })],
    ["a garbled OPAQUE record", () => ({ registrationRecord: toBase64Url(new Uint8Array(192).fill(255)) })],
    ["a short OPAQUE record", () => ({ registrationRecord: toBase64Url(randomBytes(64)) })],
    ["a weak recovery key", () => ({ recoveryPublicKey: toBase64Url(new Uint8Array(32)) })],
    ["somebody else's identity", async () => ({ identity: toBase64Url((await other()).identity.bytes) })],
    [
      "a changed identity",
      ({ identity }) => ({ identity: identity.replace(/.$/, identity.endsWith("A") ? "Q" : "A") }),
    ],
    ["somebody else's volume", async () => ({ homeVolume: new VolumeWriter(await other(), test.nowMs()).newVolume() })],
    ["a volume without pages", ({ homeVolume }) => ({ homeVolume: { ...homeVolume, pages: [] } })],
  ];

  it.each(cases)("%s: is refused whole", async (_what, change) => {
    const before = await names();
    const body = { ...account.body, ...(await change(account.body)) };
    const answer = await client.call(signUp, { body });
    expect([answer.status, ["record_invalid", "bad_request"].includes(answer.problem?.code ?? "")]).toEqual([
      answer.status,
      true,
    ]);
    expect(answer.status).toBeLessThan(500);
    expect(await names()).toEqual(before);
  });

  it("the whole one is taken after all that", async () => {
    expect((await client.call(signUp, { body: account.body })).status).toBe(200);
  });
});

it("an open server needs no invitation, a closed one takes its first account only", async () => {
  await using open = await testServer({ signUp: "open" });
  const visitor = new TestClient(open.server.origin);
  const account = await prepareSignUp(visitor, { name: "visitor" });
  expect((await visitor.call(signUp, { body: account.body })).json).toMatchObject({ admin: false });

  await using closed = await testServer({ signUp: "closed" });
  const { database, services } = closed.server.context;
  const keeper = new TestClient(closed.server.origin);
  const { code } = await createFirstInvitation(database, services.clock());
  const first = await prepareSignUp(keeper, { name: "keeper", code });
  expect((await keeper.call(signUp, { body: first.body })).json).toMatchObject({ admin: true });
  await expect(createAccount(closed.server, "guest")).rejects.toThrow("sign_up_closed");
});
