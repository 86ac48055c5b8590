import { describe, expect, it } from "vitest";
import { answerDownload, expectDownload } from "./downloads.ts";
import { answerStream } from "./streams.ts";
import type { MessageToWorker, RequestEvent, Worker } from "./worker.ts";

const ID = "AAAAAAAAAAAAAAAAAAAAAA";
const at = (path: string) => new URL(path, "https://drive.example");

/** What no answer may lack: none of them is ever a page of the drive's origin. */
const GUARDED = {
  "content-security-policy": "sandbox; default-src 'none'",
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
};

const headersOf = (response: Response | undefined) => Object.fromEntries(response?.headers ?? []);

describe("H4 downloads through the service worker", () => {
  function announce(fileName: string): MessagePort {
    const { port1, port2 } = new MessageChannel();
    expectDownload({ data: { id: ID, fileName, sizeBytes: 3 }, ports: [port1] } as unknown as MessageToWorker);
    return port2;
  }

  it("H4 are bytes of no kind to be kept, whatever the file is called, and are given once", async () => {
    const page = announce("a page’s\r\nname*'().html");
    const answer = answerDownload(at(`/downloads/${ID}`));
    expect(headersOf(answer)).toEqual({
      ...GUARDED,
      "cross-origin-embedder-policy": "require-corp",
      "content-type": "application/octet-stream",
      "content-disposition": "attachment; filename*=UTF-8''a%20page%E2%80%99s%0D%0Aname%2a%27%28%29.html",
      "content-length": "3",
    });
    expect(answerDownload(at(`/downloads/${ID}`))?.status).toBe(404);
    await answer?.body?.cancel();
    page.close();
  });

  it("H4 are of what was announced, and of nothing else", () => {
    expect(answerDownload(at("/downloads/BBBBBBBBBBBBBBBBBBBBBB"))?.status).toBe(404);
    expect(answerDownload(at("/downloads/short"))).toBeUndefined();
    expect(answerDownload(at("/files"))).toBeUndefined();
  });
});

const FOUND = { status: 206, mediaType: "video/mp4", start: 0, end: 9, sizeBytes: 10 };

describe("H4 streams of the service worker", () => {
  /** Windows, of which each was asked, and answers with this. */
  function ask(
    destination: string,
    { clientId = "w1", type = "window", head = FOUND as object, path = `/streams/${ID}` } = {},
  ) {
    const asked: unknown[] = [];
    const window = {
      type,
      postMessage: (message: unknown, [port]: readonly MessagePort[]) => {
        asked.push(message);
        port?.postMessage(head);
        port?.close();
      },
    };
    const worker = {
      clients: { get: async (id: string) => (id === "gone" ? undefined : window) },
    } as unknown as Worker;
    const request = { destination, headers: new Headers({ range: "bytes=0-" }) };
    const answer = answerStream(at(path), { request, clientId } as unknown as RequestEvent, worker);
    return { asked, answer };
  }

  it("H4 ask the window that plays, and give what it gives with nothing that could be a page", async () => {
    const { answer, asked } = ask("video");
    const response = await answer;
    expect(asked).toEqual([{ type: "stream", streamId: ID, range: "bytes=0-" }]);
    expect(response?.status).toBe(206);
    expect(headersOf(response)).toMatchObject({
      ...GUARDED,
      "content-type": "video/mp4",
      "content-disposition": "attachment",
      "content-range": "bytes 0-8/10",
    });
    await response?.body?.cancel();
  });

  it("H4 ask nobody for whoever goes there, frames it, fetches it or wants it as a script", async () => {
    for (const destination of ["document", "iframe", "", "script", "image", "embed", "object", "worker"]) {
      const { answer, asked } = ask(destination);
      const response = await answer;
      expect([response?.status, asked], destination).toEqual([404, []]);
      expect(headersOf(response), destination).toMatchObject(GUARDED);
    }
    const { answer, asked } = ask("video", { clientId: "" });
    expect([(await answer)?.status, asked]).toEqual([404, []]);
  });

  it("H4 are none of a window that is gone, or that is no window, and beside the asked range", async () => {
    expect((await ask("audio", { clientId: "gone" }).answer)?.status).toBe(404);
    expect((await ask("audio", { type: "worker" }).answer)?.status).toBe(404);
    const beyond = await ask("audio", { head: { status: 416, sizeBytes: 10 } }).answer;
    expect([beyond?.status, beyond?.headers.get("content-range")]).toEqual([416, "bytes */10"]);
    expect(ask("audio", { path: "/streams/short" }).answer).toBeUndefined();
  });
});
