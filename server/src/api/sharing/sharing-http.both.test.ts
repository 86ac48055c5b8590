import { toBase64Url } from "@excalibur/core/bytes";
import { decodeIdentity } from "@excalibur/core/identity";
import { createTicket, createVolume, LIMITS, lookUpPerson, REALTIME_PATH } from "@excalibur/core/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { type SignedInPerson, startTestServer, type TestServer } from "../../testing/test-server.ts";
import { VolumeWriter } from "../../testing/volume-writer.ts";

let server: TestServer;
let alice: SignedInPerson;
let bob: SignedInPerson;

beforeAll(async () => {
  server = await startTestServer();
  alice = await server.signedIn("alice");
  bob = await server.signedIn("bob");
});
afterAll(() => server[Symbol.asyncDispose]());

const lookUp = ({ session }: SignedInPerson, name: string) => session.call(lookUpPerson, { params: { name } });

describe("a user name", () => {
  it("leads to the account and its identity", async () => {
    const { status, body } = await lookUp(alice, "bob");
    expect([status, body["userId"], body["name"]]).toEqual([200, toBase64Url(bob.person.userId), "bob"]);
    const [record] = body["records"] as string[];
    expect(decodeIdentity(Buffer.from(record!, "base64url")).fingerprint).toEqual(bob.person.identity.fingerprint);
  });

  it("that nobody has, or a disabled account, leads nowhere, with one answer", async () => {
    const dora = await server.signedIn("dora");
    const { database } = server.running.context;
    await database.write((tx) =>
      tx.updateTable("accounts").set({ disabled: 1 }).where("user_id", "=", dora.person.userId).execute(),
    );
    const [disabled, nobody] = [await lookUp(alice, "dora"), await lookUp(alice, "nobody")];
    const { requestId: _1, ...first } = disabled.body;
    const { requestId: _2, ...second } = nobody.body;
    expect(first).toMatchObject({ status: 404, code: "not_found" });
    expect(first).toEqual(second);
  });

  it("is asked for sixty times a minute, by each account for itself", async () => {
    const guesser = await server.signedIn("guesser");
    const statuses = new Set<number>();
    for (let asked = 0; asked < LIMITS.lookUpsPerMinute; asked++)
      statuses.add((await lookUp(guesser, `guess-${asked}`)).status);
    expect([...statuses]).toEqual([404]);
    const refused = await lookUp(guesser, "bob");
    expect([refused.status, refused.body["code"]]).toEqual([429, "rate_limited"]);
    expect(refused.body["retryAfterMs"]).toBeGreaterThan(0);
    expect((await lookUp(alice, "bob")).status).toBe(200);
  });
});

describe("a volume beside the home volume", () => {
  it("is stored once however often the request is sent", async () => {
    const volume = new VolumeWriter(alice.person).newVolume();
    const made = await alice.session.call(createVolume, { json: { volume } });
    expect([made.status, made.body]).toEqual([200, { volumeId: volume.volumeId }]);
    const again = await alice.session.call(createVolume, { json: { volume } });
    expect([again.status, again.body["reason"]]).toEqual([422, "volume_exists"]);
  });
});

describe("the socket", () => {
  it("tells members and those who were taken off the list, and nobody else", async () => {
    const carol = await server.signedIn("carol");
    const writer = await server.volumeOf(alice.person);
    const heard = await Promise.all([alice, bob, carol].map(listen));
    const gone = [toBase64Url(bob.person.userId)];
    const { announcer } = server.running.context;
    announcer.announce({ type: "members", volumeId: writer.id, gone });
    for (const each of [alice, bob, carol])
      announcer.announce({ type: "keyring", userId: toBase64Url(each.person.userId), version: 9 });
    const told = { type: "members", volumeId: writer.id };
    const keyring = { type: "keyring", version: 9 };
    const [hers, his, carols] = await Promise.all([
      heard[0]!.until("members"),
      heard[1]!.until("members"),
      heard[2]!.until("keyring"),
    ]);
    expect(carols).toEqual([keyring]);
    expect(hers).toEqual(expect.arrayContaining([told]));
    expect(his).toEqual(expect.arrayContaining([told]));
    for (const { socket } of heard) socket.terminate();
  });
});

/** A socket of this person, greeted, and what came on it. */
async function listen({ session }: SignedInPerson) {
  const { body } = await session.call(createTicket, { json: {} });
  const socket = new WebSocket(`${server.origin.replace("http", "ws")}${REALTIME_PATH}`);
  const messages: { type: string }[] = [];
  let wake: () => void = () => undefined;
  socket.on("message", (data) => {
    messages.push(JSON.parse(String(data)) as { type: string });
    wake();
  });
  const until = async (type: string) => {
    while (!messages.some((message) => message.type === type))
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    return messages.filter((message) => message.type !== "ready");
  };
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  socket.send(JSON.stringify({ type: "hello", ticket: body["ticket"] }));
  await until("ready");
  return { socket, until };
}
