import { useSession } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Dialog } from "../../components/controls/Dialog.tsx";
import { useSubmit } from "../../components/controls/use-submit.ts";
import { Notice } from "../../components/page/Notice.tsx";
import { useText } from "../../lib/text/index.ts";

export interface ForgetDialogProps {
  readonly name: string;
  readonly onClose: () => void;
}

/** Somebody else wants to use this browser: what it keeps of the account goes first. */
export function ForgetDialog({ name, onClose }: ForgetDialogProps) {
  const text = useText();
  const session = useSession();
  const { isWorking, problem, onSubmit } = useSubmit(() => session.forget());
  return (
    <Dialog title={text("unlock.other")} isOpen onClose={onClose}>
      <form className="form" onSubmit={onSubmit}>
        <p className="quiet">{text("unlock.otherLead", { name })}</p>
        {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
        <div className="dialog-actions">
          <Button onClick={onClose}>{text("files.cancel")}</Button>
          <Button kind="primary" type="submit" disabled={isWorking}>
            {text("unlock.otherSubmit")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
