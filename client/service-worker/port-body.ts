import { notePassing } from "../src/lib/memory/index.ts";

/** What comes through the port as the body of an answer, one piece for each time the browser wants more (PortSink). */
export function bodyOf(port: MessagePort): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        port.onmessage = ({ data: said }: MessageEvent<Uint8Array | "end" | "abort">) => {
          if (said === "end") controller.close();
          else if (said === "abort") controller.error(new Error("What was asked for broke off."));
          else {
            notePassing(said.length);
            controller.enqueue(said);
          }
          if (typeof said === "string") port.close();
        };
      },
      pull: () => port.postMessage("more"),
      cancel: () => port.postMessage("gone"),
    },
    { highWaterMark: 1 },
  );
}

/** Nothing that comes out of the drive is ever a page of this origin, whatever is in it and however somebody gets there. */
export const GUARDS: Readonly<Record<string, string>> = {
  "content-security-policy": "sandbox; default-src 'none'",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
};
