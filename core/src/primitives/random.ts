import type { Bytes } from "../bytes/index.ts";

// WebCrypto refuses more at a time.
const QUOTA = 65_536;

/** Bytes from the system's cryptographic random generator. */
export function randomBytes(length: number): Bytes {
  const bytes = new Uint8Array(length);
  for (let offset = 0; offset < length; offset += QUOTA) crypto.getRandomValues(bytes.subarray(offset, offset + QUOTA));
  return bytes;
}
