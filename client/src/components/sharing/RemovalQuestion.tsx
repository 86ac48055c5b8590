import { useCallback, useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { PEOPLE, useLive } from "../../lib/files/use-live.ts";
import type { ItemRef } from "../../lib/session/index.ts";
import { errorText, useText } from "../../lib/text/index.ts";
import { Button } from "../controls/Button.tsx";
import { Dialog } from "../controls/Dialog.tsx";
import { Notice } from "../page/Notice.tsx";
import { InsideChanges } from "./InsideChanges.tsx";

export interface Removal {
  readonly names: readonly string[];
  /** Has not answered yet. */
  readonly isInvited?: boolean;
  readonly isAll?: boolean;
}

export interface RemovalQuestionProps {
  readonly folder: ItemRef;
  readonly isFile: boolean;
  readonly removal: Removal;
  readonly onBack: () => void;
  readonly onClose: () => void;
}

/** Says who loses access, and what they may still have, before it is done. */
export function RemovalQuestion({ folder, isFile, removal, onBack, onClose }: RemovalQuestionProps) {
  const text = useText();
  const session = useSession();
  const [isWorking, setWorking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const { names, isInvited = false, isAll = false } = removal;
  const { parentId, id, name: folderName } = folder;
  const read = useCallback(
    () => session.engine.sharing.inside({ parentId, id, name: folderName }, isAll ? undefined : names),
    [session, parentId, id, folderName, isAll, names],
  );
  // Nothing is done before it is known, and said, what stays open.
  const { view: inside, failure } = useLive(session, read, PEOPLE);
  const [name] = names;
  const said = { name, names: names.join(", "), folder: folder.name };
  const lead = isAll ? "sharing.stopLead" : isInvited ? "sharing.withdrawLead" : "sharing.removeLead";
  const remove = async (): Promise<void> => {
    setWorking(true);
    setProblem(undefined);
    try {
      if (isAll) await session.engine.sharing.stop(folder);
      else await session.engine.sharing.remove(folder, names);
      onBack();
    } catch (error) {
      setProblem(errorText(error));
      setWorking(false);
    }
  };
  return (
    <Dialog title={text(isAll ? "sharing.stopTitle" : "sharing.removeTitle", said)} isOpen onClose={onClose}>
      {names.length > 0 && <p className="quiet">{text(lead, said)}</p>}
      {isAll && <p className="quiet">{text(isFile ? "sharing.stopBackFile" : "sharing.stopBack")}</p>}
      <InsideChanges inside={inside} what="removing" />
      {failure !== undefined && <Notice kind="bad">{errorText(failure)}</Notice>}
      {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
      <div className="dialog-actions">
        <Button onClick={onBack}>{text("files.cancel")}</Button>
        <Button kind="danger" disabled={isWorking || inside === undefined} onClick={() => void remove()}>
          {text(isAll ? "sharing.stop" : isInvited ? "sharing.withdraw" : "sharing.doRemove")}
        </Button>
      </div>
    </Dialog>
  );
}
