import type { FileItem } from "../session/index.ts";

export interface Clipped {
  readonly mode: "move" | "copy";
  readonly items: readonly FileItem[];
}

/** Items that were cut or copied in this window. Never the system's clipboard: other programs read that. */
export class ItemClipboard {
  readonly #listeners = new Set<() => void>();
  #clipped: Clipped | undefined;

  get clipped(): Clipped | undefined {
    return this.#clipped;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** undefined: nothing any more. */
  clip(clipped: Clipped | undefined): void {
    this.#clipped = clipped;
    for (const listener of this.#listeners) listener();
  }
}
