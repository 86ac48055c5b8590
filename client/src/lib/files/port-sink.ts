import type { FileSink } from "@excalibur/sdk/ports";
import { notePassing } from "../memory/index.ts";

/** The other end of the port (the service worker, so the browser's download) went away: the person cancelled it there. */
export class DownloadGoneError extends Error {
  readonly code = "download_cancelled";
}

/**
 * Writes into a message port, a piece for each "more" that comes back: the browser writes to disk at its own speed, and
 * never more than one piece waits.
 */
export class PortSink implements FileSink {
  readonly #port: MessagePort;
  #wanted = 0;
  #isGone = false;
  #wake: (() => void) | undefined;

  constructor(port: MessagePort) {
    this.#port = port;
    port.onmessage = ({ data: said }: MessageEvent<unknown>) => {
      if (said === "more") this.#wanted += 1;
      if (said === "gone") this.#isGone = true;
      this.#wake?.();
    };
  }

  async write(chunk: Uint8Array): Promise<void> {
    if (chunk.length === 0) return;
    while (this.#wanted === 0 && !this.#isGone) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#isGone) throw new DownloadGoneError("The download was cancelled.");
    this.#wanted -= 1;
    // As it came from the network, as it was opened, and as it travels; and so many more times as it takes that what
    // signatures and streams leave behind on the heap is collected before it has grown by tens of megabytes.
    notePassing(8 * chunk.length);
    // The caller uses its buffer again: what travels is a copy, handed over whole.
    const piece = chunk.slice();
    this.#port.postMessage(piece, [piece.buffer]);
  }

  async finish(): Promise<void> {
    this.#port.postMessage("end");
  }

  async abort(): Promise<void> {
    this.#port.postMessage("abort");
  }
}
