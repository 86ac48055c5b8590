import { utf8Encode } from "@excalibur/core/bytes";
import type { HttpPort } from "@excalibur/sdk/ports";
import { describe, expect, it } from "vitest";
import { systemClock as clock } from "./clock.ts";
import { findServer } from "./find-server.ts";

const VERSION = { name: "excalibur", version: "0.1.0", api: 1, signUp: "invitation" };

/** A server that says this, and what it was asked. */
function saying(
  version: unknown,
  api = { minimum: 1, maximum: 1 },
): { readonly http: HttpPort; readonly asked: string[] } {
  const asked: string[] = [];
  const http: HttpPort = {
    send: async ({ url }) => {
      asked.push(url);
      const body = utf8Encode(JSON.stringify(url.endsWith("/compatibility") ? { api } : version));
      const headers: Record<string, string> = {
        "content-type": "application/json; charset=utf-8",
        "content-length": String(body.length),
      };
      return {
        status: 200,
        header: (name) => headers[name],
        body: (async function* () {
          yield body;
        })(),
      };
    },
  };
  return { http, asked };
}

describe("finding a server", () => {
  it.each([
    ["drive.example.org", "https://drive.example.org"],
    ["  https://Drive.Example.org:443/ ", "https://drive.example.org"],
    ["https://example.org/drive/#invite=AAAAAAAAAAAAAAAAAAAAAA", "https://example.org/drive"],
    ["http://localhost:52419", "http://localhost:52419"],
    ["http://127.0.0.1:52419", "http://127.0.0.1:52419"],
  ])("%s is %s", async (typed, address) => {
    const { http, asked } = saying(VERSION);
    expect(await findServer(typed, { http, clock })).toBe(address);
    expect(asked.every((url) => url.startsWith(`${address}/api/well-known/`))).toBe(true);
  });

  it.each([
    ["http://drive.example.org", "insecure_server"],
    ["http://192.168.1.4:52419", "insecure_server"],
    ["http://localhost.example.org", "insecure_server"],
    ["", "bad_address"],
    ["ftp://example.org", "bad_address"],
    ["https://me:secret@example.org", "bad_address"],
  ])("%s is refused before anything is sent: %s", async (typed, code) => {
    const { http, asked } = saying(VERSION);
    await expect(findServer(typed, { http, clock })).rejects.toMatchObject({ code });
    expect(asked).toEqual([]);
  });

  it("what answers otherwise is none", async () => {
    const { http } = saying({ ...VERSION, name: "another" });
    await expect(findServer("example.org", { http, clock })).rejects.toMatchObject({ code: "malformed_reply" });
  });

  it("one that is too new, or too old, is named as such", async () => {
    const { http } = saying(VERSION, { minimum: 7, maximum: 9 });
    await expect(findServer("example.org", { http, clock })).rejects.toMatchObject({ code: "upgrade_needed" });
  });
});
