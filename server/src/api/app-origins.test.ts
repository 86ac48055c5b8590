import { HEADER, REALTIME_PATH, ROUTES } from "@excalibur/core/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createAccount, signIn, type TestServer, testServer } from "../testing/index.ts";

const APPS = ["capacitor://localhost", "https://localhost"];
const STRANGERS = [
  "https://localhost:8443",
  "http://localhost",
  "https://localhost.evil.example",
  "https://evil.example",
  "capacitor://evil",
  "capacitor://localhost/",
  "HTTPS://localhost",
  "null",
  "*",
];

let test: TestServer;

beforeAll(async () => {
  test = await testServer();
});
afterAll(() => test[Symbol.asyncDispose]());

const ask = (path: string, init: RequestInit): Promise<Response> => fetch(`${test.server.origin}${path}`, init);

/** As a browser asks before it sends something that is not simple. */
const preflight = (origin: string, path = "/api/uploads"): Promise<Response> =>
  ask(path, { method: "OPTIONS", headers: { origin, "access-control-request-method": "POST" } });

const allowed = (answer: Response): string[] =>
  [...answer.headers.keys()].filter((name) => name.startsWith("access-control-"));

describe("pages of the apps", () => {
  it.each(APPS)(
    "%s may ask the API, and is told which methods and headers, and nothing of credentials",
    async (origin) => {
      const answer = await preflight(origin);
      expect(answer.status).toBe(204);
      expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
      expect(answer.headers.get("vary")).toContain("origin");
      const methods = (answer.headers.get("access-control-allow-methods") ?? "").split(", ");
      for (const { method } of ROUTES) expect(methods).toContain(method);
      const headers = (answer.headers.get("access-control-allow-headers") ?? "").split(", ");
      for (const name of [...Object.values(HEADER), "content-type", "range"]) expect(headers).toContain(name);
      expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
    },
  );

  it.each(APPS)("%s reads answers and refusals alike", async (origin) => {
    for (const path of ["/api/well-known/version", "/api/nothing", "/api/account"]) {
      const answer = await ask(path, { headers: { origin } });
      expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
    }
  });

  it.each(APPS)("%s opens the socket", async (origin) => {
    const socket = new WebSocket(`${test.server.origin.replace("http", "ws")}${REALTIME_PATH}`, {
      headers: { origin },
    });
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    socket.terminate();
  });

  it("sign in under the server's own address: a session bound to the page's is refused", async () => {
    const account = await createAccount(test.server, "alba");
    const { client } = await signIn(test.server, account);
    expect(client.session).toBeDefined();
    await expect(signIn(test.server, account, { origin: "https://localhost" })).rejects.toThrow("bad_request");
  });
});

describe("H3 pages of anybody else", () => {
  it.each(STRANGERS)("%s are told nothing", async (origin) => {
    const before = await preflight(origin);
    expect(before.status).not.toBe(204);
    expect(allowed(before)).toEqual([]);
    expect(allowed(await ask("/api/well-known/version", { headers: { origin } }))).toEqual([]);
  });

  it.each(APPS)("and beside the API not even %s", async (origin) => {
    for (const path of ["/", "/build.json", "/apiary", "/instance"]) {
      expect(allowed(await ask(path, { headers: { origin } }))).toEqual([]);
      expect(allowed(await preflight(origin, path))).toEqual([]);
    }
  });
});
