import { useCallback, useState } from "react";
import { useSession } from "../../../Contexts.tsx";
import { Button } from "../../../components/controls/Button.tsx";
import { type ChosenFolder, FolderChoice } from "../../../components/drive/FolderChoice.tsx";
import { useText } from "../../../lib/text/index.ts";

export type SaveTarget = ChosenFolder;

export interface SavePlaceProps {
  readonly onSave: (target: SaveTarget) => void;
  readonly onClose: () => void;
}

/** Where in the drive it goes. */
export function SavePlace({ onSave, onClose }: SavePlaceProps) {
  const text = useText();
  const session = useSession();
  const [folderId, setFolderId] = useState<string>();
  const [target, setTarget] = useState<SaveTarget>();
  const read = useCallback((id: string | undefined) => session.engine.saves.subfolders(id), [session]);
  return (
    <>
      <p className="quiet">{text("links.save.lead")}</p>
      <FolderChoice
        folderId={folderId}
        read={read}
        onFolder={(id) => {
          setTarget(undefined);
          setFolderId(id);
        }}
        onLooked={setTarget}
      />
      <div className="dialog-actions">
        <Button onClick={onClose}>{text("files.cancel")}</Button>
        <Button kind="primary" disabled={target === undefined} onClick={() => target && onSave(target)}>
          {text("links.save.here")}
        </Button>
      </div>
    </>
  );
}
