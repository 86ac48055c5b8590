import { useEffect, useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { useText } from "../../lib/text/index.ts";
import { onSaved, type SavedFile } from "../../native/index.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import "./UndoToast.css";

/** In an app nobody else says where a download went: it is said here, with what to do next, until it is closed. */
export function SavedToast() {
  const text = useText();
  const session = useSession();
  const [file, setFile] = useState<SavedFile>();
  useEffect(() => onSaved(setFile), []);
  const run = (work: Promise<void>): void => void work.catch((error: unknown) => session.report(error));
  return (
    <div role="status" className="undo-place">
      {file !== undefined && (
        <div className="undo-toast">
          <span className="undo-text" dir="auto">
            {text("saved.message", { name: file.name })}
          </span>
          <Button kind="ghost" onClick={() => run(file.open())}>
            {text("saved.open")}
          </Button>
          <Button kind="ghost" onClick={() => run(file.share())}>
            {text("saved.share")}
          </Button>
          <IconButton icon="close" label={text("app.close")} onClick={() => setFile(undefined)} />
        </div>
      )}
    </div>
  );
}
