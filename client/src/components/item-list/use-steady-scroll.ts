import { type RefObject, useLayoutEffect, useRef } from "react";
import type { FileItem } from "../../lib/session/index.ts";

export interface SteadyScroll {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly items: readonly FileItem[];
  readonly perRow: number;
  readonly rowPx: number;
}

/** What somebody looks at stays where it is when items come and go above it. */
export function useSteadyScroll({ scroller, items, perRow, rowPx }: SteadyScroll): void {
  const before = useRef(items);
  useLayoutEffect(() => {
    const had = before.current;
    before.current = items;
    const element = scroller.current;
    if (element === null || had === items || element.scrollTop === 0) return;
    const top = Math.floor(element.scrollTop / rowPx) * perRow;
    const seen = had[top];
    // More of the same list came: nothing moved.
    if (seen === undefined || seen === items[top]) return;
    const now = items.findIndex(({ id }) => id === seen.id);
    // What went far away was put there by a change of its own name: the others stayed.
    if (now >= 0 && Math.abs(now - top) <= Math.abs(items.length - had.length)) {
      element.scrollTop += (Math.floor(now / perRow) - Math.floor(top / perRow)) * rowPx;
    }
  }, [scroller, items, perRow, rowPx]);
}
