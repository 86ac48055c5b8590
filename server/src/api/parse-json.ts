import { LIMITS } from "@excalibur/core/protocol";
import { Refusal } from "../refusal.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = new Set([0x5b, 0x7b]);
const CLOSE = new Set([0x5d, 0x7d]);

/** Index after the string that begins before `from`; native search, because strings here are megabytes of base64url. */
function endOfString(body: Buffer, from: number): number {
  let quote = body.indexOf(QUOTE, from);
  while (quote !== -1) {
    let backslashes = 0;
    while (body[quote - 1 - backslashes] === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
    quote = body.indexOf(QUOTE, quote + 1);
  }
  return body.length;
}

function isTooDeep(body: Buffer): boolean {
  let depth = 0;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i]!;
    if (byte === QUOTE) i = endOfString(body, i + 1) - 1;
    else if (OPEN.has(byte) && ++depth > LIMITS.jsonDepth) return true;
    else if (CLOSE.has(byte)) depth -= 1;
  }
  return false;
}

/** @throws Refusal bad_request: no JSON, not UTF-8, or nested deeper than the limit */
export function parseJson(body: Buffer): unknown {
  if (isTooDeep(body)) throw new Refusal("bad_request", { reason: "nested-too-deep" });
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body)) as unknown;
  } catch (cause) {
    throw new Refusal("bad_request", { reason: "not-json" }, cause);
  }
}
