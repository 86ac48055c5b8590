import { type RefObject, useEffect, useRef } from "react";
import { isForPage, usePageKeys } from "../../components/drive/use-page-keys.ts";
import type { ItemSelection } from "../../components/item-list/use-selection.ts";
import type { Clipped } from "../../lib/files/item-clipboard.ts";
import { type Picking, pickedFrom } from "../../lib/files/picked.ts";
import type { FileItem } from "../../lib/session/index.ts";
import { canCopy, hasShared, type May, shareable } from "./may.ts";
import type { Asked } from "./types.ts";
import type { Changes } from "./use-changes.ts";
import type { Stars } from "./use-stars.ts";

export interface ExplorerKeys {
  readonly selection: ItemSelection;
  readonly changes: Changes;
  readonly stars: Stars;
  readonly may: May;
  readonly clipped: Clipped | undefined;
  readonly onAsk: (asked: Asked) => void;
  readonly onParent: () => void;
  readonly onClip: (mode: Clipped["mode"], items: readonly FileItem[]) => void;
  readonly onUnclip: () => void;
  readonly onPaste: () => void;
  readonly onPicked: (picking: Picking) => void;
  readonly onDownload: (items: readonly FileItem[]) => void;
}

/** Keys of the explorer, wherever the focus is in it. */
export function useExplorerKeys(page: RefObject<HTMLElement | null>, keys: ExplorerKeys): void {
  const { selection, changes, stars, may, clipped, onAsk, onParent, onClip, onUnclip, onDownload } = keys;
  const { targets } = selection;
  const [first] = targets;
  const clip = (mode: Clipped["mode"]) => (): boolean => {
    // Marked text is copied as text.
    if (mode === "move" ? !may.change : !canCopy(targets)) return false;
    if (targets.length === 0 || getSelection()?.isCollapsed === false) return false;
    onClip(mode, targets);
    return true;
  };
  usePageKeys(page, {
    "mod+a": selection.all,
    escape: () => {
      if (selection.selected.length > 0) selection.clear();
      else if (clipped !== undefined) onUnclip();
      else return false;
      return true;
    },
    backspace: onParent,
    "alt+arrowup": onParent,
    f2: () => {
      if (first === undefined || targets.length !== 1 || !may.change) return false;
      onAsk({ what: "rename", item: first });
      return true;
    },
    delete: () => {
      if (!may.change || hasShared(targets)) return false;
      void changes.trash(targets);
      return true;
    },
    "mod+x": clip("move"),
    "mod+c": clip("copy"),
    "mod+s": () => onDownload(targets),
    "mod+d": () => stars.toggle(targets),
    "mod+i": () => {
      const shared = shareable(targets, may);
      if (shared === undefined) return false;
      onAsk({ what: "share", item: shared });
      return true;
    },
    "mod+z": () => void changes.undo(),
  });

  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    // The browser's own event for Ctrl+V: only it may say what other programs copied.
    const onPaste = (event: ClipboardEvent): void => {
      if (!isForPage(page.current, event) || !latest.current.may.change) return;
      const { clipboardData } = event;
      if (clipboardData?.types.includes("Files")) latest.current.onPicked(pickedFrom(clipboardData));
      else latest.current.onPaste();
      event.preventDefault();
    };
    document.addEventListener("paste", onPaste);
    return () => document.removeEventListener("paste", onPaste);
  }, [page]);
}
