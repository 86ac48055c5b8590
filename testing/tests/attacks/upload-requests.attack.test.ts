/** E13: who gives another key, puts things into an inbox, changes what was sent, or floods it. */

import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { kemKeyPairFromSeed, randomBytes } from "@excalibur/core/primitives";
import { createSending, parseRequestUrl, requestKeysOf, sealItem } from "@excalibur/core/requests";
import { isViolation, type OwnRequest } from "@excalibur/sdk";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Device, type Person, World } from "../../src/index.ts";
import { fileToSend, sendAll } from "../../src/requests/index.ts";

let world: World;
let alice: Person;
let request: OwnRequest;
let senders = 0;

beforeAll(async () => {
  world = await World.start();
  ({ alice } = await world.people("alice"));
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  alice.laptop.network.behave();
  request = await (await alice.laptop.drive).requests.create({ title: "Letters", maxItems: 20 });
});

const sender = (): Promise<Device> => world.newDevice(`sender-${++senders}`);
const requests = async () => (await alice.laptop.drive).requests;

/** An item as anybody can make it who has the request's public key: the server has. */
async function inventedItem(path: string[]): Promise<{ objectId: string; description: string }> {
  const address = parseRequestUrl(request.url);
  const { publicKey } = await openState();
  const objectId = randomBytes(16);
  const description = await sealItem(await createSending(address, fromBase64Url(publicKey)), {
    ...{ objectId, fileKey: randomBytes(32), root: randomBytes(32), ciphertextLength: 658, sizeBytes: 3 },
    ...{ path, receiptKey: randomBytes(32), modifiedMs: 0, mediaType: "text/plain", sender: "Alice's bank" },
  });
  return { objectId: toBase64Url(objectId), description: toBase64Url(description) };
}

async function openState(): Promise<{ publicKey: string }> {
  const { database } = world.server.context;
  const row = await database.read
    .selectFrom("requests")
    .select("public_key")
    .where("request_id", "=", fromBase64Url(request.id))
    .executeTakeFirstOrThrow();
  return { publicKey: toBase64Url(row.public_key) };
}

describe("a server that gives senders another key", () => {
  it("E13 is found out before anything is shown or sent, whichever part of it differs", async () => {
    const { publicKey } = await kemKeyPairFromSeed(randomBytes(32));
    const { publicKey: real } = await openState();
    const bent = fromBase64Url(real);
    bent[1215]! ^= 1;
    for (const other of [publicKey, bent]) {
      const device = await sender();
      device.network.alterJson("openRequest", (state) => ({ ...state, publicKey: toBase64Url(other) }));
      const opening = device.excalibur.openRequest(request.url);
      const error = await opening.then(undefined, (refused: unknown) => refused);
      expect(error).toMatchObject({ code: "request_key" });
      expect(isViolation(error as Error)).toBe(true);
      expect(device.network.asked).toEqual(["getCompatibility", "openRequest"]);
      device.network.behave();
      await expect(device.excalibur.openRequest(request.url)).resolves.toBeDefined();
    }
  });

  it("E13 cannot change or exchange title and text", async () => {
    const other = await (await requests()).create({ title: "Another" });
    const { database } = world.server.context;
    const rows = await database.read.selectFrom("requests").select(["request_id", "sealed_text"]).execute();
    const theirs = rows.find(({ request_id }) => toBase64Url(request_id) === other.id)!.sealed_text;
    const device = await sender();
    device.network.alterJson("openRequest", (state) => ({ ...state, sealedText: toBase64Url(theirs) }));
    await expect(device.excalibur.openRequest(request.url)).rejects.toMatchObject({ code: /integrity|header|exef/ });
    alice.laptop.network.alterJson<{ requests: { requestId: string }[] }>("listRequests", ({ requests: all }) => ({
      requests: all.map((each) =>
        each.requestId === request.id ? { ...each, sealedText: toBase64Url(theirs) } : each,
      ),
    }));
    const shown = await (await requests()).get(request.id);
    expect([shown.title, shown.problem === undefined]).toEqual(["", false]);
    alice.laptop.network.behave();
  });

  it("E13 learns neither the key of the text nor where the fragment leads", async () => {
    const device = await sender();
    device.network.record();
    const sending = await device.excalibur.openRequest(request.url);
    await sendAll(sending, [fileToSend("letter.txt", "Dear Alice")], { sender: "Bob", note: "at last" });
    const secret = fromBase64Url(request.url.split("#")[1] as string);
    const { recorded } = device.network;
    expect(recorded.length).toBeGreaterThan(3);
    for (const { path, query, headers, body } of recorded) {
      const all = `${path}?${query} ${JSON.stringify(headers)} ${Buffer.from(body).toString("latin1")}`;
      for (const needle of [secret, secret.subarray(32), secret.subarray(0, 32)]) {
        expect(all).not.toContain(toBase64Url(needle));
        expect(all).not.toContain(Buffer.from(needle).toString("latin1"));
      }
      for (const word of ["letter.txt", "Dear Alice", "Bob", "at last", "Letters"]) expect(all).not.toContain(word);
    }
  });
});

