import { decodeText } from "./decode-text.ts";
import type { ReadText, TextToRead } from "./read-text.ts";

export type { ReadText } from "./read-text.ts";
export type { Branch, Node } from "./tree.ts";

/** A text made to keep its reader busy is shown as it is. */
const TIMEOUT_MS = 5_000;

/**
 * Reads a text in a worker of its own, which ends with it. What it cannot do in time, or at all, is shown without colours
 * and blocks. undefined: it is no text.
 */
export async function readTextAside(asked: TextToRead, signal: AbortSignal): Promise<ReadText | undefined> {
  const worker = new Worker(new URL("./reading.worker.ts", import.meta.url), { type: "module", name: "reading" });
  try {
    const read = await new Promise<ReadText | null | "failed">((resolve) => {
      const timer = setTimeout(() => resolve("failed"), TIMEOUT_MS);
      signal.addEventListener("abort", () => resolve("failed"), { once: true });
      worker.addEventListener("error", () => resolve("failed"));
      worker.addEventListener("message", ({ data: answer }: MessageEvent<ReadText | null>) => {
        clearTimeout(timer);
        resolve(answer);
      });
      worker.postMessage(asked);
    });
    if (read !== "failed") return read ?? undefined;
    const text = decodeText(asked.bytes);
    return text === undefined ? undefined : { nodes: [text], isFormatted: false };
  } finally {
    worker.terminate();
  }
}
