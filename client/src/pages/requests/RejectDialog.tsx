import { Button } from "../../components/controls/Button.tsx";
import { Dialog } from "../../components/controls/Dialog.tsx";
import { useSubmit } from "../../components/controls/use-submit.ts";
import { Notice } from "../../components/page/Notice.tsx";
import { useText } from "../../lib/text/index.ts";
import type { ItemsDialogProps } from "./FileDialog.tsx";

/** There is no way back. */
export function RejectDialog({ items, inbox, onClose }: ItemsDialogProps) {
  const text = useText();
  const { isWorking, problem, onSubmit } = useSubmit(async () => {
    await inbox.reject(items);
    onClose();
  });
  return (
    <Dialog title={text("requests.inbox.rejectTitle", { count: items.length })} isOpen onClose={onClose}>
      <form className="form" onSubmit={onSubmit}>
        <p className="quiet">{text("requests.inbox.rejectLead")}</p>
        {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
        <div className="dialog-actions">
          <Button onClick={onClose}>{text("files.cancel")}</Button>
          <Button kind="danger" type="submit" disabled={isWorking}>
            {text("requests.inbox.reject")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
