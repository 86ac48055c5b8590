import { useCallback, useMemo, useState } from "react";
import type { FileItem } from "../../lib/session/index.ts";
import { choose, chooseAll, chooseNothing, type How, NOTHING_SELECTED, type Selection } from "./selection.ts";

export interface ItemSelection {
  /** In the order of the list. */
  readonly selected: readonly FileItem[];
  readonly ids: ReadonlySet<string>;
  /** Where the keys are; undefined: nowhere yet. */
  readonly focusIndex: number | undefined;
  /** What a key acts on: what is selected, or else the item where the keys are. */
  readonly targets: readonly FileItem[];
  choose(index: number, how: How): void;
  all(): void;
  clear(): void;
}

export interface SelectableList {
  /** As far as they have come. */
  readonly items: readonly FileItem[];
  /** More of them are on their way. */
  readonly isComing: boolean;
  /** The folder; with another one nothing is selected. */
  readonly scope: unknown;
}

/** What is selected of a list. Who selects all of a list that is still coming has all of it when it has come. */
export function useSelection({ items, isComing, scope }: SelectableList): ItemSelection {
  const [state, setState] = useState<{ scope: unknown; selection: Selection }>({ scope, selection: NOTHING_SELECTED });
  const selection = state.scope === scope ? state.selection : NOTHING_SELECTED;
  const change = useCallback(
    (step: (before: Selection) => Selection) =>
      setState((before) => ({ scope, selection: step(before.scope === scope ? before.selection : NOTHING_SELECTED) })),
    [scope],
  );
  const { ids, focusId, isAll } = selection;
  if (isAll && (!isComing || ids.size < items.length)) change((before) => chooseAll(before, { items, isComing }));
  const selected = useMemo(() => (ids.size === 0 ? [] : items.filter(({ id }) => ids.has(id))), [items, ids]);
  const focusIndex = useMemo(() => {
    const index = focusId === undefined ? -1 : items.findIndex(({ id }) => id === focusId);
    return index < 0 ? undefined : index;
  }, [items, focusId]);
  const focused = focusIndex === undefined ? undefined : items[focusIndex];
  return {
    selected,
    ids,
    focusIndex,
    targets: selected.length > 0 ? selected : focused === undefined ? [] : [focused],
    choose: (index, how) => change((before) => choose(before, { items, index, how })),
    all: () => change((before) => chooseAll(before, { items, isComing })),
    clear: () => change(chooseNothing),
  };
}
