import { concatBytes, fromBase64Url, toBase64Url, uint32 } from "@excalibur/core/bytes";
import { randomBytes } from "@excalibur/core/primitives";
import {
  changeLink,
  createLink,
  createUpload,
  fetchObjects,
  getHead,
  getLinkLog,
  getObject,
  knockLink,
  LIMITS,
  type LinkRules,
  listLinks,
  openLink,
  postBatch,
  postCommit,
  putPages,
  type SessionId,
} from "@excalibur/core/protocol";
import { ROLES } from "@excalibur/core/volume/record";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { amount } from "../../../../scripts/test/long-mode.ts";
import { deleteSomeOfVolume } from "../../db/stores/removal.ts";
import { type OpaqueObject, opaqueBatch, opaqueObject } from "../../testing/opaque-object.ts";
import { NO_RULES, newLinkBody, newTestLink, type TestLink, visitorOf } from "../../testing/test-link.ts";
import { type SignedInPerson, startTestServer, type TestServer } from "../../testing/test-server.ts";
import {
  readAnswer,
  signingSession,
  type TestAnswer,
  type TestCall,
  type TestSession,
} from "../../testing/test-session.ts";
import type { VolumeWriter } from "../../testing/volume-writer.ts";

const DAY_MS = 86_400_000;

let server: TestServer;
let alice: SignedInPerson;

beforeAll(async () => {
  // One clock for the server and everybody who asks it.
  vi.useFakeTimers({ toFake: ["Date"] });
  server = await startTestServer();
  alice = await server.signedIn("alice");
});
afterAll(async () => {
  vi.useRealTimers();
  await server[Symbol.asyncDispose]();
});

function pass(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

interface Place {
  readonly volume: VolumeWriter;
  readonly link: TestLink;
}

/** A volume of Alice's with these links in it, each on its member list. */
async function linked(
  more: {
    readonly role?: "viewer" | "editor";
    readonly hasPassword?: boolean;
    readonly rules?: Partial<LinkRules>;
  } = {},
): Promise<Place> {
  const volume = await server.volumeOf(alice.person);
  const link = await newTestLink();
  expect((await alice.session.call(createLink, { json: newLinkBody(link, volume.id, more) })).status).toBe(200);
  await setLinks(volume, [link], more.role);
  return { volume, link };
}

async function setLinks(volume: VolumeWriter, links: readonly TestLink[], role = "viewer", rotate = false) {
  const linkRole = role === "editor" ? ROLES.linkEditor : ROLES.linkViewer;
  const all = [{ person: alice.person, role: ROLES.owner }, ...links.map((person) => ({ person, role: linkRole }))];
  const sorted = all.sort((a, b) => Buffer.compare(a.person.userId, b.person.userId));
  const { written, manifest, previousKeys } = volume.writeMembers(sorted, { rotate });
  const json = {
    commit: toBase64Url(written.bytes),
    manifest: toBase64Url(manifest.bytes),
    envelopes: sorted.map(({ person }) => toBase64Url(volume.envelopeFor(person, manifest))),
    ...(rotate && { previousKeys: toBase64Url(previousKeys) }),
  };
  const answer = await alice.session.call(postCommit, { params: { volumeId: volume.id }, json });
  if (answer.status === 200) volume.accept(written, manifest);
  return answer;
}

function open(route: typeof knockLink | typeof openLink, { link }: Pick<Place, "link">, json: unknown) {
  const url = `${server.origin}/api/links/${link.id}/${route === knockLink ? "knock" : "session"}`;
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(json) };
  return fetch(url, init).then(readAnswer);
}

const knock = (place: Pick<Place, "link">, shown: Uint8Array = place.link.knock) =>
  open(knockLink, place, { knock: toBase64Url(shown) });

