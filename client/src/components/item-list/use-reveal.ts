import { useEffect } from "react";
import type { ItemListProps } from "./ItemList.tsx";
import type { How } from "./selection.ts";

/** Goes to an item that somebody wants to see where it is; it may come across later than the first screens. */
export function useReveal({ items, reveal }: ItemListProps, goTo: (index: number, how: How) => void): void {
  useEffect(() => {
    if (reveal?.id === undefined) return;
    const index = items.findIndex(({ id }) => id === reveal.id);
    if (index < 0) return;
    reveal.id = undefined;
    goTo(index, "only");
  });
}
