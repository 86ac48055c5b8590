import { API_PREFIX, ROUTES } from "@excalibur/core/protocol";
import { describe, expect, it } from "vitest";
import { type Device, type Exchange, World } from "../../src/index.ts";

interface Captured extends Exchange {
  readonly url: string;
}

/** Writes down the next request of a route, and lets it pass. */
async function capture(device: Device, route: string, act: () => Promise<unknown>): Promise<Captured> {
  const captured: Exchange[] = [];
  device.network.interfere(route, async (exchange, ask) => {
    captured.push(exchange);
    return ask();
  });
  await act();
  device.network.behave();
  const [exchange] = captured;
  if (exchange === undefined) throw new Error(`${route} was not called.`);
  const query = exchange.query.size > 0 ? `?${exchange.query.toString()}` : "";
  return { ...exchange, url: `${device.server}${exchange.path}${query}` };
}

/** Sends a captured request again, changed or not, as somebody at a proxy would. */
async function replay(request: Captured, change: Partial<Captured> = {}): Promise<{ status: number; code: string }> {
  const { method, headers, body, url } = { ...request, ...change };
  const answer = await fetch(url, {
    method,
    headers,
    ...(method === "GET" ? {} : { body: Buffer.from(body) }),
  });
  const text = await answer.text();
  const isProblem = (answer.headers.get("content-type") ?? "").includes("problem+json");
  return { status: answer.status, code: isProblem ? (JSON.parse(text) as { code: string }).code : "" };
}

const UNSIGNED = { status: 401, code: "signature_required" };
const INVALID = { status: 401, code: "signature_invalid" };

describe("every route that is not open", () => {
  it("B9, B11 answers nobody without a signature, and says nothing else", async () => {
    await using world = await World.start();
    const closed = ROUTES.filter(({ kind }) => kind !== "open");
    expect(closed.length).toBeGreaterThan(15);
    for (const { id, method, path, body } of closed) {
      const url = `${world.origin}${API_PREFIX}${path.replaceAll(/:[A-Za-z]+/g, "AAAAAAAAAAAAAAAAAAAAAA").replace("/parts/AAAAAAAAAAAAAAAAAAAAAA", "/parts/0")}`;
      const raw = typeof body === "symbol";
      const payload = body === undefined ? {} : { body: raw ? Buffer.alloc(10) : "{}" };
      const type = { "content-type": raw ? "application/octet-stream" : "application/json" };
      const answer = await fetch(url, { method, ...payload, ...(body === undefined ? {} : { headers: type }) });
      expect(answer.status, id).toBe(401);
      expect(Object.keys((await answer.json()) as object), id).not.toContain("slot");
      const bearer = await fetch(url, {
        method,
        ...payload,
        headers: { ...type, authorization: "Bearer abc", cookie: "session=1" },
      });
      expect(bearer.status, id).toBe(401);
    }
  });

  it("B11 of the open ones hands out a slot or a keyring before its proof", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const device = await alice.newDevice("wrong");
    const seen: string[] = [];
    device.network.interfere("*", async (_, ask) => {
      const answer = await ask();
      seen.push(Buffer.from(answer.body).toString());
      return answer;
    });
    const way = { server: world.origin, name: "alice", deviceName: "wrong", client: "cli" } as const;
    await expect(device.excalibur.signIn({ ...way, password: "not her password" })).rejects.toThrow();
    const words = `${"abandon ".repeat(11)}about`;
    await expect(device.excalibur.recover({ ...way, words, newPassword: "some new password" })).rejects.toThrow();
    expect(seen.length).toBeGreaterThan(3);
    for (const text of seen) expect(text).not.toMatch(/slot|sealed|keyring/);
  });
});

