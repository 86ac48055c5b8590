import { type DragEvent, type ReactNode, useRef, useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { Icon } from "../../components/controls/Icon.tsx";
import { EngineError } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";
import "./DropZone.css";

export interface DropZoneProps {
  readonly onFiles: (files: readonly File[]) => void;
  readonly children: ReactNode;
}

/** Files may be dropped anywhere on the page. */
export function DropZone({ onFiles, children }: DropZoneProps) {
  const text = useText();
  const session = useSession();
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
    const items = [...event.dataTransfer.items].filter(({ kind }) => kind === "file");
    const files = items.filter((item) => item.webkitGetAsEntry()?.isDirectory !== true).map((item) => item.getAsFile());
    if (files.length < items.length) {
      session.report(new EngineError({ code: "folder_dropped", message: text("errors.folder_dropped") }));
    }
    onFiles(files.filter((file) => file !== null));
  };
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
