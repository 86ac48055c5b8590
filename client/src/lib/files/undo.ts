/** What can be undone, newest last, while the window is open. */

export interface Undoable {
  /** What was done, in the person's language, for as long as the toast stands. */
  readonly message: string;
  readonly undo: () => Promise<void>;
}

/** How far back Ctrl+Z goes. */
const KEPT = 50;

export class UndoStack {
  readonly #listeners = new Set<() => void>();
  #done: readonly Undoable[] = [];
  #latest: Undoable | undefined;

  /** What was done just now and is offered on the screen. */
  get latest(): Undoable | undefined {
    return this.#latest;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  push(step: Undoable): void {
    this.#done = [...this.#done, step].slice(-KEPT);
    this.#offer(step);
  }

  /** Takes back what was done last; whether there was anything. Rejects when it cannot be undone any more. */
  async undo(): Promise<boolean> {
    const step = this.#done.at(-1);
    if (step === undefined) return false;
    this.#done = this.#done.slice(0, -1);
    this.#offer(undefined);
    await step.undo();
    return true;
  }

  /** The offer on the screen ends; Ctrl+Z still does it. */
  dismiss(): void {
    this.#offer(undefined);
  }

  #offer(step: Undoable | undefined): void {
    this.#latest = step;
    for (const listener of this.#listeners) listener();
  }
}
