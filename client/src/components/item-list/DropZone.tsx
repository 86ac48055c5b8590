import { type DragEvent, type ReactNode, type RefObject, useRef, useState } from "react";
import { type Picking, pickedFrom } from "../../lib/files/picked.ts";
import { useText } from "../../lib/text/index.ts";
import { Icon } from "../controls/Icon.tsx";
import "./DropZone.css";

export interface DropZoneProps {
  /** Without a folder: into the one that is shown. */
  readonly onPicked: (picking: Picking, folderId: string | undefined) => void;
  /** Whether items of this drive are being dragged. */
  readonly isDragging: () => boolean;
  /** Those that are dragged were let go of on a folder or a part of the path. */
  readonly onItems: (folderId: string) => void;
  /** Whether files may be let go of beside the folders as well: the page is one. Unless it says otherwise it is. */
  readonly isFolder?: boolean;
  readonly page: RefObject<HTMLDivElement | null>;
  readonly children: ReactNode;
}

const MARK = "data-drop-over";

/** The folder under the pointer: a row, a tile, or a part of the path. */
function folderAt({ target }: DragEvent): Element | undefined {
  return (target as Element).closest("[data-drop-folder]") ?? undefined;
}

/** Files and folders may be dropped anywhere on the page, or on one of its folders; items on folders and on parts of the path. */
export function DropZone({ onPicked, isDragging, onItems, isFolder = true, page, children }: DropZoneProps) {
  const text = useText();
  const [isOver, setOver] = useState(false);
  // Entering a child comes before leaving its parent.
  const depth = useRef(0);
  const marked = useRef<Element>(undefined);
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes("Files");
  const mark = (element: Element | undefined): void => {
    if (marked.current === element) return;
    marked.current?.removeAttribute(MARK);
    element?.setAttribute(MARK, "");
    marked.current = element;
  };
  const end = (): void => {
    depth.current = 0;
    setOver(false);
    mark(undefined);
  };
  const enter = (event: DragEvent): void => {
    if (!hasFiles(event) || !isFolder) return;
    depth.current += 1;
    setOver(true);
  };
  const leave = (event: DragEvent): void => {
    if (!hasFiles(event) || !isFolder) return;
    depth.current -= 1;
    if (depth.current === 0) end();
  };
  const over = (event: DragEvent): void => {
    const folder = folderAt(event);
    if (hasFiles(event)) {
      // Taken in any case: what a browser does with a file that nobody takes is to leave the page for it.
      event.preventDefault();
      if (!isFolder && folder === undefined) event.dataTransfer.dropEffect = "none";
    } else if (!isDragging()) return;
    else if (folder !== undefined) {
      event.preventDefault();
      event.dataTransfer.dropEffect = "move";
    }
    mark(folder);
  };
  const drop = (event: DragEvent): void => {
    const folder = folderAt(event);
    const folderId = folder?.getAttribute("data-drop-folder") ?? undefined;
    end();
    if (!hasFiles(event)) {
      if (folderId === undefined || !isDragging()) return;
      event.preventDefault();
      onItems(folderId);
      return;
    }
    event.preventDefault();
    if (isFolder || folderId !== undefined) onPicked(pickedFrom(event.dataTransfer), folderId);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; buttons and menus are the first
    <div
      className="drop-zone"
      ref={page}
      onDragEnter={enter}
      onDragLeave={leave}
      onDragOver={over}
      onDrop={drop}
      onDragEnd={end}
    >
      {children}
      {isOver && (
        <div className="drop-hint" aria-hidden="true">
          <Icon name="up" />
          {text("files.dropHere")}
        </div>
      )}
    </div>
  );
}
