import {
  type DragEvent,
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
  useLayoutEffect,
  useRef,
} from "react";
import type { ItemListProps } from "./ItemList.tsx";
import { howOf, stepOf } from "./list-keys.ts";
import { findTyped, type Typed, typeOn } from "./selection.ts";
import { useLongPress } from "./use-long-press.ts";

export interface ListLayout {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly perRow: number;
  readonly rowPx: number;
  readonly scrollTo: (index: number) => void;
}

/** The item in or on which something happened. */
function indexAt(target: EventTarget): number | undefined {
  const item = (target as Element).closest("[data-index]");
  return item === null ? undefined : Number(item.getAttribute("data-index"));
}

function isTouch({ nativeEvent }: MouseEvent): boolean {
  return (nativeEvent as Partial<globalThis.PointerEvent>).pointerType === "touch";
}

/**
 * What mouse, fingers and keys do to a list. A mouse selects by a click and opens by two; a finger opens by a tap, and
 * begins to select by staying; then taps select.
 */
export function useListEvents(
  { items, count, selection, onOpen, onMenu, onDrag }: ItemListProps,
  { scroller, perRow, rowPx, scrollTo }: ListLayout,
) {
  const wantsFocus = useRef(false);
  const typed = useRef<Typed>(undefined);
  const { focusIndex } = selection;
  const lastFocus = useRef(focusIndex);

  // With every drawing: the row that the keys went to may not have been there before, and no key may come in between.
  useLayoutEffect(() => {
    const hadFocus = lastFocus.current;
    if (focusIndex !== undefined) lastFocus.current = focusIndex;
    else if (hadFocus !== undefined && items.length > 0 && document.activeElement === document.body) {
      // The item with the focus went away: its place is taken by the next one.
      lastFocus.current = undefined;
      wantsFocus.current = true;
      selection.choose(Math.min(hadFocus, items.length - 1), "focus");
    }
    if (!wantsFocus.current || focusIndex === undefined) return;
    const element = scroller.current?.querySelector<HTMLElement>(`[data-index="${focusIndex}"]`);
    if (element === null || element === undefined) return;
    element.focus({ preventScroll: true });
    wantsFocus.current = false;
  });

  const press = useLongPress((target) => {
    const index = indexAt(target);
    if (index !== undefined) selection.choose(index, "toggle");
  });

  const openMenu = (index: number, event: MouseEvent): void => {
    const item = items[index];
    if (item === undefined) return;
    if (!selection.ids.has(item.id)) {
      // On a phone a menu is no reason to begin selecting.
      if (isTouch(event)) {
        selection.clear();
        selection.choose(index, "focus");
      } else selection.choose(index, "only");
    }
    onMenu(event.nativeEvent);
  };

  const onClick = (event: MouseEvent): void => {
    if (press.wasPressed()) return;
    const index = indexAt(event.target);
    const item = index === undefined ? undefined : items[index];
    if (index === undefined || item === undefined) selection.clear();
    else if ((event.target as Element).closest("[data-more]") !== null) openMenu(index, event);
    else if (isTouch(event) && selection.selected.length === 0) onOpen(item);
    else if (isTouch(event)) selection.choose(index, "toggle");
    else selection.choose(index, event.shiftKey || !(event.ctrlKey || event.metaKey) ? howOf(keysOf(event)) : "toggle");
  };

  const onDoubleClick = (event: MouseEvent): void => {
    const index = indexAt(event.target);
    const item = index === undefined ? undefined : items[index];
    const isOnButton = (event.target as Element).closest("button") !== null;
    if (item !== undefined && !isOnButton && !isTouch(event) && !event.ctrlKey && !event.metaKey) onOpen(item);
  };

  const onContextMenu = (event: MouseEvent): void => {
    const index = indexAt(event.target);
    if (index === undefined) return;
    event.preventDefault();
    // A finger that stays has begun to select already.
    if (!isTouch(event)) openMenu(index, event);
  };

  const onFocus = (event: FocusEvent): void => {
    const index = indexAt(event.target);
    if (index !== undefined && index !== focusIndex) selection.choose(index, "focus");
  };

  const onDragStart = (event: DragEvent): void => {
    const index = indexAt(event.target);
    const item = index === undefined ? undefined : items[index];
    if (index === undefined || item === undefined) return;
    const isSelected = selection.ids.has(item.id);
    if (!isSelected) selection.choose(index, "only");
    onDrag?.(isSelected ? selection.selected : [item], event);
  };

  const goTo = (index: number, how: Parameters<typeof selection.choose>[1]): void => {
    selection.choose(index, how);
    wantsFocus.current = true;
    scrollTo(index);
  };

  const stepTo = (index: number, event: KeyboardEvent): void => {
    typed.current = undefined;
    goTo(index, howOf(event));
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const pageRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowPx) - 1);
    const isRightToLeft = document.documentElement.dir === "rtl";
    const shape = { count: Math.min(count, items.length), columns: perRow, pageRows, isRightToLeft };
    const step = stepOf(event, focusIndex, shape);
    const isOnButton = (event.target as Element).closest("button") !== null;
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const item = focusIndex === undefined ? undefined : items[focusIndex];
    if (step !== undefined) stepTo(step, event);
    // Buttons have their own Enter and Space.
    else if (isOnButton) return;
    else if (event.key === "Enter" && !event.altKey && item !== undefined) onOpen(item);
    else if (event.key === " " && focusIndex !== undefined && !isTyping(typed.current, event))
      selection.choose(focusIndex, event.shiftKey ? "range" : "toggle");
    // "?" shows the keys, wherever the focus is.
    else if (isPlain && [...event.key].length === 1 && event.key !== "?") {
      typed.current = typeOn(typed.current, event.key, event.timeStamp);
      const found = findTyped({ items, word: typed.current.word, from: focusIndex ?? -1 });
      if (found !== undefined) goTo(found, "only");
    } else return;
    event.preventDefault();
  };

  const { wasPressed: _, ...onPress } = press;
  return { onKeyDown, goTo, onItems: { onClick, onDoubleClick, onContextMenu, onFocus, onDragStart, ...onPress } };
}

function keysOf({ shiftKey, ctrlKey, metaKey, altKey }: MouseEvent) {
  return { key: "", shiftKey, ctrlKey, metaKey, altKey };
}

/** A space belongs to the name that is being typed, when one is. */
function isTyping(typed: Typed | undefined, { key, timeStamp }: KeyboardEvent): boolean {
  return typed !== undefined && typeOn(typed, key, timeStamp).word.length > 1;
}
