/** Who may do what: every route × every caller (docs/spec/access.md), and what a stranger must not reach in other ways. */

import { concatBytes, toBase64Url, uint32 } from "@excalibur/core/bytes";
import { randomBytes } from "@excalibur/core/primitives";
import {
  cancelUpload,
  completeUpload,
  createUpload,
  deleteAccount,
  endSession,
  fetchObjects,
  getObject,
  HEADER,
  listSessions,
  postBatch,
  postCommit,
  putPart,
  ROUTES,
  type Route,
} from "@excalibur/core/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type AccessWorld,
  CALLERS,
  type Caller,
  callAs,
  expectedOutcome,
  rowDigests,
  type SampleCall,
  sampleCall,
  startAccessWorld,
} from "../testing/access/index.ts";
import { type OpaquePart, opaqueBatch, opaqueBytes, opaqueObject } from "../testing/opaque-object.ts";
import { readAnswer, type TestAnswer } from "../testing/test-session.ts";

let world: AccessWorld;

beforeAll(async () => {
  world = await startAccessWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

async function send(caller: Caller, route: Route, call: SampleCall, place = world): Promise<TestAnswer> {
  const { url, init } = callAs(place, caller, route, call);
  return readAnswer(await fetch(url, init));
}

function outcomeOf({ status, body }: TestAnswer) {
  return { status, ...(status >= 400 && { code: body["code"] }) };
}

const guarded = ROUTES.filter(({ kind }) => kind !== "open");
const named = guarded.map((route) => [route.id, route] as const);
const digests = (place = world) => rowDigests(place.server.running.context.database);

describe.each(named)("G2: %s", (_id, route) => {
  it("answers each caller as docs/spec/access.md says, and changes nothing for whom it refuses", async () => {
    // Whom it deletes, others cannot be asked for: that happens in a world of its own.
    await using own = route.id === deleteAccount.id ? await startAccessWorld() : undefined;
    // What the job takes afterwards is not what the answer changed.
    await own?.server.running.context.jobs.stop();
    const place = own ?? world;
    let call = await sampleCall(place, route);
    // Callers who are refused one after the other are looked after together: reading every row is most of the work.
    let before: Awaited<ReturnType<typeof digests>> | undefined;
    const expectUnchanged = async (until: Caller | "the end"): Promise<void> => {
      if (before !== undefined) expect({ until, ...(await digests(place)) }).toEqual({ until, ...before });
      before = undefined;
    };
    for (const caller of Object.keys(CALLERS) as Caller[]) {
      const { note: _note, ...expected } = expectedOutcome(route, caller);
      const isRefused = expected.status >= 400;
      if (isRefused) before ??= await digests(place);
      else await expectUnchanged(caller);
      expect([caller, outcomeOf(await send(caller, route, call, place))]).toEqual([caller, expected]);
      if (isRefused) continue;
      if (caller !== "stranger" && caller !== "removed") call.accepted?.();
      if (caller !== "owner") call = await sampleCall(place, route);
    }
    await expectUnchanged("the end");
  });
});

describe.each(ROUTES.filter(({ kind }) => kind === "open").map((route) => [route.id, route] as const))(
  "G2: %s",
  (_id, route) => {
    it("answers anybody, and nobody's signature makes a difference", async () => {
      const { url, init } = world.sessions.ended.prepare(route, await sampleCall(world, route));
      const answer = await readAnswer(await fetch(url, init));
      expect(outcomeOf(answer)).toEqual(expectedOutcome(route, "anonymous"));
      const again = await send("anonymous", route, await sampleCall(world, route));
      expect(outcomeOf(again)).toEqual(expectedOutcome(route, "anonymous"));
    });
  },
);

describe("G2: a stranger", () => {
  it("gets nothing of others' objects in bulk", async () => {
    const { stored, sessions } = world;
    const fetched = await sessions.stranger.call(fetchObjects, { json: { objectIds: [stored.id] } });
    expect(fetched.bytes).toEqual(concatBytes(stored.objectId, uint32(0)));
    const own = await sessions.owner.call(fetchObjects, { json: { objectIds: [stored.id] } });
    expect(own.bytes.length).toBe(20 + stored.bytes.length);
  });

  it("ends no session and cancels no upload of others, and does not learn whether they were there", async () => {
    const end = await sampleCall(world, endSession);
    const cancel = await sampleCall(world, cancelUpload);
    const before = await digests();
    const nothing = toBase64Url(randomBytes(16));
    const answers = [
      await send("stranger", endSession, end),
      await send("stranger", endSession, { params: { sessionId: nothing } }),
      await send("stranger", cancelUpload, cancel),
      await send("stranger", cancelUpload, { params: { objectId: nothing } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204]);
    // His own answers are remembered for him: nothing else differs.
    const { nonces: _1, idempotency: _2, ...after } = await digests();
    expect(before).toMatchObject(after);
    const { body } = await world.sessions.owner.call(listSessions);
    const ids = (body["sessions"] as { sessionId: string }[]).map(({ sessionId }) => sessionId);
    expect(ids).toContain(end.params?.["sessionId"]);
  });
});

describe("G3: an object that is there", () => {
  const read = async () =>
    (await world.sessions.owner.call(getObject, { params: { objectId: world.stored.id } })).bytes;

  it("is not written over by its id: by a batch, by an upload, by its owner or a stranger", async () => {
    const { stored, sessions } = world;
    const other = { ...stored, bytes: opaqueBytes(1, stored.objectId, 100) };
    const otherObject = { ...opaqueObject(100, 1, stored.objectId), bytes: other.bytes };
    const batch = opaqueBatch([{ ...otherObject, root: opaqueObject(100, 1, stored.objectId).root }]);
    for (const session of [sessions.stranger, sessions.owner]) {
      const answer = await session.call(postBatch, { raw: batch.body, leaves: batch.signedLeaves });
      const results = (answer.body["results"] ?? [{ status: "refused" }]) as { status: string }[];
      expect(results.map(({ status }) => status)).toEqual(["refused"]);
      const begun = await session.call(createUpload, {
        json: { objectId: stored.id, ciphertextLength: stored.bytes.length },
      });
      expect(begun.body["code"]).toBe("object_exists");
      expect(await read()).toEqual(stored.bytes);
    }
  });

  it("is not written to by late parts or a second completion of its upload", async () => {
    const { owner } = world.sessions;
    const object = opaqueObject(100);
    const { bytes, signedLeaves } = object.parts[0] as OpaquePart;
    const params = { objectId: object.id };
    const json = { ciphertextLength: object.bytes.length, treeHash: toBase64Url(object.treeHash) };
    await owner.call(createUpload, { json: { objectId: object.id, ciphertextLength: object.bytes.length } });
    await owner.call(putPart, { params: { ...params, part: 0 }, raw: bytes, leaves: signedLeaves });
    expect((await owner.call(completeUpload, { params, json })).status).toBe(200);
    const other = opaqueObject(100, 1, object.objectId);
    const late = other.parts[0] as OpaquePart;
    const put = { params: { ...params, part: 0 }, raw: late.bytes, leaves: late.signedLeaves };
    expect((await owner.call(putPart, put)).body["code"]).toBe("upload_not_found");
    const otherEnd = { ...json, treeHash: toBase64Url(other.treeHash) };
    expect((await owner.call(completeUpload, { params, json: otherEnd })).status).toBeGreaterThanOrEqual(400);
    expect((await owner.call(getObject, { params })).bytes).toEqual(object.bytes);
  });
});

describe("G3: addresses and texts that want to be something else", () => {
  const hostile = [
    ...["../secrets.json", "..%2f..%2fsecrets.json", "%2e%2e%2fsecrets.json", "....//secrets.json", "%00", "a%00b"],
    ...["' or 1=1 --", "'; drop table accounts; --", '" or ""="', "%27%20or%201=1", "$ne", "{}", "[]", "\\", "a;b"],
  ];

  it("are nobody's: no file, no row, no failure", async () => {
    const before = await digests();
    for (const text of hostile) {
      for (const route of guarded.filter(({ params }) => params !== undefined)) {
        const path = route.path.replaceAll(/:[A-Za-z]+/g, () => encodeURI(text));
        const raw = await fetch(`${world.server.origin}/api${path}`, { method: route.method });
        expect([text, route.id, [400, 401, 404, 405].includes(raw.status)]).toEqual([text, route.id, true]);
        await raw.arrayBuffer();
      }
      const params = { objectId: world.stored.id, volumeId: world.alice.volume.id, sessionId: text };
      for (const route of [endSession, getObject, postCommit] as Route[]) {
        const call = { params: { ...params, objectId: encodeURIComponent(text), volumeId: encodeURIComponent(text) } };
        const { status } = await send("owner", route, { ...call, json: { commit: text } });
        expect([text, route.id, [400, 401, 404, 405].includes(status)]).toEqual([text, route.id, true]);
      }
    }
    expect(await digests()).toEqual(before);
  });

  it("a page of another site gets no use of it: no cookies are set, no origin is let in, a simple form is refused", async () => {
    const answer = await fetch(`${world.server.origin}/api/sign-in/start`, {
      method: "POST",
      body: "name=alice&loginRequest=AAAA",
      headers: { "content-type": "application/x-www-form-urlencoded", origin: "https://evil.example" },
    });
    expect(answer.status).toBe(415);
    const { url, init } = callAs(world, "owner", listSessions, {});
    const cross = await fetch(url, { ...init, headers: { ...init.headers, origin: "https://evil.example" } });
    const preflight = await fetch(url, {
      method: "OPTIONS",
      headers: { origin: "https://evil.example", "access-control-request-headers": HEADER.signature },
    });
    for (const { headers } of [answer, cross, preflight]) {
      expect(headers.get("set-cookie")).toBeNull();
      expect([...headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
    }
    await Promise.all([answer, cross, preflight].map((each) => each.arrayBuffer()));
  });
});

it("G3: whoever races against the quota gets no byte more than it", async () => {
  const { database } = world.server.running.context;
  const racer = await world.server.signedIn("racer", { quotaBytes: 10_000 });
  const uploads = Array.from({ length: 24 }, (_, i) => {
    const object = opaqueObject(500);
    const batch = opaqueBatch([object]);
    if (i % 2 === 0) return racer.session.call(postBatch, { raw: batch.body, leaves: batch.signedLeaves });
    return racer.session.call(createUpload, { json: { objectId: object.id, ciphertextLength: object.bytes.length } });
  });
  const answers = await Promise.all(uploads);
  expect(answers.some(({ status }) => status === 200)).toBe(true);
  expect(JSON.stringify(answers.map(({ body }) => body))).toContain("quota_exceeded");
  const { used_bytes } = await database.read
    .selectFrom("accounts")
    .select("used_bytes")
    .where("user_id", "=", racer.person.userId)
    .executeTakeFirstOrThrow();
  expect(used_bytes).toBeGreaterThan(0);
  expect(used_bytes).toBeLessThanOrEqual(10_000);
});
