import Schema from "typebox/schema";
import { describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import {
  byteSequence,
  coveredHeaders,
  ERROR_CODES,
  ObjectId,
  PROGRAM_VERSION,
  parseByteSequence,
  parseContentDigest,
  parseSignatureInput,
  ROUTES,
  signatureBase,
  signatureInput,
} from "./index.ts";

describe("routes", () => {
  it("have unique ids and unique method and path", () => {
    expect(ROUTES.length).toBeGreaterThan(30);
    expect(new Set(ROUTES.map((route) => route.id)).size).toBe(ROUTES.length);
    expect(new Set(ROUTES.map((route) => `${route.method} ${route.path.replaceAll(/:[^/]+/g, ":")}`)).size).toBe(
      ROUTES.length,
    );
  });

  it("use only path characters that nobody re-encodes, and reads never carry a body", () => {
    for (const route of ROUTES) {
      expect(route.path).toMatch(/^\/[a-z/:A-Z-]+$/);
      if (route.method === "GET")
        expect([route.body, ["read", "open"].includes(route.kind)]).toEqual([undefined, true]);
      for (const code of route.errors ?? []) expect(ERROR_CODES[code]).toBeDefined();
    }
  });
});

describe("ids", () => {
  it.each([
    ["AAAAAAAAAAAAAAAAAAAAAA", true],
    ["AAAAAAAAAAAAAAAAAAAAAB", false],
    ["AAAAAAAAAAAAAAAAAAAAA", false],
    ["AAAAAAAAAAAAAAAAAAAAA/", false],
  ])("%s is an id: %s", (text, good) => {
    expect(Schema.Compile(ObjectId).Check(text)).toBe(good);
  });
});

describe("request signatures", () => {
  const parameters = {
    createdSeconds: 1_700_000_000,
    nonce: "AAAAAAAAAAAAAAAAAAAAAA",
    keyId: "AAAAAAAAAAAAAAAAAAAAAQ",
  };
  const request = {
    method: "POST",
    path: "/api/uploads",
    query: "",
    contentDigest: "sha-256=:AA==:",
    idempotencyKey: "k",
  };

  it("sign exactly this text", () => {
    expect(signatureBase(request, parameters)).toBe(
      [
        '"@method": POST',
        '"@path": /api/uploads',
        '"@query": ?',
        '"content-digest": sha-256=:AA==:',
        '"idempotency-key": k',
        '"@signature-params": ("@method" "@path" "@query" "content-digest" "idempotency-key");created=1700000000;nonce="AAAAAAAAAAAAAAAAAAAAAA";keyid="AAAAAAAAAAAAAAAAAAAAAQ";tag="excalibur-v3"',
      ].join("\n"),
    );
  });

  it("read back their own parameters and nothing that differs by a character", () => {
    const header = signatureInput(request, parameters);
    expect(parseSignatureInput(header)).toEqual(parameters);
    for (const wrong of [
      `${header} `,
      header.replace("exc=", "sig="),
      header.replace(";tag", ";alg=x;tag"),
      header.replace("v3", "v2"),
    ]) {
      expect(parseSignatureInput(wrong)).toBeUndefined();
    }
  });

  it("cover the body of everything that has one", () => {
    expect(coveredHeaders("write", true)).toEqual(["content-digest", "idempotency-key"]);
    expect(coveredHeaders("write", false)).toEqual(["idempotency-key"]);
    expect(coveredHeaders("query", true)).toEqual(["content-digest"]);
    expect(coveredHeaders("part", true)).toEqual(["excalibur-leaves"]);
    expect(coveredHeaders("read", false)).toEqual([]);
  });

  it("refuse byte sequences that are not canonical", () => {
    expect(parseByteSequence(byteSequence(new Uint8Array([1, 2, 3])))).toEqual(new Uint8Array([1, 2, 3]));
    for (const wrong of ["", ":", "AA==", ":AB==:", ":A===:", ":AA=A:", ":AA:"])
      expect(parseByteSequence(wrong)).toBeUndefined();
    expect(parseContentDigest("sha-256=:AAA=:")).toBeUndefined();
    expect(parseContentDigest("sha-512=:AAA=:")).toBeUndefined();
  });
});

it("the program's version is the package's", () => {
  expect(PROGRAM_VERSION).toBe(manifest.version);
});
