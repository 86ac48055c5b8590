/** What the speed is measured over. */
const WINDOW_MS = 4_000;

interface Sample {
  readonly atMs: number;
  readonly bytes: number;
}

/** Bytes a second over the last few seconds. */
export class Speed {
  readonly #nowMs: () => number;
  #bytes = 0;
  #samples: Sample[] = [];

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.restart();
  }

  /** What was before says nothing about now: after a pause, or the first file. */
  restart(): void {
    this.#samples = [{ atMs: this.#nowMs(), bytes: this.#bytes }];
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  /** undefined: not long enough under way to say. */
  perSecond(): number | undefined {
    const atMs = this.#nowMs();
    this.#samples.push({ atMs, bytes: this.#bytes });
    while ((this.#samples[1]?.atMs ?? atMs) <= atMs - WINDOW_MS) this.#samples.shift();
    const [first] = this.#samples;
    if (first === undefined || atMs - first.atMs < WINDOW_MS / 4) return undefined;
    return Math.max(0, ((this.#bytes - first.bytes) * 1000) / (atMs - first.atMs));
  }
}
