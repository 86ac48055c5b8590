/**
 * [Note: Back]
 * Whoever opened a dialog or a menu expects "back" to close it, and the page below to stay: by the button of a browser, a
 * gesture, or Android's button, all of which go back in the history. So each of them has an entry there, of the same address
 * as the page's.
 *
 * One that is closed otherwise leaves its entry behind. It is taken back as soon as nothing else came; where another page came
 * first, it is left, and passed over in the direction that somebody goes.
 */

/** What is needed of the window's history. */
export interface HistoryPort {
  /** Of the entry that is current. */
  readonly state: unknown;
  /** Where it is among all, if the browser tells. */
  readonly index: number | undefined;
  readonly address: string;
  push(state: unknown): void;
  go(steps: number): void;
  /** Once what happens now is over. */
  later(work: () => void): void;
}

interface Marked {
  /** How many layers lie over the page, this one included. */
  readonly excaliburLayer?: number;
}

export class BackLayers {
  readonly #history: HistoryPort;
  readonly #layers: (() => void)[] = [];
  #index: number | undefined;
  #address: string;
  /** A step of ours is on its way. */
  #isStepping = false;

  constructor(history: HistoryPort) {
    this.#history = history;
    this.#index = history.index;
    this.#address = history.address;
  }

  /** Something lies over the page now; "back" closes it. Call what comes back when it is closed, however. */
  open(close: () => void): () => void {
    this.#layers.push(close);
    // What was left behind a moment ago serves the next.
    if (this.#depth < this.#layers.length) this.#pushEntry();
    return () => this.#closed(close);
  }

  /** The history went to another entry. true: the page is the same, so nobody else has to hear of it. */
  moved(): boolean {
    const [before, address] = [this.#index, this.#address];
    this.#look();
    const isSamePage = this.#address === address;
    const wasOwn = this.#isStepping;
    this.#isStepping = false;
    if (this.#depth > this.#layers.length) {
      // An entry that was left behind: on, in the same direction.
      const isForward = !wasOwn && before !== undefined && this.#index !== undefined && this.#index > before;
      this.#step(isForward ? 1 : -1);
      return wasOwn && isSamePage;
    }
    if (wasOwn) {
      // Something was opened while the entry of what was closed was being taken back.
      if (this.#depth < this.#layers.length) this.#pushEntry();
      return isSamePage;
    }
    const over = this.#layers.splice(this.#depth);
    for (const close of over.reverse()) close();
    return over.length > 0 && isSamePage;
  }

  #closed(close: () => void): void {
    const at = this.#layers.indexOf(close);
    if (at < 0) return;
    this.#layers.splice(at, 1);
    this.#history.later(() => {
      if (!this.#isStepping && this.#depth > this.#layers.length) this.#step(-1);
    });
  }

  #pushEntry(): void {
    this.#history.push({ ...(this.#history.state as object | null), excaliburLayer: this.#layers.length });
    this.#look();
  }

  #look(): void {
    this.#index = this.#history.index;
    this.#address = this.#history.address;
  }

  #step(steps: 1 | -1): void {
    this.#isStepping = true;
    this.#history.go(steps);
  }

  get #depth(): number {
    return (this.#history.state as Marked | null)?.excaliburLayer ?? 0;
  }
}
