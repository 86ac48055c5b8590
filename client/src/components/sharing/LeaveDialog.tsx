import { useState } from "react";
import { useSession } from "../../Contexts.tsx";
import type { ItemRef } from "../../lib/session/index.ts";
import { errorText, useText } from "../../lib/text/index.ts";
import { Button } from "../controls/Button.tsx";
import { Dialog } from "../controls/Dialog.tsx";
import { Notice } from "../page/Notice.tsx";

export interface LeaveDialogProps {
  readonly folder: ItemRef;
  readonly onClose: () => void;
}

/** Asks before a folder that somebody shares leaves this drive. */
export function LeaveDialog({ folder, onClose }: LeaveDialogProps) {
  const text = useText();
  const session = useSession();
  const [isWorking, setWorking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const leave = async (): Promise<void> => {
    setWorking(true);
    setProblem(undefined);
    try {
      await session.engine.sharing.leave(folder);
      onClose();
    } catch (error) {
      setProblem(errorText(error));
      setWorking(false);
    }
  };
  return (
    <Dialog title={text("sharing.leaveTitle", { name: folder.name })} isOpen onClose={onClose}>
      <p className="quiet">{text("sharing.leaveLead")}</p>
      {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
      <div className="dialog-actions">
        <Button onClick={onClose}>{text("files.cancel")}</Button>
        <Button kind="danger" disabled={isWorking} onClick={() => void leave()}>
          {text("sharing.leave")}
        </Button>
      </div>
    </Dialog>
  );
}
