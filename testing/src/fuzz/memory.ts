import { sampleBytes } from "../world/index.ts";

/** Contents say whose they are, so that no other bytes can be taken for them: `name`, then the number of the version, then filling. */
export function contentOf(name: string, version: number, sizeBytes: number): Buffer {
  const title = Buffer.from(`${name}\n${version}\n`);
  return Buffer.concat([title, sampleBytes(sizeBytes, version + 1)]);
}

interface Written {
  readonly bytes: Buffer;
  /** Whether somebody was told that it is stored. */
  acknowledged: boolean;
}

/** What people wrote in a round, by the name a file got when it was made: the only right results there are. */
export class Memory {
  readonly #files = new Map<string, Written[]>();

  get names(): string[] {
    return [...this.#files.keys()];
  }

  /** Before it is sent: it may arrive although nobody hears of it. */
  begin(name: string, bytes: Buffer): { acknowledge(): void } {
    const written: Written = { bytes, acknowledged: false };
    const versions = this.#files.get(name) ?? [];
    versions.push(written);
    this.#files.set(name, versions);
    return {
      acknowledge: () => {
        written.acknowledged = true;
      },
    };
  }

  versionsOf(name: string): number {
    return this.#files.get(name)?.length ?? 0;
  }

  /** The file that content belongs to and the version of it; undefined: nobody ever wrote this. */
  identify(content: Buffer): { readonly name: string; readonly version: number } | undefined {
    for (const [name, versions] of this.#files) {
      const version = versions.findIndex(({ bytes }) => bytes.equals(content));
      if (version >= 0) return { name, version };
    }
    return undefined;
  }

  /** A part of a file: of which one it may be. */
  hasPart(part: Buffer, start: number): boolean {
    return [...this.#files.values()].some((versions) =>
      versions.some(({ bytes }) => bytes.subarray(start, start + part.length).equals(part)),
    );
  }

  /** Files of which a version was acknowledged, and the newest such version. */
  *acknowledged(): Generator<readonly [name: string, version: number]> {
    for (const [name, versions] of this.#files) {
      const version = versions.findLastIndex(({ acknowledged }) => acknowledged);
      if (version >= 0) yield [name, version];
    }
  }
}