/** Knocks and opens with these keys; `wrong` plays a wrong password. */
async function enter(place: Pick<Place, "link">, wrong = false): Promise<TestAnswer & { readonly seed: Uint8Array }> {
  const { body } = await knock(place);
  const challenge = {
    loginId: fromBase64Url(String(body["loginId"])),
    serverNonce: fromBase64Url(String(body["serverNonce"])),
  };
  const keys = wrong ? { ...place.link, signatureSeed: randomBytes(32) } : place.link;
  const visitor = visitorOf(keys, challenge, server.origin);
  return { ...(await open(openLink, place, visitor.body)), seed: visitor.seed };
}

async function visit(place: Pick<Place, "link">): Promise<TestSession> {
  const { body, seed } = await enter(place);
  return signingSession({ origin: server.origin, sessionId: body["sessionId"] as SessionId, seed });
}

async function store(volume: VolumeWriter, sizes: readonly number[]): Promise<OpaqueObject[]> {
  const objects = sizes.map((size) => opaqueObject(size));
  const { body, signedLeaves } = opaqueBatch(objects);
  await alice.session.call(postBatch, { raw: body, leaves: signedLeaves });
  await list(alice.session, volume, objects);
  return objects;
}

async function list(
  session: TestSession,
  volume: VolumeWriter,
  objects: readonly OpaqueObject[],
  writer: Parameters<VolumeWriter["write"]>[0]["writer"] = undefined,
): Promise<TestAnswer> {
  const added = objects.map(({ objectId }) => ({ objectId, count: 1 }));
  const sorted = added.sort((a, b) => Buffer.compare(a.objectId, b.objectId));
  const written = volume.write({ pages: [{ nodeId: volume.volumeId }], added: sorted, ...(writer && { writer }) });
  const params = { volumeId: volume.id };
  const raw = concatBytes(...written.pages.flatMap(({ bytes }) => [uint32(bytes.length), bytes]));
  await session.call(putPages, { params, raw });
  const answer = await session.call(postCommit, { params, json: { commit: toBase64Url(written.bytes) } });
  if (answer.status === 200) volume.accept(written);
  return answer;
}

function read(session: TestSession, { id }: OpaqueObject, range?: string): Promise<TestAnswer> {
  const call: TestCall = { params: { objectId: id }, ...(range !== undefined && { headers: { range } }) };
  return session.call(getObject, call);
}

async function facts({ link }: Pick<Place, "link">): Promise<Record<string, unknown>> {
  const { body } = await alice.session.call(listLinks);
  return (body["links"] as Record<string, unknown>[]).find(({ linkId }) => linkId === link.id) ?? {};
}

async function outcomes({ link }: Pick<Place, "link">): Promise<string[]> {
  const { body } = await alice.session.call(getLinkLog, { params: { linkId: link.id } });
  return (body["entries"] as { outcome: string; count: number }[])
    .map(({ outcome, count }) => (count > 1 ? `${outcome} ${count}` : outcome))
    .sort();
}

async function setRules(place: Pick<Place, "link">, rules: Partial<LinkRules>): Promise<void> {
  const json = { rules: { ...NO_RULES, ...rules } };
  expect((await alice.session.call(changeLink, { params: { linkId: place.link.id }, json })).status).toBe(204);
}

const codeOf = ({ body }: TestAnswer) => body["code"];

