const PLAIN = /^[\x20-\x7e]*$/;
const MARKS = /\p{Mn}+/gu;
const CONTROLS = /[\u0000-\u001f]/g;

/**
 * A name as it is compared: without case, accents and the other marks that stand over and under letters, with ligatures and
 * full-width letters as plain ones. Holds no control characters, so that those can stand between folded names.
 */
export function fold(name: string): string {
  if (PLAIN.test(name)) return name.toLowerCase();
  const bare = name.normalize("NFKD").replace(MARKS, "").toLowerCase();
  // Lower case of some letters has marks of its own, and ß is written ss in capitals.
  return bare.normalize("NFKD").replace(MARKS, "").replaceAll("ß", "ss").replace(CONTROLS, " ");
}

/** The words of a question, folded; the longest first, because it rules out most. */
export function foldWords(text: string): string[] {
  const words = fold(text).split(/\s+/u).filter(Boolean);
  return [...new Set(words)].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
}
