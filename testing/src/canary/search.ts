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

/** What is looked for: a text, or the bytes of a secret. `name` is what a finding says. */
export interface Marker {
  readonly name: string;
  readonly value: string | Uint8Array;
}

/** Looks for texts and secrets in bytes, in every spelling a program may have given them. */
export class CanarySearch {
  readonly #needles: readonly (Needle & { readonly marker: string })[];

  constructor(markers: readonly (string | Marker)[]) {
    this.#needles = markers.flatMap((each) => {
      const { name, value } = typeof each === "string" ? { name: each, value: each } : each;
      if (value.length < SHORTEST_MARKER) throw new TypeError(`«${name}» is so short that chance would find it.`);
      return needlesOf(value).map((needle) => ({ ...needle, marker: name }));
    });
  }

  /** The first place of each spelling. */
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
