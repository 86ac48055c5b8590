import { compareBytes } from "@excalibur/core/bytes";
import type { ItemType } from "../files/types.ts";
import type { IndexedPage } from "./indexed-page.ts";
import type { FoundOrder } from "./types.ts";

/** An entry on its page. */
export interface Candidate {
  readonly page: IndexedPage;
  readonly index: number;
  readonly name: string;
  /** Of a file that is shared: the mount, which is where people see it. */
  readonly mount?: { readonly page: IndexedPage; readonly index: number } | undefined;
  /** Where it is another one than its page says. */
  readonly type?: ItemType | undefined;
}

export function typeOf({ page, index, type }: Candidate): ItemType {
  return type ?? page.typeAt(index);
}

type Compare = (a: Candidate, b: Candidate) => number;

/** Folders first, then as asked; the same every time. */
export function comparing({ by, isDescending, language }: FoundOrder): Compare {
  const names = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
  const turn = isDescending ? -1 : 1;
  const first: Record<FoundOrder["by"], Compare> = {
    name: () => 0,
    type: (a, b) => names.compare(endingOf(a.name), endingOf(b.name)),
    size: (a, b) => (sizeOf(a) ?? 0) - (sizeOf(b) ?? 0),
    modified: (a, b) => a.page.modifiedAt(a.index) - b.page.modifiedAt(b.index),
    changed: (a, b) => a.page.changedAt(a.index) - b.page.changedAt(b.index),
  };
  return (a, b) =>
    Number(!isFolder(a)) - Number(!isFolder(b)) ||
    turn * (first[by](a, b) || names.compare(a.name, b.name)) ||
    compareBytes(a.page.idAt(a.index), b.page.idAt(b.index)) ||
    compareBytes(a.page.nodeId, b.page.nodeId);
}

/** The first `limit` of any number, in order, without ever holding more than twice as many. */
export class FirstOf<Offered extends Candidate> {
  readonly #limit: number;
  readonly #compare: Compare;
  #kept: Offered[] = [];
  #last: Offered | undefined;
  #seen = 0;

  constructor(limit: number, compare: Compare) {
    this.#limit = limit;
    this.#compare = compare;
  }

  /** How many were offered. */
  get seen(): number {
    return this.#seen;
  }

  offer(candidate: Offered): void {
    this.#seen += 1;
    if (this.#last !== undefined && this.#compare(candidate, this.#last) > 0) return;
    this.#kept.push(candidate);
    if (this.#kept.length >= 2 * this.#limit) this.#cut();
  }

  taken(): readonly Offered[] {
    this.#cut();
    return this.#kept;
  }

  #cut(): void {
    this.#kept.sort(this.#compare);
    this.#kept = this.#kept.slice(0, this.#limit);
    if (this.#kept.length === this.#limit) this.#last = this.#kept.at(-1);
  }
}

function isFolder(candidate: Candidate): boolean {
  return typeOf(candidate) === "folder";
}

function sizeOf({ page, index }: Candidate): number | undefined {
  return page.sizeAt(index);
}

/** "photo.JPG" → "JPG"; a leading dot is part of the name. */
function endingOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(dot + 1) : "";
}
