import type { Tell, TransferNews } from "./transfer-types.ts";

/** Shorter than anybody notices, and long enough to gather what happens in between. */
const GATHER_MS = 100;

/** Gathers news and tells it in the order in which it happened; bytes of the same file are added up. */
export class NewsLine {
  readonly #tell: Tell;
  #news: TransferNews[] = [];
  readonly #bytes = new Map<number, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  bytes(key: number, bytes: number): void {
    this.#bytes.set(key, (this.#bytes.get(key) ?? 0) + bytes);
    this.#wake();
  }

  add(news: TransferNews): void {
    const counted = this.#bytes.get(news.key);
    if (counted !== undefined) {
      this.#bytes.delete(news.key);
      this.#news.push({ type: "bytes", key: news.key, bytes: counted });
    }
    this.#news.push(news);
    this.#wake();
  }

  /** Tells what is left, and resolves when it was heard. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const [key, bytes] of this.#bytes) this.#news.push({ type: "bytes", key, bytes });
    this.#bytes.clear();
    const news = this.#news;
    this.#news = [];
    if (news.length > 0) await this.#tell(news);
  }

  #wake(): void {
    this.#timer ??= setTimeout(() => void this.flush(), GATHER_MS);
  }
}
