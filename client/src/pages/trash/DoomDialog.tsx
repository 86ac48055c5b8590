import { useSession } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Dialog } from "../../components/controls/Dialog.tsx";
import { useMemory } from "../../components/drive/DriveMemory.tsx";
import { callback, type FileItem } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";

export interface Doomed {
  readonly items: readonly FileItem[];
  /** All that is in the trash. */
  readonly isAll: boolean;
}

/** The one deletion that has no way back: it is asked for, with what and how much. */
export function DoomDialog({ items, isAll, onClose }: Doomed & { readonly onClose: () => void }) {
  const text = useText();
  const session = useSession();
  const { undo } = useMemory();
  const [first] = items;
  const count = items.length;
  const title = isAll
    ? text("explorer.emptyTrashTitle")
    : count === 1
      ? text("trash.deleteTitle", { name: first?.name })
      : text("explorer.deleteManyTitle", { count });
  const lead = isAll
    ? text("explorer.emptyTrashLead", { count })
    : text(count === 1 ? "trash.deleteLead" : "explorer.deleteManyLead");
  const confirm = (): void => {
    onClose();
    // Whoever answers this has been asked: the brake on mass deletion does not ask again.
    const { folders } = session.engine;
    undo
      .during({ message: text("explorer.working.delete", { count }), count, canStop: true }, (watch) =>
        folders.deleteForGood(items, { isMeant: true }, callback(watch)),
      )
      .catch((error: unknown) => session.report(error));
  };
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <p className="quiet">{lead}</p>
      <div className="dialog-actions">
        <Button onClick={onClose}>{text("files.cancel")}</Button>
        <Button kind="danger" onClick={confirm}>
          {text(isAll ? "explorer.emptyTrash" : "trash.delete")}
        </Button>
      </div>
    </Dialog>
  );
}
