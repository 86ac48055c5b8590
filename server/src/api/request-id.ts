import { randomBytes } from "node:crypto";

/** Our own, never the client's word: it stands in our log. */
export function createRequestId(): string {
  return randomBytes(9).toString("base64url");
}
