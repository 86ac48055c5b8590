import { afterAll, describe, expect, it, vi } from "vitest";

type Listener = (event: object) => void;

/** The globals of a worker: what it listens to, and what it did. */
const listeners = new Map<string, Listener>();
const skipWaiting = vi.fn(async () => undefined);

vi.stubGlobal("EXCALIBUR_BUILD", "b1");
vi.stubGlobal("EXCALIBUR_FILES", ["/index.html"]);
vi.stubGlobal("addEventListener", (name: string, listener: Listener) => listeners.set(name, listener));
vi.stubGlobal("location", new URL("https://drive.example/service-worker.js"));
vi.stubGlobal("skipWaiting", skipWaiting);
vi.stubGlobal("caches", { open: async () => ({ match: async () => new Response("kept") }) });
await import("./main.ts");

afterAll(() => vi.unstubAllGlobals());

const tell = (event: object): void => listeners.get("message")?.(event);

/** Whether it answers a request itself. */
function answers(url: string, { method = "GET", mode = "navigate" } = {}): boolean {
  const respondWith = vi.fn();
  listeners.get("fetch")?.({ request: { url, method, mode }, respondWith });
  return respondWith.mock.calls.length > 0;
}

describe("H6 the service worker", () => {
  it("H6 hears pages of its own origin only", () => {
    const message = { data: { type: "take-over" }, ports: [] };
    tell({ ...message, origin: "https://elsewhere.example" });
    expect(skipWaiting).not.toHaveBeenCalled();
    tell({ ...message, origin: "https://drive.example" });
    expect(skipWaiting).toHaveBeenCalledTimes(1);
  });

  it("H6 answers for its own pages, and neither for others nor for what changes something", () => {
    expect(answers("https://drive.example/files")).toBe(true);
    expect(answers("https://elsewhere.example/files")).toBe(false);
    expect(answers("https://drive.example/files", { method: "POST" })).toBe(false);
    expect(answers("https://drive.example/api/v1/account")).toBe(false);
  });
});
