/** What can be undone, newest last, while the window is open. */

export interface Undoable {
  /** What was done, in the person's language, for as long as the toast stands. */
  readonly message: string;
  readonly undo: () => Promise<void>;
}

/** How far back Ctrl+Z goes. */
const KEPT = 50;
/** What is done sooner needs no word while it lasts. */
const LONG_MS = 600;

export class UndoStack {
  readonly #listeners = new Set<() => void>();
  #done: readonly Undoable[] = [];
  #latest: Undoable | undefined;
  #lasting: readonly string[] = [];

  /** What was done just now and is offered on the screen. */
  get latest(): Undoable | undefined {
    return this.#latest;
  }

  /** What has been going on for longer than a moment, in the person's language. */
  get working(): string | undefined {
    return this.#lasting.at(-1);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  push(step: Undoable): void {
    this.#done = [...this.#done, step].slice(-KEPT);
    this.#offer(step);
  }

  /** Says what is being done for as long as it lasts, if that is long. */
  async during<T>(message: string, work: Promise<T>): Promise<T> {
    let isSaid = false;
    const timer = setTimeout(() => {
      isSaid = true;
      this.#lasting = [...this.#lasting, message];
      this.#tell();
    }, LONG_MS);
    try {
      return await work;
    } finally {
      clearTimeout(timer);
      if (isSaid) this.#lasting = this.#lasting.toSpliced(this.#lasting.indexOf(message), 1);
      if (isSaid) this.#tell();
    }
  }

  /**
   * Takes back what was done last, which is said with `message` while it lasts; whether there was anything. Rejects when it
   * cannot be undone any more.
   */
  async undo(message: string): Promise<boolean> {
    const step = this.#done.at(-1);
    if (step === undefined) return false;
    this.#done = this.#done.slice(0, -1);
    this.#offer(undefined);
    await this.during(message, step.undo());
    return true;
  }

  /** The offer on the screen ends; Ctrl+Z still does it. */
  dismiss(): void {
    this.#offer(undefined);
  }

  #offer(step: Undoable | undefined): void {
    this.#latest = step;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