describe("a link that is knocked at", () => {
  it("E3 answers how it stands to the right knock alone; to every other it is the 404 of a link that never was", async () => {
    const never = { link: await newTestLink() };
    const begun = { link: await newTestLink() };
    const volume = await server.volumeOf(alice.person);
    await alice.session.call(createLink, { json: newLinkBody(begun.link, volume.id) });
    const [fine, paused, expired, usedUp, revoked, gone] = [
      await linked(),
      await linked({ rules: { paused: true } }),
      await linked({ rules: { expiresMs: Date.now() - 1 } }),
      await linked({ rules: { maxDownloads: 1 } }),
      await linked(),
      await linked(),
    ];
    const [object] = (await store(usedUp.volume, [100])) as [OpaqueObject];
    await read(await visit(usedUp), object);
    for (const { volume: left } of [revoked, gone]) await setLinks(left, [], "viewer", true);
    const { database } = server.running.context;
    while (await database.write((tx) => deleteSomeOfVolume(tx, gone.volume.volumeId)));
    const rest = async (answer: Promise<TestAnswer>) => {
      const { status, headers, body } = await answer;
      const kept = [...headers].filter(([name]) => !["date", "x-request-id"].includes(name));
      return { status, headers: kept, body: { ...body, requestId: "" } };
    };
    const unknown = await rest(knock(never));
    expect(unknown).toMatchObject({ status: 404, body: { code: "not_found" } });
    for (const place of [begun, fine, paused, expired, usedUp, revoked, gone]) {
      expect(await rest(knock(place, randomBytes(32)))).toEqual(unknown);
      const session = { knock: toBase64Url(randomBytes(32)), loginId: toBase64Url(randomBytes(16)) };
      const { body } = visitorOf(place.link, { loginId: randomBytes(16), serverNonce: randomBytes(32) }, server.origin);
      expect(await rest(open(openLink, place, { ...body, ...session }))).toEqual(unknown);
    }
    expect(await rest(knock(begun))).toEqual(unknown);
    const told = await Promise.all(
      [fine, paused, expired, usedUp, revoked, gone].map((place) => knock(place).then(codeOf)),
    );
    expect(told).toEqual([
      ...[undefined, "link_paused", "link_expired", "link_used_up", "link_revoked", "link_revoked"],
    ]);
    // Writing it down is for those who have the address; a stranger leaves no trace.
    expect(await outcomes(paused)).toEqual(["paused"]);
    expect(await outcomes(fine)).toEqual([]);
  });

  it("lets somebody in once for each login, and for a proof of this link alone", async () => {
    const [place, other] = [await linked(), await linked()];
    const { body } = await knock(place);
    const challenge = {
      loginId: fromBase64Url(String(body["loginId"])),
      serverNonce: fromBase64Url(String(body["serverNonce"])),
    };
    const visitor = visitorOf(place.link, challenge, server.origin);
    expect(codeOf(await open(openLink, other, { ...visitor.body, knock: toBase64Url(other.link.knock) }))).toBe(
      "bad_request",
    );
    expect(codeOf(await open(openLink, place, visitor.body))).toBe("bad_request");
    expect((await enter(place)).status).toBe(200);
    expect(codeOf(await enter(place, true))).toBe("bad_request");
  });
});

describe("wrong passwords", () => {
  it("E4 are counted when they begin and lock for their network, many at once too; the right one is let in again after it", async () => {
    const place = await linked({ hasPassword: true });
    const guesses = await Promise.all(Array.from({ length: 14 }, () => enter(place, true)));
    const codes = guesses.map(codeOf);
    expect(codes.filter((code) => code === "link_password_wrong")).toHaveLength(10);
    expect(codes.filter((code) => code === "too_many_attempts")).toHaveLength(4);
    const locked = await enter(place);
    expect(locked.body).toMatchObject({ code: "too_many_attempts", retryAfterMs: expect.any(Number) });
    expect(await outcomes(place)).toEqual(["locked 5", "wrong-password 10"]);
    pass(60_000);
    expect((await enter(place)).status).toBe(200);
    expect(codeOf(await enter(place, true))).toBe("link_password_wrong");
  });
});

