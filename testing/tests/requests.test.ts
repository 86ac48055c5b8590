import { API_PREFIX, LIMITS, ROUTES } from "@excalibur/core/protocol";
import { Entrance } from "@excalibur/sdk/account";
import { describe, expect, it } from "vitest";
import { World } from "../src/index.ts";

const JSON_TYPE = { "content-type": "application/json" };

interface Sent {
  readonly status: number;
  readonly code: string | undefined;
}

async function send(url: string, init: RequestInit): Promise<Sent> {
  const answer = await fetch(url, init);
  const text = await answer.text();
  const isProblem = (answer.headers.get("content-type") ?? "").startsWith("application/problem+json");
  return { status: answer.status, code: isProblem ? (JSON.parse(text) as { code: string }).code : undefined };
}

function nested(depth: number): string {
  return `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
}

describe("a request that makes no sense", () => {
  it("G3 is refused with a code, by a server that goes on and logs no failure of its own", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const start = `${world.origin}${API_PREFIX}/sign-in/start`;
    const post = (body: BodyInit, headers: Record<string, string> = JSON_TYPE) =>
      send(start, { method: "POST", body, headers });
    const name = "alice";

    const refused = { status: 400, code: "bad_request" };
    expect(await post("{")).toEqual(refused);
    expect(await post("")).toEqual(refused);
    expect(await post("null")).toEqual(refused);
    expect(await post("[]")).toEqual(refused);
    expect(await post('"text"')).toEqual(refused);
    expect(await post(nested(LIMITS.jsonDepth + 1))).toEqual(refused);
    expect(await post(nested(30_000))).toEqual(refused);
    expect(await post(Buffer.from([0xff, 0xfe, 0x00]))).toEqual(refused);
    expect(await post(JSON.stringify({ name }))).toEqual(refused);
    expect(await post(JSON.stringify({ name, loginRequest: "A".repeat(200), more: 1 }))).toEqual(refused);
    expect(await post(JSON.stringify({ name, loginRequest: 7 }))).toEqual(refused);
    expect(await post('{"name":"alice","__proto__":{"loginRequest":"AAAA"}}')).toEqual(refused);
    expect(await post(JSON.stringify({ name: "a'; drop table accounts;--", loginRequest: "A".repeat(128) }))).toEqual(
      refused,
    );
    expect(await post(JSON.stringify({ name, loginRequest: "A".repeat(LIMITS.jsonBodyBytes) }))).toMatchObject({
      status: 413,
      code: "body_too_large",
    });
    expect(await post("{}", { "content-type": "text/plain" })).toMatchObject({ status: 415 });
    expect(await post("{}", { "content-type": "application/json; charset=utf-7" })).toMatchObject({
      status: expect.any(Number),
    });

    for (const path of [
      "/",
      "/sign-in",
      "/%2e%2e/secrets.json",
      "/objects/..%2f..%2fsecrets.json",
      "/volumes/%00",
      `/${"x".repeat(5_000)}`,
    ]) {
      const { status } = await send(`${world.origin}${API_PREFIX}${path}`, {});
      expect([400, 401, 404, 405, 414, 431], path).toContain(status);
    }
    expect(await send(start, { method: "DELETE" })).toMatchObject({ status: 405, code: "method_not_allowed" });

    expect(world.logs()).not.toContain("request failed");
    await alice.device("and everybody signs in as before");
  });

  it("signed by somebody is refused just the same, on every route that takes something", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { transport } = (await new Entrance(alice.laptop.ports).open()).api;
    const volumeId = Buffer.from((await alice.laptop.drive).volume.volumeId).toString("base64url");
    const id = "A".repeat(22);
    const params: Record<string, string> = { objectId: id, part: "0", sessionId: id, userId: id };
    const nonsense: unknown[] = [
      {},
      [],
      null,
      7,
      { commit: "" },
      JSON.parse(nested(40)),
      { hashes: Array(100_000).fill("A") },
    ];
    let asked = 0;
    for (const route of ROUTES.filter(({ kind, body }) => kind !== "open" && body !== undefined)) {
      const bodies =
        typeof route.body === "symbol"
          ? [Buffer.alloc(0), Buffer.from("EXB3nonsense"), Buffer.alloc(5_000, 0xff)]
          : nonsense;
      for (const body of bodies) {
        const options = {
          params: { ...params, volumeId },
          query: { from: 0, to: 1 },
          body,
          leaves: new Uint8Array(32),
          attempts: 1,
        };
        const error = await transport.call(route, options as never).then(
          () => undefined,
          (reason: unknown) => reason as { code?: string; facts?: { status: number } },
        );
        asked += 1;
        expect(error, route.id).toBeDefined();
        expect(error?.code, route.id).not.toBe("internal");
        expect(error?.facts?.status ?? 400, `${route.id}: ${error?.code}`).toBeLessThan(500);
      }
    }
    expect(asked).toBeGreaterThan(30);
    expect(world.logs()).not.toContain("request failed");
    expect(await alice.laptop.names("/")).toEqual([]);
  });
});
