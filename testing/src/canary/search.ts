import { type Needle, needlesOf } from "./needles.ts";

/** A place where bytes lie that nobody may read anything from. */
export interface Haystack {
  /** A file, a column, a connection. */
  readonly where: string;
  readonly bytes: Uint8Array;
}

export interface Finding {
  readonly marker: string;
  readonly encoding: string;
  readonly where: string;
  readonly offset: number;
}

/** Shorter markers turn up by chance. */
const SHORTEST_MARKER = 8;

/** Looks for texts in bytes, in every spelling a program may have given them. One finding a needle and place is enough. */
export class CanarySearch {
  readonly #needles: readonly (Needle & { readonly marker: string })[];

  constructor(markers: readonly string[]) {
    const short = markers.find((marker) => [...marker].length < SHORTEST_MARKER);
    if (short !== undefined) throw new TypeError(`A marker of ${short.length} characters would be found by chance.`);
    this.#needles = markers.flatMap((marker) => needlesOf(marker).map((needle) => ({ ...needle, marker })));
  }

  find({ where, bytes }: Haystack): Finding[] {
    const hay = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const findings: Finding[] = [];
    for (const { marker, encoding, bytes: needle } of this.#needles) {
      const offset = hay.indexOf(needle);
      if (offset >= 0) findings.push({ marker, encoding, where, offset });
    }
    return findings;
  }

  findAll(haystacks: Iterable<Haystack>): Finding[] {
    return [...haystacks].flatMap((haystack) => this.find(haystack));
  }
}
