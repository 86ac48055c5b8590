/** Which items of a list are chosen, and which one the keys act on. By ids: it holds when the list changes under it. */

export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** Where the keys are. */
  readonly focusId: string | undefined;
  /** Where a range begins. */
  readonly anchorId: string | undefined;
  /** Everything of a list that was still coming: what came of it since then is chosen as well. */
  readonly isAll: boolean;
}

export const NOTHING_SELECTED: Selection = { ids: new Set(), focusId: undefined, anchorId: undefined, isAll: false };

export interface Identified {
  readonly id: string;
}

/** only: this and nothing else. toggle: this as well, or not any more. range: all from the anchor to this. */
export type How = "only" | "toggle" | "range" | "add-range" | "focus";

export interface Choice {
  readonly items: readonly Identified[];
  readonly index: number;
  readonly how: How;
}

export function choose(selection: Selection, { items, index, how }: Choice): Selection {
  const id = items[index]?.id;
  if (id === undefined) return selection;
  if (how === "only") return { ids: new Set([id]), focusId: id, anchorId: id, isAll: false };
  if (how === "focus") return { ...selection, focusId: id };
  if (how === "toggle") {
    const ids = new Set(selection.ids);
    if (!ids.delete(id)) ids.add(id);
    return { ids, focusId: id, anchorId: id, isAll: false };
  }
  const { anchorId = selection.focusId ?? id } = selection;
  const anchor = items.findIndex((item) => item.id === anchorId);
  const from = anchor < 0 ? index : anchor;
  const range = items.slice(Math.min(from, index), Math.max(from, index) + 1).map((item) => item.id);
  const ids = new Set(how === "add-range" ? [...selection.ids, ...range] : range);
  return { ids, focusId: id, anchorId: items[from]?.id, isAll: false };
}

export interface Everything {
  readonly items: readonly Identified[];
  /** More items of the list are on their way. */
  readonly isComing: boolean;
}

export function chooseAll(selection: Selection, { items, isComing }: Everything): Selection {
  return { ...selection, ids: new Set(items.map(({ id }) => id)), isAll: isComing };
}

export function chooseNothing(selection: Selection): Selection {
  return { ...NOTHING_SELECTED, focusId: selection.focusId };
}

/** A letter after a pause begins a new word. */
const PAUSE_MS = 900;

export interface Typed {
  readonly word: string;
  readonly atMs: number;
}

export function typeOn(typed: Typed | undefined, letter: string, atMs: number): Typed {
  const goesOn = typed !== undefined && atMs - typed.atMs < PAUSE_MS;
  return { word: goesOn ? typed.word + letter : letter, atMs };
}

export interface Search {
  readonly items: readonly { readonly name: string }[];
  readonly word: string;
  /** Where the keys are. */
  readonly from: number;
}

/** The next item whose name begins with what was typed, around the end; the same letter again and again steps through. */
export function findTyped({ items, word, from }: Search): number | undefined {
  const isOneLetter = [...word].every((letter) => letter === word[0]);
  const wanted = (isOneLetter ? word.slice(0, 1) : word).toLocaleLowerCase();
  const begin = isOneLetter ? from + 1 : Math.max(0, from);
  for (let step = 0; step < items.length; step++) {
    const index = (begin + step) % items.length;
    if (items[index]?.name.toLocaleLowerCase().startsWith(wanted)) return index;
  }
  return undefined;
}
