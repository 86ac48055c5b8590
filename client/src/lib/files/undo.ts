/** What can be undone, newest last, while the window is open. */

export interface Undoable {
  /** What was done, in the person's language, for as long as the toast stands. */
  readonly message: string;
  /** Items that it takes back, if they are many. */
  readonly count?: number;
  readonly undo: (watch: Watch) => Promise<void>;
}

/** Told how many items are done; says whether to go on. */
export type Watch = (doneItems: number) => boolean;

export interface Lasting {
  /** What is being done, in the person's language. */
  readonly message: string;
  /** Items that it is done to. */
  readonly count: number;
  /** What was done stays done; otherwise it goes on to its end. */
  readonly canStop?: boolean;
}

/** What has been going on for longer than a moment. */
export interface Working extends Pick<Lasting, "message" | "count"> {
  readonly done: number;
  readonly isStopping: boolean;
  /** Of what can be stopped. */
  readonly stop?: () => void;
}

/** How far back Ctrl+Z goes. */
const KEPT = 50;
/** What is done sooner needs no word while it lasts. */
const LONG_MS = 600;

export class UndoStack {
  readonly #listeners = new Set<() => void>();
  #done: readonly Undoable[] = [];
  #latest: Undoable | undefined;
  #lasting: readonly Working[] = [];

  /** What was done just now and is offered on the screen. */
  get latest(): Undoable | undefined {
    return this.#latest;
  }

  get working(): Working | undefined {
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

  /** Says what is being done, and how far it is, for as long as it lasts, if that is long. */
  async during<T>(lasting: Lasting, work: (watch: Watch) => Promise<T>): Promise<T> {
    const { message, count, canStop = false } = lasting;
    const stop = (): void => say({ isStopping: true });
    let now: Working = { message, count, done: 0, isStopping: false, ...(canStop && { stop }) };
    let isSaid = false;
    const say = (next: Partial<Working>): void => {
      const before = now;
      now = { ...now, ...next };
      if (!isSaid) return;
      this.#lasting = this.#lasting.map((each) => (each === before ? now : each));
      this.#tell();
    };
    const timer = setTimeout(() => {
      isSaid = true;
      this.#lasting = [...this.#lasting, now];
      this.#tell();
    }, LONG_MS);
    try {
      return await work((done) => {
        say({ done });
        return !now.isStopping;
      });
    } finally {
      clearTimeout(timer);
      if (isSaid) this.#lasting = this.#lasting.filter((each) => each !== now);
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
    await this.during({ message, count: step.count ?? 1 }, step.undo);
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
