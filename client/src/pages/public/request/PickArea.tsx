import { type ChangeEvent, type DragEvent, type ReactNode, useRef, useState } from "react";
import { Button } from "../../../components/controls/Button.tsx";
import { Icon } from "../../../components/controls/Icon.tsx";
import { type Picking, pickedFiles, pickedFrom } from "../../../lib/files/picked.ts";
import { useText } from "../../../lib/text/index.ts";

export interface PickAreaProps {
  readonly isLooking: boolean;
  readonly onPicked: (picking: Picking) => void;
  readonly children: ReactNode;
}

/** React's types do not know it; every browser of a computer does. */
const FOLDERS = { webkitdirectory: "" };

/** Files and folders are dropped here, or chosen. */
export function PickArea({ isLooking, onPicked, children }: PickAreaProps) {
  const text = useText();
  const files = useRef<HTMLInputElement>(null);
  const folders = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const take = (event: ChangeEvent<HTMLInputElement>): void => {
    onPicked(pickedFiles([...(event.target.files ?? [])]));
    // The same file can be chosen again.
    event.target.value = "";
  };
  const over = (event: DragEvent): void => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    onPicked(pickedFrom(event.dataTransfer));
  };
  return (
    <section
      className="pick-area"
      data-over={isOver || undefined}
      aria-label={text("requests.send.heading")}
      onDragOver={over}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input ref={files} type="file" multiple hidden aria-label={text("requests.send.chooseFiles")} onChange={take} />
      <input
        ref={folders}
        type="file"
        {...FOLDERS}
        hidden
        aria-label={text("requests.send.chooseFolder")}
        onChange={take}
      />
      <span className="pick-icon">
        <Icon name="up" />
      </span>
      <strong className="pick-lead" aria-live="polite">
        {text(isLooking ? "requests.send.looking" : "requests.send.drop")}
      </strong>
      <div className="pick-actions">
        <Button kind="primary" icon="file" onClick={() => files.current?.click()}>
          {text("requests.send.chooseFiles")}
        </Button>
        <Button icon="folder" onClick={() => folders.current?.click()}>
          {text("requests.send.chooseFolder")}
        </Button>
      </div>
      {children}
    </section>
  );
}