describe("a visitor's session", () => {
  it("ends at once when the link is paused, has expired, or is taken back; and by itself", async () => {
    const endings: ((place: Place) => Promise<unknown>)[] = [
      (place) => setRules(place, { paused: true }),
      (place) => setRules(place, { expiresMs: Date.now() }),
      (place) => setLinks(place.volume, [], "viewer", true),
      async () => {
        pass(LIMITS.linkSessionIdleMs);
      },
    ];
    for (const end of endings) {
      const place = await linked();
      const session = await visit(place);
      const params = { volumeId: place.volume.id };
      const before = await session.call(getHead, { params });
      expect(before.status).toBe(200);
      expect(before.body).toMatchObject({
        links: [toBase64Url(place.link.identity.bytes)],
        envelopes: [expect.any(String)],
      });
      await end(place);
      expect(codeOf(await session.call(getHead, { params }))).toBe("session_ended");
    }
  });

  it("reads its own volume and nothing else", async () => {
    const [place, other] = [await linked(), await linked()];
    const [hers] = (await store(other.volume, [100])) as [OpaqueObject];
    const session = await visit(place);
    expect(codeOf(await session.call(getHead, { params: { volumeId: other.volume.id } }))).toBe("not_found");
    expect(codeOf(await read(session, hers))).toBe("not_found");
  });

  it("that is being sent a large file is cut off when the link is paused", async () => {
    const place = await linked();
    const [object] = (await store(place.volume, [900_000])) as [OpaqueObject];
    const session = await visit(place);
    const { url, init } = session.prepare(getObject, { params: { objectId: object.id } });
    const response = await fetch(url, init);
    await setRules(place, { paused: true });
    const got = await response.arrayBuffer().then(
      (bytes) => bytes.byteLength,
      () => "cut",
    );
    // What had left before may be all of it on a fast line; then there is nothing to cut.
    expect([object.bytes.length, "cut"]).toContain(got);
    expect(codeOf(await read(session, object))).toBe("session_ended");
  });
});

describe("uses of a link", () => {
  it("visitors who come at once share out exactly what is left", async () => {
    const visitors = amount({ everyday: 30, long: 100 });
    const place = await linked({ rules: { maxDownloads: 7 } });
    const [object] = (await store(place.volume, [100])) as [OpaqueObject];
    const sessions = await Promise.all(Array.from({ length: visitors }, () => visit(place)));
    const answers = await Promise.all(sessions.flatMap((session) => [read(session, object), read(session, object)]));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(14);
    expect(answers.filter((answer) => codeOf(answer) === "link_used_up")).toHaveLength(2 * visitors - 14);
    expect(await facts(place)).toMatchObject({ downloads: 7 });
    expect(codeOf(await knock(place))).toBe("link_used_up");
    // Who has one goes on reading.
    const winner = sessions.find((_, index) => answers[2 * index]?.status === 200) as TestSession;
    expect((await read(winner, object)).status).toBe(200);
  });

  it("count at the first content and are complete at 90 % of its bytes, each once; thumbnails and pages cost nothing", async () => {
    const place = await linked({ rules: { maxDownloads: 1 } });
    const picture = opaqueObject(100, 2);
    const { body, signedLeaves } = opaqueBatch([picture]);
    await alice.session.call(postBatch, { raw: body, leaves: signedLeaves });
    await list(alice.session, place.volume, [picture]);
    const [object] = (await store(place.volume, [700_000])) as [OpaqueObject];
    const total = object.bytes.length;
    const session = await visit(place);
    await session.call(getHead, { params: { volumeId: place.volume.id } });
    expect((await read(session, picture)).status).toBe(200);
    expect(await facts(place)).toMatchObject({ downloads: 0 });
    const half = `bytes=0-${Math.floor(total * 0.6)}`;
    for (let again = 0; again < 3; again++) expect((await read(session, object, half)).status).toBe(206);
    expect(await facts(place)).toMatchObject({ downloads: 1 });
    expect(await outcomes(place)).toEqual(["opened"]);
    expect(codeOf(await knock(place))).toBe("link_used_up");
    // A day later what was not completed is free again, and the visitor's session is over.
    pass(DAY_MS);
    const second = await visit(place);
    expect((await read(second, object, half)).status).toBe(206);
    expect((await read(second, object, `bytes=${Math.floor(total * 0.6)}-${total - 1}`)).status).toBe(206);
    expect(await outcomes(place)).toEqual(["downloaded", "opened", "opened", "used-up"]);
    pass(DAY_MS);
    expect(codeOf(await knock(place))).toBe("link_used_up");
    expect(await facts(place)).toMatchObject({ downloads: 1 });
  });

  it("count for small files fetched together, and their maker is told", async () => {
    const place = await linked({ rules: { maxDownloads: 1 } });
    const objects = await store(place.volume, [100, 200]);
    const session = await visit(place);
    const json = { objectIds: objects.map(({ id }) => id) };
    expect((await session.call(fetchObjects, { json })).status).toBe(200);
    expect(await outcomes(place)).toEqual(["downloaded", "opened"]);
    expect(codeOf(await knock(place))).toBe("link_used_up");
  });
});

