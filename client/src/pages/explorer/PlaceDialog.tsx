import { useState } from "react";
import { Button } from "../../components/controls/Button.tsx";
import { Dialog } from "../../components/controls/Dialog.tsx";
import { FolderChoice } from "../../components/drive/FolderChoice.tsx";
import type { FileItem } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";
import type { Changes, Target } from "./use-changes.ts";

export interface PlaceDialogProps {
  readonly mode: "move" | "copy";
  readonly items: readonly FileItem[];
  /** The folder in which it opens. */
  readonly from: string;
  readonly changes: Changes;
  readonly onClose: () => void;
}

const TITLES = {
  move: { one: "explorer.moveTitle", many: "explorer.moveTitleMany", do: "explorer.moveHere" },
  copy: { one: "explorer.copyTitle", many: "explorer.copyTitleMany", do: "explorer.copyHere" },
} as const;

/** Looks for a folder to put items into: down by the folders, up by the path. */
export function PlaceDialog({ mode, items, from, changes, onClose }: PlaceDialogProps) {
  const text = useText();
  const [folderId, setFolderId] = useState(from);
  const [looked, setLooked] = useState<Target>();

  const titles = TITLES[mode];
  const [first] = items;
  const title =
    items.length === 1 ? text(titles.one, { name: first?.name }) : text(titles.many, { count: items.length });
  // A folder cannot go into itself, and there is nothing to do where everything is already.
  const inTheWay = new Set(items.map(({ id }) => id));
  const isPointless = mode === "move" && items.every(({ parentId }) => parentId === folderId);
  const put = (): void => {
    if (looked === undefined) return;
    onClose();
    void changes[mode](items, looked);
  };
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <FolderChoice
        folderId={folderId}
        inTheWay={inTheWay}
        onFolder={(id) => {
          setLooked(undefined);
          setFolderId(id);
        }}
        onLooked={setLooked}
      />
      <div className="dialog-actions">
        <Button onClick={onClose}>{text("files.cancel")}</Button>
        <Button kind="primary" disabled={looked === undefined || isPointless} onClick={put}>
          {text(titles.do)}
        </Button>
      </div>
    </Dialog>
  );
}
