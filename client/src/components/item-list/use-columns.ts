import { type RefObject, useLayoutEffect, useState } from "react";

/** The narrowest a tile of the grid gets. */
const TILE_PX = 164;
const TILE_TOUCH_PX = 138;
const GAP_PX = 12;

/** How many tiles fit beside each other. */
export function useColumns(place: RefObject<HTMLElement | null>, isGrid: boolean): number {
  const [columns, setColumns] = useState(4);
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null || !isGrid) return;
    const measure = (): void => {
      const { paddingInlineStart, paddingInlineEnd } = getComputedStyle(element);
      const width = element.clientWidth - Number.parseFloat(paddingInlineStart) - Number.parseFloat(paddingInlineEnd);
      const tile = width < 600 ? TILE_TOUCH_PX : TILE_PX;
      setColumns(Math.max(2, Math.floor((width + GAP_PX) / (tile + GAP_PX))));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [place, isGrid]);
  return isGrid ? columns : 1;
}
