/** Which names a writer refuses (spec/volumes.md §4). */

const FORBIDDEN = [
  [0x00, 0x1f],
  [0x2f, 0x2f],
  [0x7f, 0x9f],
  [0x061c, 0x061c],
  [0x200e, 0x200f],
  [0x202a, 0x202e],
  [0x2066, 0x2069],
] as const;

export function isNameAllowed(name: string): boolean {
  if (!name.isWellFormed() || name.normalize("NFC") !== name) return false;
  const size = new TextEncoder().encode(name).length;
  if (size < 1 || size > 1024) return false;
  if (name === "." || name === ".." || name.trim() === "") return false;
  return !Array.from(name, (character) => character.codePointAt(0) as number).some((code) =>
    FORBIDDEN.some(([from, to]) => code >= from && code <= to),
  );
}
