import { useCallback, useEffect, useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { useLive } from "../../lib/files/use-live.ts";
import { callback, type EngineEvent, type ItemRef } from "../../lib/session/index.ts";
import { errorText, useText } from "../../lib/text/index.ts";
import { Button } from "../controls/Button.tsx";
import { Notice } from "../page/Notice.tsx";

/** It looks through the whole folder: when somebody asks, and not whenever something changes. */
const NEVER: readonly EngineEvent["type"][] = [];

/** After somebody was removed: what still has a key that they hold gets the key of now. */
export function Reencryption({ folder }: { readonly folder: ItemRef }) {
  const text = useText();
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="activity" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="quiet">{text("sharing.reencrypt.title")}</summary>
      {isOpen && <Remaining folder={folder} />}
    </details>
  );
}

interface Progress {
  readonly done: number;
  readonly total: number;
}

function Remaining({ folder: { parentId, id, name } }: { readonly folder: ItemRef }) {
  const text = useText();
  const session = useSession();
  const { sharing } = session.engine;
  const read = useCallback(
    () => session.engine.sharing.outdated({ parentId, id, name }),
    [session, parentId, id, name],
  );
  const { view, failure, reload } = useLive(session, read, NEVER);
  const [progress, setProgress] = useState<Progress>();
  const [problem, setProblem] = useState<string>();
  // Who closes the dialog stops it; what is done stays done.
  useEffect(() => () => void session.engine.sharing.stopReencrypting(), [session]);
  const run = async (total: number): Promise<void> => {
    setProblem(undefined);
    setProgress({ done: 0, total });
    try {
      await sharing.reencrypt(
        { parentId, id, name },
        callback((done: number, all: number) => setProgress({ done, total: all })),
      );
    } catch (error) {
      if ((error as { code?: unknown }).code !== "cancelled") setProblem(errorText(error));
    }
    setProgress(undefined);
    reload();
  };
  if (failure !== undefined) return <Notice kind="bad">{errorText(failure)}</Notice>;
  if (view === undefined) return <p className="faint">{text("settings.loading")}</p>;
  const { pages, total, unreadable } = view;
  return (
    <div className="reencryption">
      <p className="quiet">{text("sharing.reencrypt.lead")}</p>
      {progress === undefined && (
        <p>{text(pages === 0 ? "sharing.reencrypt.nothing" : "sharing.reencrypt.left", { pages, total })}</p>
      )}
      {unreadable > 0 && <Notice kind="bad">{text("sharing.reencrypt.unreadable", { count: unreadable })}</Notice>}
      {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
      {progress !== undefined && (
        <>
          <progress value={progress.done} max={progress.total} aria-label={text("sharing.reencrypt.title")} />
          <p className="number" aria-live="polite">
            {text("sharing.reencrypt.progress", { ...progress })}
          </p>
          <Button onClick={() => void sharing.stopReencrypting()}>{text("sharing.reencrypt.stop")}</Button>
        </>
      )}
      {progress === undefined && pages > 0 && (
        <Button onClick={() => void run(pages)}>{text("sharing.reencrypt.run")}</Button>
      )}
    </div>
  );
}
