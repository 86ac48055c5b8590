import { useState } from "react";
import { Button } from "../../components/controls/Button.tsx";
import { Dialog } from "../../components/controls/Dialog.tsx";
import { useSubmit } from "../../components/controls/use-submit.ts";
import { type ChosenFolder, FolderChoice } from "../../components/drive/FolderChoice.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import type { FileItem } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";
import type { InboxState } from "./use-inbox.ts";

export interface ItemsDialogProps {
  readonly items: readonly FileItem[];
  readonly inbox: InboxState;
  readonly onClose: () => void;
}

/** Where items of an inbox go. */
export function FileDialog({ items, inbox, onClose }: ItemsDialogProps) {
  const text = useText();
  const [folderId, setFolderId] = useState<string>();
  const [folder, setFolder] = useState<ChosenFolder>();
  const [first] = items;
  const { isWorking, problem, onSubmit } = useSubmit(async () => {
    if (folder === undefined) return;
    await inbox.accept(folder, items);
    onClose();
  });
  const title =
    items.length === 1
      ? text("requests.inbox.fileOne", { name: first?.name })
      : text("requests.inbox.fileMany", { count: items.length });
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <p className="quiet">{text("requests.inbox.fileLead")}</p>
      <form className="form" onSubmit={onSubmit}>
        <FolderChoice
          folderId={folderId}
          onFolder={(id) => {
            setFolder(undefined);
            setFolderId(id);
          }}
          onLooked={setFolder}
        />
        {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
        <div className="dialog-actions">
          <Button onClick={onClose}>{text("files.cancel")}</Button>
          <Button kind="primary" type="submit" disabled={isWorking || folder === undefined}>
            {text(isWorking ? "requests.inbox.filing" : "requests.inbox.fileHere")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
