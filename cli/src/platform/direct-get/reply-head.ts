/** The one form of a reply that is read without Node's HTTP client (RFC 9112), and nothing beside it. */

/** Longer heads are left to Node. */
export const HEAD_LIMIT_BYTES = 16 * 1024;

const STATUS_LINE = /^HTTP\/1\.1 (20[06])(?: [\t\x20-\x7e\x80-\xff]*)?$/;
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[\t ]*([\t\x20-\x7e\x80-\xff]*?)[\t ]*$/;

export interface ReplyHead {
  readonly status: number;
  /** By lower-case name. */
  readonly fields: ReadonlyMap<string, string>;
  /** The server goes on with this connection. */
  readonly keepsConnection: boolean;
}

/**
 * The head of a reply that is exactly `lengthBytes` long and says so in the plainest way. undefined for everything else:
 * other states, other lengths, bodies in chunks, a field that is there twice, anything that could be read in two ways.
 */
export function parseReplyHead(head: string, lengthBytes: number): ReplyHead | undefined {
  const [statusLine = "", ...lines] = head.split("\r\n");
  const status = STATUS_LINE.exec(statusLine)?.[1];
  if (status === undefined) return undefined;
  const fields = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = FIELD.exec(line) ?? [];
    if (name === undefined || value === undefined || fields.has(name.toLowerCase())) return undefined;
    fields.set(name.toLowerCase(), value);
  }
  if (fields.get("content-length") !== String(lengthBytes) || fields.has("transfer-encoding")) return undefined;
  if (fields.has("content-encoding")) return undefined;
  const connection = (fields.get("connection") ?? "keep-alive").toLowerCase();
  return { status: Number(status), fields, keepsConnection: connection === "keep-alive" };
}
