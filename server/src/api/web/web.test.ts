import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestServer, testServer } from "../../testing/index.ts";
import { openWebClient } from "../../web/index.ts";

const PAGE = '<!doctype html><meta name="csp-nonce" content="%EXCALIBUR_NONCE%"><title>Excalibur</title>';
const SCRIPT = "export const one = 1;\n".repeat(20);
const FILES = {
  "index.html": PAGE,
  "assets/start-AbC123.js": SCRIPT,
  "mark.svg": "<svg/>",
  "assets/jbig2-AbC123.wasm": "wasm",
};

let folder: string;
let test: TestServer;

async function writeClient(at: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(join(at, "assets"), { recursive: true });
  const hashes: Record<string, string> = {};
  for (const [name, content] of Object.entries(files)) {
    hashes[name] = createHash("sha256").update(content).digest("hex");
    await writeFile(join(at, name), content);
  }
  await writeFile(join(at, "assets/start-AbC123.js.gz"), gzipSync(SCRIPT));
  await writeFile(join(at, "unnamed.js"), "// not of the build");
  await writeFile(join(at, "build.json"), JSON.stringify({ name: "excalibur", build: "x", files: hashes }));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "excalibur-web-"));
  await writeClient(folder, FILES);
  test = await testServer({ webFolder: folder });
});

afterAll(async () => {
  await test?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${test.server.origin}${path}`, { headers });

describe("the page of the web client", () => {
  it("H3 may do exactly this, and nobody else with it", async () => {
    const answer = await get("/");
    const policy = answer.headers.get("content-security-policy") ?? "";
    const [, nonce] = /'nonce-([\w-]{22})'/.exec(policy) ?? [];
    expect(policy.replace(` 'nonce-${nonce}'`, "")).toBe(
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; img-src 'self' blob:; media-src 'self' blob:; font-src 'self'; manifest-src 'self'; frame-src 'self' blob:; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; trusted-types excalibur default; require-trusted-types-for 'script'",
    );
    expect(await answer.text()).toBe(PAGE.replace("%EXCALIBUR_NONCE%", nonce ?? ""));
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
      "cross-origin-resource-policy": "same-origin",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-cache",
    });
  });

  it("has another nonce each time", async () => {
    const policies = await Promise.all([get("/"), get("/")]);
    expect(policies[0]?.headers.get("content-security-policy")).not.toBe(
      policies[1]?.headers.get("content-security-policy"),
    );
  });

  it("stands at the client's own addresses too, for browsers that open one, and nowhere else", async () => {
    const html = { accept: "text/html,*/*" };
    expect((await get("/files/AAAA", html)).status).toBe(200);
    expect((await get("/files/AAAA")).status).toBe(404);
    expect((await get("/api/nothing", html)).status).toBe(404);
    expect((await get("/assets/gone.js", html)).status).toBe(404);
  });
});

describe("the pages of links, upload requests and contact links", () => {
  it.each(["/s/AAAAAAAAAAAAAAAAAAAAAA", "/j/AAAAAAAAAAAAAAAAAAAAAA", "/r/AAAAAAAAAAAAAAAAAAAAAA", "/c/bob.b"])(
    "E2 %s is the client's page, whatever is accepted, and nothing for those who index",
    async (path) => {
      const answer = await get(path, { accept: "*/*" });
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain("<title>Excalibur</title>");
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        "x-robots-tag": "noindex, nofollow, noarchive, nosnippet",
        "referrer-policy": "no-referrer",
        "cache-control": "no-cache",
      });
    },
  );
});

describe("the files of the web client", () => {
  it("are kept for ever under names that say what is in them, and asked for anew otherwise", async () => {
    const script = await get("/assets/start-AbC123.js");
    expect(script.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(script.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    // A worker is held to the policy of its own file.
    expect(script.headers.get("content-security-policy")).toContain("require-trusted-types-for 'script'");
    expect((await get("/mark.svg")).headers.get("cache-control")).toBe("no-cache");
    expect((await get("/assets/jbig2-AbC123.wasm")).headers.get("content-type")).toBe("application/wasm");
  });

  it("travel compressed to those who can read it", async () => {
    const packed = await get("/assets/start-AbC123.js", { "accept-encoding": "gzip" });
    expect(packed.headers.get("content-encoding")).toBe("gzip");
    expect(await packed.text()).toBe(SCRIPT);
    const plain = await get("/assets/start-AbC123.js", { "accept-encoding": "identity" });
    expect(plain.headers.get("content-encoding")).toBeNull();
    expect(await plain.text()).toBe(SCRIPT);
  });

  it("are those that the build names, and build.json says which", async () => {
    expect((await get("/unnamed.js")).status).toBe(404);
    const note = (await (await get("/build.json")).json()) as { files: object };
    expect(Object.keys(note.files)).toEqual(Object.keys(FILES));
  });
});

describe("a folder", () => {
  it("without a build is none, and one that was changed is refused", async () => {
    expect(await openWebClient(join(folder, "nothing"))).toBeUndefined();
    const changed = join(folder, "changed");
    await writeClient(changed, FILES);
    await writeFile(join(changed, "mark.svg"), "<svg onload=''/>");
    await expect(openWebClient(changed)).rejects.toMatchObject({ code: "web_client_damaged" });
  });

  it("is never left by a name", async () => {
    const escaping = join(folder, "escaping");
    await writeClient(escaping, { "index.html": PAGE });
    await writeFile(
      join(escaping, "build.json"),
      JSON.stringify({ files: { "../mark.svg": createHash("sha256").update("<svg/>").digest("hex") } }),
    );
    await expect(openWebClient(escaping)).rejects.toMatchObject({ code: "web_client_damaged" });
  });
});
