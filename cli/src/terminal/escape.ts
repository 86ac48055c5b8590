/**
 * What a name could do to a terminal: move the cursor, change colours, pretend another order. Control characters, the
 * controls of writing direction, and the separators of lines and paragraphs.
 */
const DANGEROUS = /[\p{Cc}\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069\uFEFF]|\p{Cs}/gu;

/** A name, path or message of somebody else as it may be shown to a person. Never used in JSON. */
export function shown(text: string): string {
  return text.replace(DANGEROUS, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
