import { useCallback, useEffect, useState } from "react";
import { useSession } from "../../../Contexts.tsx";
import { Button } from "../../../components/controls/Button.tsx";
import { Dialog } from "../../../components/controls/Dialog.tsx";
import { Notice } from "../../../components/page/Notice.tsx";
import { callback, type FileItem, failureOf, type SaveOutcome, type SaveProgress } from "../../../lib/session/index.ts";
import { errorText, formatBytes, useText } from "../../../lib/text/index.ts";
import { SavePlace, type SaveTarget } from "./SavePlace.tsx";
import { SaveUnlock } from "./SaveUnlock.tsx";
import "./SaveDialog.css";

export interface SaveDialogProps {
  /** Whose drive it is. */
  readonly name: string;
  readonly items: readonly FileItem[];
  readonly onClose: () => void;
}

type Stage =
  | { readonly is: "opening" | "locked" | "choosing" }
  | { readonly is: "closed"; readonly problem: string }
  | { readonly is: "saving"; readonly target: SaveTarget; readonly progress?: SaveProgress }
  | { readonly is: "over"; readonly target: SaveTarget; readonly outcome: SaveOutcome };

/** From a link into the drive of whoever is signed in here: the drive is open as long as this is. */
export function SaveDialog({ name, items, onClose }: SaveDialogProps) {
  const text = useText();
  const session = useSession();
  const [stage, setStage] = useState<Stage>({ is: "opening" });
  const fail = useCallback((error: unknown) => setStage({ is: "closed", problem: errorText(failureOf(error)) }), []);
  useEffect(() => {
    const { saves } = session.engine;
    saves.open().then(({ status }) => {
      if (status === "signed-out") setStage({ is: "closed", problem: text("links.save.signedOut") });
      else setStage({ is: status === "open" ? "choosing" : "locked" });
    }, fail);
    return () => void saves.close().catch((error: unknown) => session.report(error));
  }, [session, text, fail]);
  const save = async (target: SaveTarget, isAgain = false): Promise<void> => {
    setStage({ is: "saving", target });
    // It may come after the outcome, which is the last word.
    const tell = callback((progress: SaveProgress) =>
      setStage((before) => (before.is === "saving" ? { ...before, progress } : before)),
    );
    const refs = items.map(({ parentId, id, name: called }) => ({ parentId, id, name: called }));
    const { saves } = session.engine;
    try {
      const outcome = await (isAgain
        ? saves.saveAgain(tell)
        : saves.save({ items: refs, folderId: target.folderId }, tell));
      setStage({ is: "over", target, outcome });
    } catch (error) {
      fail(error);
    }
  };
  return (
    <Dialog title={text("links.save.title")} isOpen onClose={onClose}>
      {stage.is === "opening" && <p className="faint">{text("links.save.opening")}</p>}
      {stage.is === "closed" && <Notice kind="bad">{stage.problem}</Notice>}
      {stage.is === "locked" && <SaveUnlock name={name} onOpen={() => setStage({ is: "choosing" })} />}
      {stage.is === "choosing" && <SavePlace onSave={(target) => void save(target)} onClose={onClose} />}
      {stage.is === "saving" && <Saving {...stage} onStop={() => void session.engine.saves.stop()} />}
      {stage.is === "over" && <Over {...stage} onAgain={() => void save(stage.target, true)} onClose={onClose} />}
      {stage.is === "closed" && (
        <div className="dialog-actions">
          <Button onClick={onClose}>{text("app.close")}</Button>
        </div>
      )}
    </Dialog>
  );
}

function Saving({ progress, onStop }: { readonly progress?: SaveProgress; readonly onStop: () => void }) {
  const text = useText();
  const { files = 0, sizeBytes = 0, doneFiles = 0, doneBytes = 0 } = progress ?? {};
  const said = { done: doneFiles, files, bytes: formatBytes(doneBytes), all: formatBytes(sizeBytes) };
  return (
    <>
      <p className="quiet number" role="status">
        {text(progress === undefined ? "links.save.counting" : "links.save.progress", said)}
      </p>
      <progress
        className="save-progress"
        max={Math.max(1, sizeBytes)}
        value={doneBytes}
        aria-label={text("links.save.title")}
      />
      <div className="dialog-actions">
        <Button onClick={onStop}>{text("links.save.stop")}</Button>
      </div>
    </>
  );
}

interface OverProps {
  readonly target: SaveTarget;
  readonly outcome: SaveOutcome;
  readonly onAgain: () => void;
  readonly onClose: () => void;
}

function Over({ target, outcome: { saved, failed, failures, isStopped }, onAgain, onClose }: OverProps) {
  const text = useText();
  return (
    <>
      <p className="quiet" role="status">
        {isStopped && `${text("links.save.stopped")} `}
        {text("links.save.done", { count: saved, folder: target.name })}
      </p>
      {failed > 0 && (
        <Notice kind="bad">
          <div>
            {text("links.save.failed", { count: failed })}
            <ul className="save-failures">
              {failures.map((failure) => (
                <li key={failure.path}>
                  <strong dir="auto">{failure.path}</strong> {errorText(failure)}
                </li>
              ))}
            </ul>
          </div>
        </Notice>
      )}
      <div className="dialog-actions">
        <Button onClick={onClose}>{text("app.close")}</Button>
        {failed > 0 && <Button onClick={onAgain}>{text("files.retry")}</Button>}
        <a className="button button-primary" href={`/files/${target.folderId}`}>
          {text("links.save.show")}
        </a>
      </div>
    </>
  );
}
