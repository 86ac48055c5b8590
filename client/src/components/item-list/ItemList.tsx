import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from "react";
import type { FileItem } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";
import { ItemRow } from "./ItemRow.tsx";
import { ListHead } from "./ListHead.tsx";
import "./ItemList.css";

const ROW_PX = 52;
const TOUCH_ROW_PX = 62;
const PAGE_ROWS = 10;

export interface ItemListProps {
  readonly items: readonly FileItem[];
  readonly onOpen: (item: FileItem) => void;
  readonly onMenu: (item: FileItem, at: Event) => void;
  /** Keys that act on an item: their names as in KeyboardEvent.key. */
  readonly onKey?: Readonly<Record<string, (item: FileItem) => void>>;
}

/**
 * [Note: A grid without a table]
 * Any number of rows, of which only those in sight exist. One row at a time is in the tab order; arrows move it. What is
 * selected is remembered by its id, so it stays when the list changes under it.
 */
export function ItemList({ items, onOpen, onMenu, onKey = {} }: ItemListProps) {
  const text = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const [selectedId, setSelectedId] = useState<string>();
  const [wantsFocus, setWantsFocus] = useState(false);
  const isCoarse = matchMedia("(max-width: 760px)").matches;
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (isCoarse ? TOUCH_ROW_PX : ROW_PX),
    getItemKey: (index) => items[index]?.id ?? index,
    overscan: 8,
  });
  const selected = items.findIndex(({ id }) => id === selectedId);
  const tabStop = Math.max(0, selected);

  useEffect(() => {
    if (!wantsFocus || selected < 0) return;
    scroller.current?.querySelector<HTMLElement>(`[data-index="${selected}"]`)?.focus();
    setWantsFocus(false);
  });

  const moveTo = (index: number): void => {
    const next = Math.min(items.length - 1, Math.max(0, index));
    setSelectedId(items[next]?.id);
    setWantsFocus(true);
    rows.scrollToIndex(next);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const item = items[tabStop];
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: selected + 1,
      ArrowUp: tabStop - 1,
      PageDown: tabStop + PAGE_ROWS,
      PageUp: tabStop - PAGE_ROWS,
      Home: 0,
      End: items.length - 1,
    };
    const step = steps[event.key];
    const act = event.key === "Enter" ? onOpen : onKey[event.key];
    // Buttons inside a row have their own Enter.
    const isOnRow = (event.target as HTMLElement).getAttribute("role") === "row";
    if (step !== undefined) moveTo(step);
    else if (act !== undefined && item !== undefined && isOnRow) act(item);
    else return;
    event.preventDefault();
  };

  const openMenu = (item: FileItem, event: MouseEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    setSelectedId(item.id);
    onMenu(item, event.nativeEvent);
  };

  return (
    <div
      className="list"
      role="grid"
      aria-label={text("files.list")}
      aria-rowcount={items.length + 1}
      aria-colcount={4}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <ListHead />
      <div className="list-scroller" ref={scroller} role="rowgroup">
        <div className="list-space" role="presentation" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ key, index, start, size }) => {
            const item = items[index] as FileItem;
            return (
              <ItemRow
                key={key}
                item={item}
                index={index}
                style={{ height: size, transform: `translateY(${start}px)` }}
                isSelected={index === selected}
                isTabStop={index === tabStop}
                onSelect={() => setSelectedId(item.id)}
                onOpen={() => onOpen(item)}
                onMenu={(event) => openMenu(item, event)}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}
