import { FormatError, fromBase64Url } from "@excalibur/core/bytes";
import { Refusal } from "./refusal.ts";

/** Above this, native code decodes: a commit may have 33 million characters. */
const nativeAbove = 16 * 1024;

/** Bytes that stand in JSON or in an address. @throws Refusal `bad_request` for text that is not canonical base64url */
export function decodeBytes(text: string): Uint8Array {
  try {
    if (text.length <= nativeAbove) return fromBase64Url(text);
    // The schema has looked at every character; only the unused bits at the end are left to check.
    fromBase64Url(text.slice(-(text.length % 4 || 4)));
    return new Uint8Array(Buffer.from(text, "base64url"));
  } catch (error) {
    if (error instanceof FormatError) throw new Refusal("bad_request", { reason: "base64url" }, error);
    throw error;
  }
}
