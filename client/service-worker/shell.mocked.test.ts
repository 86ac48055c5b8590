import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";

/** A browser's caches, as far as they are used; the network says where it was asked. */
const kept = new Map<string, Map<string, string>>();
let fetched: { readonly path: string; readonly cache: string }[];
let missing: string | undefined;

const caches = {
  open: async (name: string) => {
    const cache = kept.get(name) ?? new Map<string, string>();
    return {
      addAll: async (requests: readonly Request[]) => {
        const come = requests.map((request) => ({ path: pathOf(request.url), cache: request.cache }));
        fetched.push(...come);
        if (come.some(({ path }) => path === missing)) throw new TypeError("one of them did not come");
        for (const { path } of come) cache.set(path, `kept ${path}`);
        kept.set(name, cache);
      },
      match: async (path: string) => {
        const body = cache.get(path);
        return body === undefined ? undefined : new Response(body);
      },
    };
  },
  keys: async () => [...kept.keys()],
  delete: async (name: string) => kept.delete(name),
};

const pathOf = (url: string): string => new URL(url, "https://drive.example").pathname;

/** Addresses of a page's requests are its origin's; Node knows no origin. */
class PageRequest extends Request {
  constructor(address: string, init?: RequestInit) {
    super(new URL(address, "https://drive.example"), init);
  }
}

vi.stubGlobal("EXCALIBUR_BUILD", "b2");
vi.stubGlobal("EXCALIBUR_FILES", ["/index.html", "/assets/main-1.js"]);
vi.stubGlobal("caches", caches);
vi.stubGlobal("Request", PageRequest);
vi.stubGlobal("fetch", async (request: Request) => new Response(`the server's ${pathOf(request.url)}`));
const { answerFromShell, cleanOtherShells, keepShell } = await import("./shell.ts");

afterAll(() => vi.unstubAllGlobals());

beforeEach(() => {
  kept.clear();
  fetched = [];
  missing = undefined;
});

async function ask(path: string): Promise<string | undefined> {
  const url = new URL(path, "https://drive.example");
  const answer = answerFromShell(url, new PageRequest(path));
  return answer === undefined ? undefined : await (await answer).text();
}

/** `mode` of a request that a browser makes for a page cannot be made by hand. */
async function visit(path: string): Promise<string | undefined> {
  const request = { mode: "navigate", url: `https://drive.example${path}` } as Request;
  const answer = answerFromShell(new URL(request.url), request);
  return answer === undefined ? undefined : await (await answer).text();
}

describe("the program that the service worker keeps", () => {
  it("is its own build, whole, past every other cache, and answers for its pages and files", async () => {
    await keepShell();
    expect(fetched).toEqual([
      { path: "/", cache: "reload" },
      { path: "/assets/main-1.js", cache: "reload" },
    ]);
    expect(await visit("/")).toBe("kept /");
    expect(await visit("/files/AAAAAAAAAAAAAAAAAAAAAA")).toBe("kept /");
    expect(await ask("/assets/main-1.js")).toBe("kept /assets/main-1.js");
  });

  it("is never mixed with files of another build, nor in the way of the server's own answers", async () => {
    await keepShell();
    expect(await ask("/assets/main-2.js")).toBeUndefined();
    expect(await ask("/build.json")).toBeUndefined();
    expect(await ask("/api/v1/account")).toBeUndefined();
    expect(await visit("/api/docs")).toBeUndefined();
    expect(await visit("/notes.pdf")).toBeUndefined();
  });

  it("is not there at all when a file of it did not come, and the one before stays", async () => {
    kept.set("excalibur-shell-b1", new Map([["/", "kept b1"]]));
    missing = "/assets/main-1.js";
    await expect(keepShell()).rejects.toThrow("one of them did not come");
    expect([...kept.keys()]).toEqual(["excalibur-shell-b1"]);
    expect(await visit("/")).toBe("the server's /");
  });

  it("takes the place of every other build, and of nothing that is not one", async () => {
    for (const name of ["excalibur-shell-b1", "excalibur-shell-b0", "something else"]) kept.set(name, new Map());
    await keepShell();
    await cleanOtherShells();
    expect([...kept.keys()].sort()).toEqual(["excalibur-shell-b2", "something else"]);
  });
});