describe("a link's row", () => {
  it("stands in a member list only as it was prepared, and never again once it was taken off", async () => {
    const { volume, link } = await linked();
    const stranger = await newTestLink();
    const refusal = { status: 422, body: expect.objectContaining({ code: "record_invalid", reason: "link" }) };
    expect(await setLinks(volume, [link, stranger])).toMatchObject(refusal);
    const other = await newTestLink();
    await alice.session.call(createLink, { json: newLinkBody(other, volume.id, { role: "editor" }) });
    expect(await setLinks(volume, [link, other])).toMatchObject(refusal);
    expect((await setLinks(volume, [], "viewer", true)).status).toBe(200);
    expect(await setLinks(volume, [link])).toMatchObject(refusal);
  });

  it("has no id that is an account's, and an account none that is a link's", async () => {
    const volume = await server.volumeOf(alice.person);
    const link = await newTestLink();
    const body = newLinkBody(link, volume.id);
    const own = { ...body, linkId: toBase64Url(alice.person.userId) };
    expect((await alice.session.call(createLink, { json: own })).body).toMatchObject({ code: "record_invalid" });
    expect((await alice.session.call(createLink, { json: body })).status).toBe(200);
    expect((await alice.session.call(createLink, { json: body })).body).toMatchObject({ reason: "linkId" });
  });
});

describe("an editor link", () => {
  it("writes and uploads for the owner's quota; what it sends is its own until a commit lists it", async () => {
    const place = await linked({ role: "editor" });
    const other = await linked({ role: "editor" });
    const { database } = server.running.context;
    const used = async () =>
      (
        await database.read
          .selectFrom("accounts")
          .select("used_bytes")
          .where("user_id", "=", alice.person.userId)
          .executeTakeFirstOrThrow()
      ).used_bytes;
    const before = await used();
    const [session, stranger] = [await visit(place), await visit(other)];
    const object = opaqueObject(100);
    const { body, signedLeaves } = opaqueBatch([object]);
    expect((await session.call(postBatch, { raw: body, leaves: signedLeaves })).status).toBe(200);
    expect((await used()) - before).toBe(object.bytes.length);
    expect(codeOf(await list(stranger, other.volume, [object], other.link))).toBe("object_missing");
    expect((await list(session, place.volume, [object], place.link)).status).toBe(200);
    expect((await used()) - before).toBe(object.bytes.length);
    expect((await read(session, object)).status).toBe(200);
    expect(codeOf(await read(stranger, object))).toBe("not_found");
    // A large one, begun by the link, is nobody else's.
    const large = opaqueObject(2_000_000);
    const json = { objectId: large.id, ciphertextLength: large.bytes.length };
    expect((await session.call(createUpload, { json })).status).toBe(200);
    expect(codeOf(await stranger.call(createUpload, { json }))).toBe("object_exists");
    expect(codeOf(await alice.session.call(createUpload, { json }))).toBe("object_exists");
    expect((await used()) - before).toBe(object.bytes.length + large.bytes.length);
  });

  it("changes no members, and a viewer link writes nothing", async () => {
    const place = await linked({ role: "editor" });
    const session = await visit(place);
    const { written, manifest } = place.volume.writeMembers(
      [
        { person: alice.person, role: ROLES.owner },
        { person: place.link, role: ROLES.linkEditor },
      ].sort((a, b) => Buffer.compare(a.person.userId, b.person.userId)),
      { fields: { writerFingerprint: place.link.identity.fingerprint } },
    );
    const json = { commit: toBase64Url(written.bytes), manifest: toBase64Url(manifest.bytes), envelopes: [] };
    const params = { volumeId: place.volume.id };
    expect(codeOf(await session.call(postCommit, { params, json }))).toBe("commit_invalid");
    const viewer = await linked();
    expect(codeOf(await list(await visit(viewer), viewer.volume, [], viewer.link))).toBe("forbidden");
  });
});