describe("a signed request in the wrong hands", () => {
  it("B9 works for nothing but itself", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    const read = await capture(laptop, "listCommits", () => laptop.catchUp());
    const write = await capture(laptop, "postCommit", () => laptop.makeFolder("/made"));
    // Control: a read may be asked again within its minute, and gets what it got.
    expect(await replay(read)).toMatchObject({ status: 200 });

    expect(await replay(read, { url: read.url.replace("after=0", "after=1") })).toEqual(INVALID);
    expect(await replay(read, { url: read.url.replace("/commits", "/head").split("?")[0]! })).toEqual(INVALID);
    expect(await replay(read, { url: `${world.origin}/api/account/keyring` })).toEqual(INVALID);
    expect(await replay(write, { body: Buffer.from('{"commit":"AAAA"}') })).toMatchObject({
      status: 400,
      code: "content_mismatch",
    });
    const unsigned = Object.fromEntries(Object.entries(read.headers).filter(([name]) => !name.startsWith("signature")));
    expect(await replay(read, { headers: unsigned })).toEqual(UNSIGNED);

    const withHeader = (name: string, change: (value: string) => string) => ({
      headers: { ...write.headers, [name]: change(write.headers[name]!) },
    });
    const otherDigest = Buffer.alloc(32, 1).toString("base64");
    const lies = [
      withHeader("signature", (value) => value.replace(/:(..)/, (_, two: string) => `:${two === "AA" ? "BB" : "AA"}`)),
      withHeader("signature-input", (value) =>
        value.replace(/created=(\d+)/, (_, at: string) => `created=${Number(at) + 1}`),
      ),
      withHeader("signature-input", (value) => value.replace(' "idempotency-key"', "")),
      withHeader("signature-input", (value) => value.replace(' "content-digest"', "")),
      withHeader("signature-input", (value) => value.replace("excalibur-v3", "excalibur-v2")),
      withHeader("idempotency-key", () => "A".repeat(22)),
      withHeader("content-digest", () => `sha-256=:${otherDigest}:`),
    ];
    for (const lie of lies) expect(await replay(write, lie), JSON.stringify(lie)).toMatchObject({ status: 401 });
    expect(await laptop.names("/")).toEqual(["made"]);
  });

  it("B10 writes nothing twice: not within five minutes, not after a restart, not later", async () => {
    let passedMs = 0;
    await using world = await World.start({ server: { clock: () => Date.now() + passedMs } });
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    await laptop.catchUp();
    const write = await capture(laptop, "postCommit", () => laptop.makeFolder("/made"));
    const read = await capture(laptop, "listCommits", () => laptop.catchUp());

    expect(await replay(write)).toEqual({ status: 401, code: "replayed" });
    await world.restart();
    expect(await replay(write)).toEqual({ status: 401, code: "replayed" });
    for (const minutes of [2, -2, 600]) {
      passedMs = minutes * 60_000;
      expect(await replay(write), `${minutes}`).toEqual({ status: 401, code: "clock_skew" });
      expect(await replay(read), `${minutes}`).toEqual({ status: 401, code: "clock_skew" });
    }
    passedMs = 0;
    expect((await (await laptop.drive).volume.catchUp()).sequence).toBe(1);
  });

  it("B9 of a session that was ended is good for nothing", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await alice.laptop.catchUp();
    const read = await capture(alice.laptop, "listCommits", () => alice.laptop.catchUp());
    expect(await replay(read)).toMatchObject({ status: 200 });
    await (await alice.laptop.account).signOut();
    expect(await replay(read)).toEqual({ status: 401, code: "session_ended" });
  });
});

describe("somebody who guesses passwords", () => {
  it("B8 is slowed down for that name from where they are, and so is somebody who guesses a name that nobody has", async () => {
    await using world = await World.start();
    await world.people("alice");
    const { signInStart } = await import("@excalibur/core/protocol");
    const { opaqueClientStartLogin } = await import("@excalibur/core/primitives");
    const loginRequest = Buffer.from((await opaqueClientStartLogin("a guess")).request).toString("base64url");
    const guess = async (name: string) => {
      const answer = await fetch(`${world.origin}${API_PREFIX}${signInStart.path}`, {
        method: signInStart.method,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ name, loginRequest }),
      });
      return { status: answer.status, body: (await answer.json()) as { code?: string; retryAfterMs?: number } };
    };
    const counts: number[] = [];
    for (const name of ["alice", "nobody-here"]) {
      let free = 0;
      let refused = await guess(name);
      while (refused.status === 200 && free < 50) {
        free += 1;
        refused = await guess(name);
      }
      expect(refused).toMatchObject({ status: 429, body: { code: "too_many_attempts" } });
      expect(refused.body.retryAfterMs).toBeGreaterThan(0);
      counts.push(free);
    }
    expect(counts[0]).toBe(10);
    expect(counts[1]).toBe(counts[0]);
    expect((await guess("bob")).status).toBe(200);
  });
});
