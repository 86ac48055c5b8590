import type { FileItem } from "../session/index.ts";

/**
 * What stands in the list from which a file was opened, where that list is not a folder: there "next" is the next of the
 * list. By the address of the page, since several pages of a window live side by side.
 */
export class BesideList {
  readonly #listeners = new Set<() => void>();
  readonly #lists = new Map<string, readonly FileItem[]>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The list of a page that holds the item, in the order in which it is shown; undefined: there is none. */
  at(pathname: string, id: string): readonly FileItem[] | undefined {
    const items = this.#lists.get(pathname);
    return items?.some((item) => item.id === id) ? items : undefined;
  }

  show(pathname: string, items: readonly FileItem[]): void {
    this.#lists.set(pathname, items);
    for (const listener of this.#listeners) listener();
  }
}
