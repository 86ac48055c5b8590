import type { ItemKind } from "./kind-of.ts";

export type Age = "day" | "week" | "month" | "year" | "older";
export type SizeClass = "small" | "medium" | "large" | "huge";

export interface Filters {
  readonly kind?: ItemKind | undefined;
  readonly age?: Age | undefined;
  readonly size?: SizeClass | undefined;
}

export interface Wanted extends Filters {
  readonly text: string;
}

const NOTHING: Wanted = { text: "" };

/** What is being looked for, while the window is open: in no address and in no storage. */
export class SearchWords {
  readonly #listeners = new Set<() => void>();
  #wanted = NOTHING;

  get wanted(): Wanted {
    return this.#wanted;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  want(change: Partial<Wanted>): void {
    this.#wanted = { ...this.#wanted, ...change };
    for (const listener of this.#listeners) listener();
  }
}

export function hasFilters({ kind, age, size }: Filters): boolean {
  return kind !== undefined || age !== undefined || size !== undefined;
}
