import { useSession } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Dialog } from "../../components/controls/Dialog.tsx";
import { NameDialog } from "../../components/controls/NameDialog.tsx";
import { LeaveDialog } from "../../components/sharing/LeaveDialog.tsx";
import { ShareDialog } from "../../components/sharing/ShareDialog.tsx";
import type { FileItem } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";
import { AccessQuestion } from "./AccessQuestion.tsx";
import { Details } from "./Details.tsx";
import type { May } from "./may.ts";
import { PlaceDialog } from "./PlaceDialog.tsx";
import { RewindDialog } from "./rewind/RewindDialog.tsx";
import type { Asked } from "./types.ts";
import type { Changes } from "./use-changes.ts";
import type { Stars } from "./use-stars.ts";

export interface ExplorerDialogsProps {
  readonly asked: Asked | undefined;
  readonly targets: readonly FileItem[];
  readonly folderId: string;
  readonly changes: Changes;
  readonly onDownload: (items: readonly FileItem[]) => void;
  readonly stars: Stars;
  readonly may: May;
  readonly onShare: (item: FileItem) => void;
  readonly onClose: () => void;
}

/** What has to be asked before something is done. */
export function ExplorerDialogs(props: ExplorerDialogsProps) {
  const { asked, targets, folderId, changes, stars, may, onDownload, onShare, onClose } = props;
  const text = useText();
  const session = useSession();
  if (asked?.what === "new-folder") {
    return (
      <NameDialog
        title={text("files.newFolder")}
        label={text("files.folderName")}
        submit={text("files.create")}
        name=""
        isFolder
        onClose={onClose}
        onName={async (name) => void (await session.engine.folders.makeFolder(folderId, name))}
      />
    );
  }
  if (asked?.what === "rename") {
    const { item } = asked;
    return (
      <NameDialog
        title={text("files.rename")}
        label={text("files.newName")}
        submit={text("files.rename")}
        name={item.name}
        isFolder={item.type === "folder"}
        onClose={onClose}
        onName={(name) => changes.rename(item, name)}
      />
    );
  }
  if (asked?.what === "details") {
    return (
      <Dialog title={text("explorer.details.label")} isOpen onClose={onClose}>
        <Details items={targets} stars={stars} may={may} onDownload={onDownload} onShare={onShare} />
      </Dialog>
    );
  }
  if (asked?.what === "share") {
    return <ShareDialog folder={asked.item} isFile={asked.item.type === "file"} onClose={onClose} />;
  }
  if (asked?.what === "leave") return <LeaveDialog folder={asked.item} onClose={onClose} />;
  if (asked?.what === "place") return <PlaceDialog {...asked} from={folderId} changes={changes} onClose={onClose} />;
  if (asked?.what === "access") {
    const { mode, items, target } = asked;
    const confirm = (): void => {
      onClose();
      void changes[mode](items, target, { isMeant: true });
    };
    return <AccessQuestion asked={asked} onConfirm={confirm} onClose={onClose} />;
  }
  if (asked?.what === "rewind") return <RewindDialog folder={asked.folder} onClose={onClose} />;
  if (asked?.what === "mass-deletion") {
    const { items } = asked;
    const confirm = (): void => {
      onClose();
      void changes.trash(items, true);
    };
    return (
      <Dialog title={text("explorer.massTitle")} isOpen onClose={onClose}>
        <p className="quiet">{text("explorer.massTrashLead", { count: items.length })}</p>
        <div className="dialog-actions">
          <Button onClick={onClose}>{text("files.cancel")}</Button>
          <Button kind="danger" onClick={confirm}>
            {text("explorer.massTrash")}
          </Button>
        </div>
      </Dialog>
    );
  }
  return null;
}
