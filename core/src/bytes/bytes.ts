/** Bytes in memory of their own (never a SharedArrayBuffer), as WebCrypto and fetch demand. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Joins the parts into one new array. */
export function concatBytes(...parts: readonly Uint8Array[]): Bytes {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Equality in a time that depends on the lengths only, never on where the first difference is. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number);
  return difference === 0;
}

/** A copy in memory of its own. Not `slice`, which on a Buffer of Node is a view. */
export function copyBytes(bytes: Uint8Array): Bytes {
  return new Uint8Array(bytes);
}

/** Lexicographic order of unsigned bytes; a prefix comes first. Not constant time: for sorting public ids. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference < 0 ? -1 : 1;
  }
  return Math.sign(a.length - b.length);
}

/** Whether every byte is zero, in constant time. */
export function isAllZero(bytes: Uint8Array): boolean {
  let seen = 0;
  for (let i = 0; i < bytes.length; i++) seen |= bytes[i] as number;
  return seen === 0;
}

/** Overwrites a secret that is no longer needed. A best effort: the engine may hold copies. */
export function wipe(bytes: Uint8Array): void {
  bytes.fill(0);
}
