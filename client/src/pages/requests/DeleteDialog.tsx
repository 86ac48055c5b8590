import { useSession } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Dialog } from "../../components/controls/Dialog.tsx";
import { useSubmit } from "../../components/controls/use-submit.ts";
import { Notice } from "../../components/page/Notice.tsx";
import type { RequestItem } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";
import { titleOf } from "./request-text.ts";

export interface DeleteDialogProps {
  readonly request: RequestItem;
  readonly onClose: () => void;
  readonly onDeleted?: (() => void) | undefined;
}

/** Says what goes with it. */
export function DeleteDialog({ request, onClose, onDeleted }: DeleteDialogProps) {
  const text = useText();
  const session = useSession();
  const { isWorking, problem, onSubmit } = useSubmit(async () => {
    await session.engine.requests.delete(request.id);
    onClose();
    onDeleted?.();
  });
  return (
    <Dialog title={text("requests.deleteTitle", { name: titleOf(request) })} isOpen onClose={onClose}>
      <form className="form" onSubmit={onSubmit}>
        <p className="quiet">{text("requests.deleteLead", { count: request.waiting })}</p>
        {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
        <div className="dialog-actions">
          <Button onClick={onClose}>{text("files.cancel")}</Button>
          <Button kind="danger" type="submit" disabled={isWorking}>
            {text("requests.doDelete")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
