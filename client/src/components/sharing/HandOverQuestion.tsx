import { useState } from "react";
import { useSession } from "../../Contexts.tsx";
import type { ItemRef } from "../../lib/session/index.ts";
import { errorText, useText } from "../../lib/text/index.ts";
import { Button } from "../controls/Button.tsx";
import { Dialog } from "../controls/Dialog.tsx";
import { Notice } from "../page/Notice.tsx";

export interface HandOverQuestionProps {
  readonly folder: ItemRef;
  /** Who is to be the owner. */
  readonly name: string;
  readonly onBack: () => void;
  readonly onClose: () => void;
}

/** Only the new owner can give it back: so it is asked. */
export function HandOverQuestion({ folder, name, onBack, onClose }: HandOverQuestionProps) {
  const text = useText();
  const session = useSession();
  const [isWorking, setWorking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const said = { name, folder: folder.name };
  const handOver = async (): Promise<void> => {
    setWorking(true);
    setProblem(undefined);
    try {
      await session.engine.sharing.handOver(folder, name);
      onBack();
    } catch (error) {
      setProblem(errorText(error));
      setWorking(false);
    }
  };
  return (
    <Dialog title={text("sharing.handOver.title", said)} isOpen onClose={onClose}>
      <p className="quiet">{text("sharing.handOver.lead", said)}</p>
      {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
      <div className="dialog-actions">
        <Button onClick={onBack}>{text("files.cancel")}</Button>
        <Button kind="danger" disabled={isWorking} onClick={() => void handOver()}>
          {text("sharing.handOver.submit")}
        </Button>
      </div>
    </Dialog>
  );
}
