import { type RefObject, useEffect, useRef } from "react";

/** By name as in KeyboardEvent.key, lower case, with "Mod+" for Ctrl or Cmd and "Alt+" before it. false: not for me. */
export type PageKeys = Readonly<Record<string, (event: KeyboardEvent) => unknown>>;

function nameOf({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): string {
  return `${ctrlKey || metaKey ? "mod+" : ""}${altKey ? "alt+" : ""}${key.toLowerCase()}`;
}

/** Whether keys and pastes are for this page: it is in sight, nothing lies over it, and nobody is typing. */
export function isForPage(page: Element | null, { target }: Event): boolean {
  // Pages that were left stay, hidden; what listens stands around them.
  if (page === null || page.querySelector(".ion-page-hidden") !== null) return false;
  if (document.querySelector("ion-modal:not(.overlay-hidden), ion-popover:not(.overlay-hidden), dialog[open]") !== null)
    return false;
  return !(target instanceof Element) || target.closest("input, textarea, select, [contenteditable]") === null;
}

/** Keys of a page, wherever its focus is; inert in fields, menus and dialogs. */
export function usePageKeys(page: RefObject<HTMLElement | null>, keys: PageKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const act = latest.current[nameOf(event)];
      if (act === undefined || event.defaultPrevented || !isForPage(page.current, event)) return;
      if (act(event) !== false) event.preventDefault();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [page]);
}