describe("things that nobody sent", () => {
  it("E13 appear in the inbox at most, as of nobody known, and are not filed when the server has not what they name", async () => {
    const device = await sender();
    await sendAll(await device.excalibur.openRequest(request.url), [fileToSend("honest.txt", "honest")]);
    const invented = await inventedItem(["bill.txt"]);
    const garbage = { objectId: toBase64Url(randomBytes(16)), description: toBase64Url(randomBytes(2_000)) };
    const facts = { arrivedMs: 1, ciphertextLength: 658, root: toBase64Url(randomBytes(32)) };
    const { network } = alice.laptop;
    network.alterJson<{ items: object[]; more: boolean }>("listItems", ({ items, more }) => ({
      items: [...items, { ...invented, ...facts, place: 1_000 }, { ...garbage, ...facts, place: 1_001 }],
      more,
    }));
    const inbox = await (await requests()).inbox(request.id);
    expect(inbox.map(({ state }) => state)).toEqual(["sealed", "unreadable", "unreadable"]);
    expect(inbox.map(({ problem }) => (problem as { code?: string } | undefined)?.code)).toEqual([
      ...[undefined, "item_mismatch", "request_item"],
    ]);
    const { files } = await alice.laptop.drive;
    const folderId = await files.makeFolders("/quarantine");
    const settled = await (await requests()).accept(request.id, { folderId });
    expect(settled).toMatchObject([{ name: "honest.txt" }]);
    expect(await alice.laptop.names("/quarantine")).toEqual(["honest.txt"]);
  });

  it("E13 whose bytes the server exchanges are found by looking, and open nothing", async () => {
    const device = await sender();
    const sending = await device.excalibur.openRequest(request.url);
    await sendAll(sending, [fileToSend("one.txt", "one"), fileToSend("two.txt", "two")]);
    const [one, two] = await (await requests()).inbox(request.id);
    // Descriptions that change places: each names its own object.
    alice.laptop.network.alterJson<{ items: { description: string }[] }>("listItems", ({ items, ...rest }) => ({
      items: items.map((item, at) => ({ ...item, description: items[1 - at]!.description })),
      ...rest,
    }));
    const swapped = await (await requests()).inbox(request.id);
    expect(swapped.map(({ state }) => state)).toEqual(["unreadable", "unreadable"]);
    alice.laptop.network.behave();
    // The same of another request of hers, whose key is another.
    const other = await (await requests()).create({ title: "Elsewhere" });
    const theirs = await inventedItem(["x"]);
    alice.laptop.network.alterJson("listItems", () => ({
      items: [{ ...theirs, arrivedMs: 1, ciphertextLength: 658, root: toBase64Url(randomBytes(32)), place: 1 }],
      more: false,
    }));
    expect((await (await requests()).inbox(other.id)).map(({ state }) => state)).toEqual(["unreadable"]);
    alice.laptop.network.behave();
    // Bytes: the inbox cannot know before it reads them, and verify does.
    const ids = [one!.id, two!.id];
    alice.laptop.network.alter("fetchObjects", (body) => {
      body[body.length - 1]! ^= 1;
      return body;
    });
    const verified = await (await requests()).verify(request.id, ids);
    expect(verified.filter((problem) => problem !== undefined)).toHaveLength(1);
    alice.laptop.network.behave();
    expect(await (await requests()).verify(request.id, ids)).toEqual([undefined, undefined]);
  });

  it("E13 are no proof for a sender that something was filed", async () => {
    const device = await sender();
    const sending = await device.excalibur.openRequest(request.url);
    await sendAll(sending, [fileToSend("letter.txt", "Dear Alice")]);
    device.network.alterJson<{ items: object[] }>("listSent", ({ items, ...rest }) => ({
      items: items.map((item) => ({ ...item, proof: toBase64Url(randomBytes(32)) })),
      ...rest,
    }));
    expect((await sending.receipt()).items.map(({ filed }) => filed)).toEqual([false]);
    device.network.behave();
    const { files } = await alice.laptop.drive;
    await (await requests()).accept(request.id, { folderId: files.rootId });
    expect((await sending.receipt()).items.map(({ filed }) => filed)).toEqual([true]);
  });

  it("E13 in a flood end at the caps, and leave the rest of the drive as it was", async () => {
    const device = await sender();
    const sending = await device.excalibur.openRequest(request.url);
    const flood = Array.from({ length: 40 }, (_, at) => fileToSend(`${at}`, `${at}`));
    const fates = Object.values(await sendAll(sending, flood));
    expect(fates.filter((fate) => fate === "sent")).toHaveLength(20);
    expect(fates.filter((fate) => fate === "request_full")).toHaveLength(20);
    await alice.laptop.write(`/own-${senders}.txt`, "there is room for her own");
    expect(await (await requests()).inbox(request.id)).toHaveLength(20);
  });
});

it("E13 has a control: the key that the address names is the one that the owner holds", async () => {
  const address = parseRequestUrl(request.url);
  const { publicKey } = await openState();
  const { keyHash } = await requestKeysOf({ sealingSeed: randomBytes(32) });
  expect(toBase64Url(keyHash)).not.toBe(toBase64Url(address.keyHash));
  expect(fromBase64Url(publicKey)).toHaveLength(1216);
});
