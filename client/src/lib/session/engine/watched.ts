/** Told how many items are done; says whether to go on. */
export type Watch = (doneItems: number) => boolean | Promise<boolean>;

/**
 * Work on many items that a page watches. The page is told how far it is, not more often than it answers, and stops it by what it
 * answers. Without a page it goes on to its end.
 */
export class Watched {
  readonly #stop = new AbortController();
  readonly #watch: Watch | undefined;
  #doneItems = 0;
  #isTelling = false;

  constructor(watch: Watch | undefined) {
    this.#watch = watch;
  }

  /** For whoever does the work. */
  get options(): { readonly signal: AbortSignal; readonly onItems: (count: number) => void } {
    return { signal: this.#stop.signal, onItems: (count) => this.onItems(count) };
  }

  get isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  onItems(count: number): void {
    this.#doneItems += count;
    if (!this.#isTelling && this.#watch !== undefined) void this.#tell(this.#watch);
  }

  async #tell(watch: Watch): Promise<void> {
    this.#isTelling = true;
    // A page that is gone has stopped nothing: what it began is brought to its end.
    const goesOn = await Promise.resolve(watch(this.#doneItems)).catch(() => true);
    this.#isTelling = false;
    if (!goesOn) this.#stop.abort();
  }
}
