import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, type DragEvent, type ReactNode, useCallback, useEffect, useRef } from "react";
import type { FileItem } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";
import type { Column } from "./columns.ts";
import { type ItemProps, ItemRow, RowToCome } from "./ItemRow.tsx";
import { ItemTile } from "./ItemTile.tsx";
import { ListHead } from "./ListHead.tsx";
import { useColumns } from "./use-columns.ts";
import { useListEvents } from "./use-list-events.ts";
import { useMedia } from "./use-media.ts";
import { useReveal } from "./use-reveal.ts";
import type { ItemSelection } from "./use-selection.ts";
import { useSteadyScroll } from "./use-steady-scroll.ts";
import "./ItemList.css";
import "./ItemGrid.css";
import "./SelectionBar.css";

const ROW_PX = 52;
const TOUCH_ROW_PX = 62;
const GRID_ROW_PX = 184;

export interface ItemListProps {
  /** As far as they have come. */
  readonly items: readonly FileItem[];
  /** How many there are. */
  readonly count: number;
  /** There are more, nobody knows yet how many. */
  readonly isPartial?: boolean | undefined;
  readonly columns: readonly Column[];
  readonly layout: "list" | "grid";
  /** Whether people choose the order; unless it says otherwise they do. */
  readonly isSortable?: boolean;
  readonly selection: ItemSelection;
  readonly fadedIds?: ReadonlySet<string>;
  readonly starredIds?: ReadonlySet<string>;
  readonly onOpen: (item: FileItem) => void;
  /** For what is selected. */
  readonly onMenu: (at: Event) => void;
  /** An item to go to, once, as soon as it is here. */
  readonly reveal?: { id: string | undefined };
  /** undefined: items cannot be dragged. */
  readonly onDrag?: (items: readonly FileItem[], event: DragEvent) => void;
}

/** With the row where the keys are, however far away: an element that is taken away takes the keys with it. */
function withRow(rows: number[], row: number | undefined): number[] {
  return row === undefined || rows.includes(row) ? rows : [...rows, row].sort((a, b) => a - b);
}

const NONE: ReadonlySet<string> = new Set();

/**
 * [Note: A grid without a table]
 * Any number of items, of which only those in sight exist. One at a time is in the tab order; arrows move it. What is
 * selected is remembered by its id, so it stays when the list changes under it.
 */
export function ItemList(props: ItemListProps) {
  const {
    items,
    count,
    columns,
    layout,
    selection,
    fadedIds = NONE,
    starredIds = NONE,
    onDrag,
    isSortable = true,
    isPartial = false,
  } = props;
  const text = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const isGrid = layout === "grid";
  const perRow = useColumns(scroller, isGrid);
  const isNarrow = useMedia("(max-width: 760px)");
  const rowPx = isGrid ? GRID_ROW_PX : isNarrow ? TOUCH_ROW_PX : ROW_PX;
  const { focusIndex } = selection;
  const focusRow = focusIndex === undefined ? undefined : Math.floor(focusIndex / perRow);
  const rows = useVirtualizer({
    count: Math.ceil(count / perRow),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: isGrid ? 3 : 8,
    rangeExtractor: useCallback((range: Range) => withRow(defaultRangeExtractor(range), focusRow), [focusRow]),
  });
  // Another height of rows: what was measured before does not count.
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured again for each height
  useEffect(() => rows.measure(), [rowPx]);
  useSteadyScroll({ scroller, items, perRow, rowPx });
  const scrollTo = (index: number): void => rows.scrollToIndex(Math.floor(index / perRow));
  const events = useListEvents(props, { scroller, perRow, rowPx, scrollTo });
  useReveal(props, events.goTo);
  const tabStop = focusIndex ?? 0;
  // Where a finger scrolls, holding an item begins to select and not to drag.
  const isDraggable = useMedia("(pointer: fine)") && onDrag !== undefined;
  const propsOf = (item: FileItem, index: number): ItemProps => ({
    item,
    index,
    columns,
    isSelected: selection.ids.has(item.id),
    isTabStop: index === tabStop,
    isFaded: fadedIds.has(item.id),
    isStarred: starredIds.has(item.id),
    isDraggable,
  });
  const tracks = { "--columns": columns.map(({ id }) => `var(--column-${id}, 140px)`).join(" ") } as CSSProperties;

  const drawRow = (row: number, style: CSSProperties): ReactNode => {
    if (!isGrid) {
      const item = items[row];
      const placed = { ...style, ...tracks };
      if (item === undefined) return <RowToCome key={row} index={row} style={placed} />;
      return <ItemRow key={item.id} {...propsOf(item, row)} style={placed} />;
    }
    const first = row * perRow;
    return (
      <div key={row} className="grid-row" role="row" aria-rowindex={row + 1} style={style}>
        {items.slice(first, first + perRow).map((item, column) => (
          <ItemTile key={item.id} {...propsOf(item, first + column)} column={column} />
        ))}
      </div>
    );
  };

  return (
    <div
      className="list"
      role="grid"
      aria-label={text("files.list")}
      aria-multiselectable="true"
      aria-rowcount={isPartial ? -1 : isGrid ? Math.ceil(count / perRow) : count + 1}
      aria-colcount={isGrid ? perRow : columns.length + 2}
      tabIndex={-1}
      onKeyDown={events.onKeyDown}
    >
      {!isGrid && <ListHead columns={columns} isSortable={isSortable} style={tracks} />}
      <div className="list-scroller" ref={scroller} role="rowgroup" {...events.onItems}>
        <div
          className="list-space"
          role="presentation"
          style={{ height: rows.getTotalSize(), "--per-row": perRow } as CSSProperties}
        >
          {rows
            .getVirtualItems()
            .map(({ index, start, size }) => drawRow(index, { height: size, transform: `translateY(${start}px)` }))}
        </div>
      </div>
    </div>
  );
}
