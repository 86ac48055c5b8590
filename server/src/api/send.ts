import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";
import type { RawReply } from "./endpoint.ts";

/** Waits until the bytes have left this process: only then may their buffer be used again. */
function write(response: ServerResponse, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    response.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}

/**
 * Streams a raw reply with its length, in constant memory. When the source fails half way the connection is cut: the
 * client counts bytes and must never take a beginning for the whole. Cut is, too, who does not take a chunk within
 * `stallMs`: a socket's own deadline begins anew with every byte that he sends, and he would hold buffer and file for ever.
 */
export async function sendRaw(
  reply: FastifyReply,
  { sizeBytes, chunks, range, cut }: RawReply,
  { stallMs }: { readonly stallMs: number },
): Promise<void> {
  reply.header("content-type", "application/octet-stream").header("content-length", sizeBytes);
  reply.header("accept-ranges", "bytes");
  if (range) reply.header("content-range", `bytes ${range.first}-${range.last}/${range.totalBytes}`);
  const headers = reply.getHeaders();
  reply.hijack();
  const response = reply.raw;
  response.writeHead(range ? 206 : 200, headers as Record<string, string>);
  // Also while a reader who is slow holds up the next chunk.
  const end = () => response.destroy();
  cut?.addEventListener("abort", end, { once: true });
  const stalled = setTimeout(() => response.destroy(), stallMs);
  try {
    let sent = 0;
    for await (const chunk of chunks) {
      if (response.destroyed) return;
      stalled.refresh();
      sent += chunk.length;
      if (chunk.length > 0) await write(response, chunk);
    }
    if (sent !== sizeBytes) throw new RangeError(`A reply of ${sizeBytes} bytes had ${sent}.`);
    response.end();
    if (!response.writableFinished) await once(response, "close");
  } catch (error) {
    const hungUp = response.destroyed;
    response.destroy();
    if (!hungUp) throw error;
  } finally {
    clearTimeout(stalled);
    cut?.removeEventListener("abort", end);
  }
}
