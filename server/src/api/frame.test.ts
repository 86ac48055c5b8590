import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getClock, getCompatibility, getHealth, getReady, getVersion, matches } from "@excalibur/core/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningServer, startServer } from "../index.ts";
import { giveSecrets } from "../testing/prepared-secrets.ts";

let dataFolder: string;
let server: RunningServer;

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), "excalibur-test-"));
  await giveSecrets(dataFolder);
  server = await startServer({ dataFolder, port: 0 });
});

afterAll(async () => {
  await server.close();
  await rm(dataFolder, { recursive: true });
});

const ask = (path: string, init?: RequestInit) => fetch(`${server.origin}${path}`, init);

describe("what anybody may know", () => {
  it.each([getVersion, getCompatibility, getHealth, getReady, getClock])(
    "$path is answered in its shape",
    async (route) => {
      const response = await ask(`/api${route.path}`);
      expect(response.status).toBe(200);
      expect(matches(route.reply!, await response.json())).toBe(true);
    },
  );

  it("comes with headers that keep browsers from showing, framing, caching or guessing it", async () => {
    const { headers } = await ask("/api/well-known/clock");
    expect(headers.get("content-security-policy")).toBe(
      "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'none'",
    );
    const expected = {
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    };
    for (const [name, value] of Object.entries(expected)) expect(headers.get(name)).toBe(value);
    expect(headers.get("server") ?? headers.get("x-powered-by")).toBeNull();
  });
});

describe("addresses that are not there", () => {
  it.each([
    ["GET", "/api/nothing", 404, "not_found"],
    ["POST", "/", 404, "not_found"],
    ["DELETE", "/api/well-known/clock", 405, "method_not_allowed"],
    ["GET", "/api/%zz", 400, "bad_request"],
    ["GET", "/api/well-known/clock?x=%41", 400, "bad_request"],
    ["GET", "/api/well-known/clock?x=1", 400, "bad_request"],
  ])("%s %s is a problem document %i %s", async (method, path, status, code) => {
    const response = await ask(path, { method });
    expect(response.headers.get("content-type")).toBe("application/problem+json; charset=utf-8");
    expect(await response.json()).toMatchObject({ status, code, type: `urn:excalibur:problem:${code}` });
    expect(response.status).toBe(status);
  });
});
