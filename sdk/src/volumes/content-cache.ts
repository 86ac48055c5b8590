import type { PageContent } from "./crypto.ts";

/** About 60 MiB of decrypted listings at worst. */
const MAX_ENTRIES = 120_000;

/** Decrypted pages by the hash of their record, the least recently used leaving first. Memory only. */
export class ContentCache {
  readonly #pages = new Map<string, PageContent>();
  #entries = 0;

  get(recordHashHex: string): PageContent | undefined {
    const content = this.#pages.get(recordHashHex);
    if (content) {
      this.#pages.delete(recordHashHex);
      this.#pages.set(recordHashHex, content);
    }
    return content;
  }

  put(recordHashHex: string, content: PageContent): void {
    if (this.#pages.has(recordHashHex)) return;
    this.#pages.set(recordHashHex, content);
    this.#entries += weight(content);
    for (const [key, oldest] of this.#pages) {
      if (this.#entries <= MAX_ENTRIES || key === recordHashHex) break;
      this.#pages.delete(key);
      this.#entries -= weight(oldest);
    }
  }

  clear(): void {
    this.#pages.clear();
    this.#entries = 0;
  }
}

function weight(content: PageContent): number {
  return content.entries.length + 1;
}
