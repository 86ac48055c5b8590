import { useEffect, useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Dialog } from "../../components/controls/Dialog.tsx";
import { Icon } from "../../components/controls/Icon.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import type { FileItem, PathStep } from "../../lib/session/index.ts";
import { errorText, useText } from "../../lib/text/index.ts";
import type { Changes } from "./use-changes.ts";
import "./PlaceDialog.css";

export interface PlaceDialogProps {
  readonly mode: "move" | "copy";
  readonly items: readonly FileItem[];
  /** The folder in which it opens. */
  readonly from: string;
  readonly changes: Changes;
  readonly onClose: () => void;
}

interface Looked {
  readonly path: readonly PathStep[];
  readonly folders: readonly PathStep[];
}

const TITLES = {
  move: { one: "explorer.moveTitle", many: "explorer.moveTitleMany", do: "explorer.moveHere" },
  copy: { one: "explorer.copyTitle", many: "explorer.copyTitleMany", do: "explorer.copyHere" },
} as const;

/** Looks for a folder to put items into: down by the folders, up by the path. */
export function PlaceDialog({ mode, items, from, changes, onClose }: PlaceDialogProps) {
  const text = useText();
  const session = useSession();
  const [folderId, setFolderId] = useState(from);
  const [looked, setLooked] = useState<Looked>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    let isCurrent = true;
    session.engine.folders.subfolders(folderId).then(
      (found) => isCurrent && setLooked(found),
      (error: unknown) => isCurrent && setProblem(errorText(error)),
    );
    return () => {
      isCurrent = false;
    };
  }, [session, folderId]);

  const titles = TITLES[mode];
  const [first] = items;
  const title =
    items.length === 1 ? text(titles.one, { name: first?.name }) : text(titles.many, { count: items.length });
  const nameOf = (name: string): string => (name === "" ? text("nav.files") : name);
  // A folder cannot go into itself, and there is nothing to do where everything is already.
  const inTheWay = new Set(items.map(({ id }) => id));
  const isPointless = mode === "move" && items.every(({ parentId }) => parentId === folderId);
  const put = (): void => {
    const name = nameOf(looked?.path.at(-1)?.name ?? "");
    onClose();
    void changes[mode](items, { folderId, name });
  };
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <nav className="place-path" aria-label={text("files.path")}>
        {looked?.path.map(({ id, name }, index) => (
          <span key={id}>
            {index > 0 && <Icon name="chevron" />}
            <button
              type="button"
              dir="auto"
              aria-current={id === folderId || undefined}
              onClick={() => setFolderId(id)}
            >
              {nameOf(name)}
            </button>
          </span>
        ))}
      </nav>
      {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
      <ul className="place-folders" aria-label={text("explorer.foldersHere")}>
        {looked?.folders.map(({ id, name }) => (
          <li key={id}>
            <button type="button" disabled={inTheWay.has(id)} onClick={() => setFolderId(id)}>
              <Icon name="folder" />
              <span dir="auto">{name}</span>
              <Icon name="chevron" />
            </button>
          </li>
        ))}
        {looked?.folders.length === 0 && <li className="quiet place-none">{text("explorer.noFolders")}</li>}
      </ul>
      <div className="dialog-actions">
        <Button onClick={onClose}>{text("files.cancel")}</Button>
        <Button kind="primary" disabled={looked === undefined || isPointless} onClick={put}>
          {text(titles.do)}
        </Button>
      </div>
    </Dialog>
  );
}
