import {
  type EngineFailure,
  type FileItem,
  failureOf,
  type ListingFacts,
  type ListingNews,
  type ListOrder,
  type Place,
  type Session,
} from "../session/index.ts";

/** Items that cross in one message: copying them takes a few milliseconds, so drawing never waits for it. */
const SLICE_ITEMS = 2_500;

/** What a page knows of the place that it shows. */
export interface Shown {
  /** undefined: nothing of it was read yet. */
  readonly facts: ListingFacts | undefined;
  /** From the first on, as far as they have come. */
  readonly items: readonly FileItem[];
  /** Why there is nothing, or nothing newer. */
  readonly failure: EngineFailure | undefined;
}

export const NOTHING_SHOWN: Shown = { facts: undefined, items: [], failure: undefined };

export interface ListingReaderOptions {
  readonly session: Session;
  readonly place: Place;
  readonly order: ListOrder;
  readonly onShown: (shown: Shown) => void;
}

/** Reads one place in one order and follows its changes; the page's side of [Note: Lists cross in slices]. */
export class ListingReader {
  readonly #options: ListingReaderOptions;
  #shown = NOTHING_SHOWN;
  #isRunning = false;
  #isAsked = false;
  #isClosed = false;

  constructor(options: ListingReaderOptions) {
    this.#options = options;
  }

  /** Asks for what is new. Asked again while it does, it does so once more afterwards. */
  refresh(): void {
    this.#isAsked = true;
    if (!this.#isRunning) void this.#run();
  }

  close(): void {
    this.#isClosed = true;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#isAsked && !this.#isClosed) {
      this.#isAsked = false;
      try {
        // What changes while parts come concerns the whole: it is asked for after the last of them.
        while ((await this.#read()) === "part");
      } catch (error) {
        this.#show({ ...this.#shown, failure: failureOf(error) });
      }
    }
    this.#isRunning = false;
  }

  /** "part": there is more of the same. */
  async #read(): Promise<"part" | "all"> {
    const { session, place, order } = this.#options;
    const { folders } = session.engine;
    const { facts: had, items } = this.#shown;
    // Only a list that is here whole can be patched.
    const have = had !== undefined && items.length === countOf(had) ? had.version : undefined;
    const news = await folders.open({ place, order, ...(have === undefined ? {} : { have }) });
    const { facts } = news;
    this.#show({ facts, items: itemsAfter(items, news), failure: undefined });
    for (;;) {
      const from = this.#shown.items.length;
      if (this.#isClosed) return "all";
      if (from >= countOf(facts)) return facts.isPartial ? "part" : "all";
      const slice = await folders.slice(facts.version, from, from + SLICE_ITEMS);
      if (slice === undefined || slice.length === 0) {
        this.#isAsked = true;
        return "all";
      }
      this.#show({ facts, items: [...this.#shown.items, ...slice], failure: undefined });
    }
  }

  #show(shown: Shown): void {
    this.#shown = shown;
    if (!this.#isClosed) this.#options.onShown(shown);
  }
}

export function countOf({ folders, files }: Pick<ListingFacts, "folders" | "files">): number {
  return folders + files;
}

/** Whether all of a place is known, and here. */
export function isAllHere({ facts, items }: Pick<Shown, "facts" | "items">): boolean {
  return facts !== undefined && facts.isPartial !== true && items.length === countOf(facts);
}

function itemsAfter(items: readonly FileItem[], news: ListingNews): readonly FileItem[] {
  if (news.type === "whole") return news.first;
  return patched(items, news);
}

/** The list after what left and what came. */
export function patched(
  items: readonly FileItem[],
  { removed, added }: Pick<ListingNews & { type: "patch" }, "removed" | "added">,
): readonly FileItem[] {
  if (removed.length === 0 && added.length === 0) return items;
  const result: FileItem[] = [];
  let [nextRemoved, nextAdded] = [0, 0];
  const insert = (): void => {
    for (
      let [index, item] = added[nextAdded] ?? [];
      index === result.length && item;
      [index, item] = added[nextAdded] ?? []
    ) {
      result.push(item);
      nextAdded += 1;
    }
  };
  for (const [index, item] of items.entries()) {
    insert();
    if (removed[nextRemoved] === index) nextRemoved += 1;
    else result.push(item);
  }
  insert();
  return result;
}
