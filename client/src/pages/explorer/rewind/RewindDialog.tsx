import { useEffect, useState } from "react";
import { useSession } from "../../../Contexts.tsx";
import { Button } from "../../../components/controls/Button.tsx";
import { Check } from "../../../components/controls/Check.tsx";
import { Dialog } from "../../../components/controls/Dialog.tsx";
import { useSubmit } from "../../../components/controls/use-submit.ts";
import { useMemory } from "../../../components/drive/DriveMemory.tsx";
import { Notice } from "../../../components/page/Notice.tsx";
import type { RewindView } from "../../../lib/session/index.ts";
import { formatDateTime, useText } from "../../../lib/text/index.ts";
import { MomentChoice } from "./MomentChoice.tsx";
import { RewindList } from "./RewindList.tsx";
import "./Rewind.css";

export interface RewindDialogProps {
  readonly folder: { readonly id: string; readonly name: string };
  readonly onClose: () => void;
}

const HOUR_MS = 3_600_000;

/** First when, then what it would do, then it is done; and that can be undone. */
export function RewindDialog({ folder, onClose }: RewindDialogProps) {
  const text = useText();
  const session = useSession();
  const { undo } = useMemory();
  const { rewinds } = session.engine;
  const [timeMs, setTimeMs] = useState(() => Date.now() - HOUR_MS);
  const [view, setView] = useState<RewindView>();
  const [isWithoutLost, setWithoutLost] = useState(false);
  // Who closes the dialog waits for nothing any more.
  useEffect(() => () => void session.engine.rewinds.cancel(), [session]);
  const { isWorking, problem, onSubmit } = useSubmit(async () => {
    if (view === undefined) {
      setView(await rewinds.preview(folder.id, timeMs));
      return;
    }
    await rewinds.run(view.number, isWithoutLost);
    undo.push({
      message: text("rewind.done", { name: folder.name, date: formatDateTime(view.timeMs) }),
      undo: () => rewinds.undo(view.number),
    });
    onClose();
  });
  const back = (): void => {
    setView(undefined);
    setWithoutLost(false);
  };
  const isPointless = view !== undefined && view.count === 0;
  const isIncomplete = view !== undefined && view.lost.length > 0;
  return (
    <Dialog title={text("rewind.title", { name: folder.name })} isOpen onClose={onClose}>
      <form className="form" onSubmit={onSubmit} aria-busy={isWorking}>
        {view === undefined ? (
          <>
            <p className="quiet">{text("rewind.lead")}</p>
            <MomentChoice timeMs={timeMs} onTimeMs={setTimeMs} />
          </>
        ) : (
          <>
            <p className="quiet">
              {text(isPointless ? "rewind.nothing" : "rewind.willDo", { date: formatDateTime(view.timeMs) })}
            </p>
            <RewindList view={view} />
            {isIncomplete && !isPointless && (
              <Check label={text("rewind.withoutLost")} isChecked={isWithoutLost} onChecked={setWithoutLost} />
            )}
          </>
        )}
        {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
        <div className="dialog-actions">
          {view === undefined ? (
            <Button onClick={onClose}>{text("files.cancel")}</Button>
          ) : (
            <Button onClick={back}>{text("rewind.back")}</Button>
          )}
          {!isPointless && (
            <Button kind="primary" type="submit" disabled={isWorking || (isIncomplete && !isWithoutLost)}>
              {view === undefined
                ? text(isWorking ? "rewind.looking" : "rewind.look")
                : text("rewind.run", { count: view.count })}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
