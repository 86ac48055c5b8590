import { type DragEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Icon } from "../../components/controls/Icon.tsx";
import { type Picking, pickedFrom } from "../../lib/files/picked.ts";
import { useText } from "../../lib/text/index.ts";
import "./DropZone.css";

export interface DropZoneProps {
  readonly onPicked: (picking: Picking) => void;
  readonly children: ReactNode;
}

/** Files and folders may be dropped anywhere on the page, and pasted. */
export function DropZone({ onPicked, children }: DropZoneProps) {
  const text = useText();
  const [isOver, setOver] = useState(false);
  // Entering a child comes before leaving its parent.
  const depth = useRef(0);
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes("Files");
  const enter = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    depth.current += 1;
    setOver(true);
  };
  const leave = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    depth.current -= 1;
    if (depth.current === 0) setOver(false);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    depth.current = 0;
    setOver(false);
    if (hasFiles(event)) onPicked(pickedFrom(event.dataTransfer));
  };
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      const { target, clipboardData } = event;
      const isInField = target instanceof HTMLElement && target.closest("input, textarea, ion-modal") !== null;
      if (isInField || clipboardData === null || !clipboardData.types.includes("Files")) return;
      event.preventDefault();
      onPicked(pickedFrom(clipboardData));
    };
    document.addEventListener("paste", paste);
    return () => document.removeEventListener("paste", paste);
  }, [onPicked]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button is the first
    <div
      className="drop-zone"
      onDragEnter={enter}
      onDragLeave={leave}
      onDragOver={(event) => hasFiles(event) && event.preventDefault()}
      onDrop={drop}
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
