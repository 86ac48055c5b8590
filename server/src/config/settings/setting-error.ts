import { ExcaliburError } from "@excalibur/core/bytes";

/** A setting cannot be used as it was given; the sentence says where it stands and what is allowed. Nothing was started or changed. */
export class SettingError extends ExcaliburError {
  constructor(message: string, details: { readonly key?: string; readonly file?: string } = {}, cause?: unknown) {
    super("bad_setting", message, { details, ...(cause === undefined ? {} : { cause }) });
  }
}

/** How many letters were changed, left out, put in or exchanged with their neighbour, at least. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isExchanged = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const exchanged = isExchanged ? before[j - 2]! + 1 : changed;
      next.push(Math.min(changed, exchanged, row[j]! + 1, next[j - 1]! + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}

const SHORTEST_BEGINNING = 4;

/** The one that was probably meant, if any is near. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  const plain = (name: string) => name.toLowerCase().replaceAll(/[-_.]/g, "");
  const scored = known.map((name) => ({ name, letters: distance(plain(given), plain(name)) }));
  const best = scored.reduce((a, b) => (b.letters < a.letters ? b : a));
  if (best.letters <= Math.max(1, Math.floor(best.name.length / 3))) return best.name;
  return given.length >= SHORTEST_BEGINNING ? known.find((name) => plain(name).startsWith(plain(given))) : undefined;
}
