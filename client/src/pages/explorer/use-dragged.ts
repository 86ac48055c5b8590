import { type DragEvent, useRef } from "react";
import type { FileItem } from "../../lib/session/index.ts";
import { text } from "../../lib/text/index.ts";
import "./use-dragged.css";

export interface Dragged {
  readonly isDragging: () => boolean;
  readonly start: (items: readonly FileItem[], event: DragEvent) => void;
  /** What is dragged, which ends with it. */
  readonly take: () => readonly FileItem[];
}

/** Items that are dragged. Which ones stays here: what a drag carries, other windows and programs can read. */
export function useDragged(): Dragged {
  const items = useRef<readonly FileItem[]>([]);
  return {
    isDragging: () => items.current.length > 0,
    start: (dragged, event) => {
      items.current = dragged;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("application/x-excalibur-items", "");
      const badge = document.createElement("div");
      badge.className = "drag-badge";
      const [first] = dragged;
      badge.textContent =
        dragged.length === 1 && first !== undefined ? first.name : text("explorer.dragged", { count: dragged.length });
      document.body.append(badge);
      event.dataTransfer.setDragImage(badge, -12, -8);
      // The browser has taken its picture by the next turn.
      setTimeout(() => badge.remove(), 0);
      event.target.addEventListener(
        "dragend",
        () => {
          items.current = [];
        },
        { once: true },
      );
    },
    take: () => items.current,
  };
}
