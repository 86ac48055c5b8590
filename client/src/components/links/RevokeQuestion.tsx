import { useState } from "react";
import { useSession } from "../../Contexts.tsx";
import type { LinkItem } from "../../lib/session/index.ts";
import { errorText, useText } from "../../lib/text/index.ts";
import { Button } from "../controls/Button.tsx";
import { Dialog } from "../controls/Dialog.tsx";
import { Notice } from "../page/Notice.tsx";
import { linkName } from "./link-text.ts";

export interface RevokeQuestionProps {
  readonly link: LinkItem;
  readonly onBack: () => void;
  readonly onClose: () => void;
}

/** Says what visitors may still have, before it is done. */
export function RevokeQuestion({ link, onBack, onClose }: RevokeQuestionProps) {
  const text = useText();
  const session = useSession();
  const [isWorking, setWorking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const revoke = async (): Promise<void> => {
    setWorking(true);
    setProblem(undefined);
    try {
      await session.engine.links.revoke(link.id);
      onBack();
    } catch (error) {
      setProblem(errorText(error));
      setWorking(false);
    }
  };
  return (
    <Dialog title={text("links.revokeTitle", { name: linkName(link) })} isOpen onClose={onClose}>
      <p className="quiet">{text("links.revokeLead")}</p>
      {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
      <div className="dialog-actions">
        <Button onClick={onBack}>{text("files.cancel")}</Button>
        <Button kind="danger" disabled={isWorking} onClick={() => void revoke()}>
          {text("links.doRevoke")}
        </Button>
      </div>
    </Dialog>
  );
}
