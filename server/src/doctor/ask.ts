/** One HTTP request, told as it went. */

import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";

const TIMEOUT_MS = 10_000;
const LONGEST_REPLY_BYTES = 64 * 1024;

export interface Answer {
  readonly status: number;
  readonly type: string;
  /** The other side's clock, from its Date header. */
  readonly dateMs: number | undefined;
  readonly text: string;
}

export interface Question {
  readonly method?: "GET" | "PUT";
  readonly body?: Uint8Array;
  /** Certificate authority to believe instead of the usual ones. */
  readonly ca?: string;
}

/** @throws when nobody answers, or under a certificate that nobody vouches for */
export function ask(url: string, { method = "GET", body, ca }: Question = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith("https:") ? httpsRequest : httpRequest;
    // Kept open, so that who answers before it has read everything does not cut the answer off; closed below.
    const headers: Record<string, string | number> = { connection: "keep-alive" };
    if (body !== undefined)
      Object.assign(headers, { "content-type": "application/octet-stream", "content-length": body.length });
    const outgoing = send(url, {
      method,
      headers,
      agent: false,
      timeout: TIMEOUT_MS,
      ...(ca === undefined ? {} : { ca }),
    });
    const late = setTimeout(() => outgoing.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
    outgoing.on("timeout", () => outgoing.destroy(new Error(`silence for ${TIMEOUT_MS / 1000} s`)));
    outgoing.on("close", () => clearTimeout(late));
    outgoing.on("error", reject);
    outgoing.on("response", (incoming) => {
      let text = "";
      const date = Date.parse(incoming.headers.date ?? "");
      const settle = () => {
        outgoing.destroy();
        resolve({
          status: incoming.statusCode ?? 0,
          type: (incoming.headers["content-type"] ?? "").split(";")[0]!.trim(),
          dateMs: Number.isNaN(date) ? undefined : date,
          text,
        });
      };
      incoming.on("data", (chunk: Buffer) => {
        text += chunk.toString("latin1");
        if (text.length > LONGEST_REPLY_BYTES) incoming.destroy();
      });
      // Cut off or whole: its status has come.
      incoming.on("close", settle);
      incoming.on("error", settle);
    });
    outgoing.end(body);
  });
}
