import { useState } from "react";
import { useSession, useTransfers } from "../../Contexts.tsx";
import { Button, IconButton } from "../../components/controls/Button.tsx";
import { Dialog } from "../../components/controls/Dialog.tsx";
import { useMemory } from "../../components/drive/DriveMemory.tsx";
import { useViewer } from "../../components/drive/use-viewer.ts";
import type { FileItem, ItemDetails, VersionItem } from "../../lib/session/index.ts";
import { formatBytes, formatDateTime, useText } from "../../lib/text/index.ts";

export interface VersionsProps {
  readonly item: FileItem;
  readonly details: ItemDetails;
  readonly mayChange: boolean;
}

/** What a file was before: bringing it back can be undone, deleting it cannot and is asked for. */
export function Versions({ item, details, mayChange }: VersionsProps) {
  const text = useText();
  const session = useSession();
  const transfers = useTransfers();
  const { look } = useViewer();
  const { undo } = useMemory();
  const [doomed, setDoomed] = useState<VersionItem>();
  const { folders } = session.engine;
  const { versions, contentId } = details;
  const { name, parentId, id } = item;
  const reporting = (work: Promise<void>): void => void work.catch((error: unknown) => session.report(error));
  const restore = async ({ id, modifiedMs }: VersionItem): Promise<void> => {
    await folders.restoreVersion(item, id);
    if (contentId === undefined) return;
    undo.push({
      message: text("explorer.details.restored", { name, date: formatDateTime(modifiedMs) }),
      // What was current is the newest of the earlier ones now.
      undo: () => folders.restoreVersion(item, contentId),
    });
  };
  const deleteDoomed = (): void => {
    if (doomed !== undefined) reporting(folders.deleteVersion(item, doomed.id));
    setDoomed(undefined);
  };
  return (
    <section className="versions">
      <h3>{text("explorer.details.versions")}</h3>
      {versions.length === 0 && <p className="faint">{text("explorer.details.noVersions")}</p>}
      <ul>
        {versions.map((version) => {
          const date = formatDateTime(version.modifiedMs);
          return (
            <li key={version.id}>
              <span className="versions-facts number">
                {date}
                <span className="faint">
                  {formatBytes(version.sizeBytes)} ·{" "}
                  {text("explorer.details.replaced", { date: formatDateTime(version.replacedMs) })}
                </span>
              </span>
              <IconButton
                icon="eye"
                label={text("viewer.lookAtVersion", { date })}
                onClick={() => look({ parentId, id, versionId: version.id })}
              />
              <IconButton
                icon="down"
                label={text("viewer.downloadVersion", { date })}
                onClick={() =>
                  void transfers.download({
                    name: item.name,
                    item,
                    sizeBytes: version.sizeBytes,
                    versionId: version.id,
                  })
                }
              />
              {mayChange && (
                <IconButton
                  icon="restore"
                  label={text("explorer.details.restore", { date })}
                  onClick={() => reporting(restore(version))}
                />
              )}
              {mayChange && (
                <IconButton
                  icon="trash"
                  label={text("explorer.details.delete", { date })}
                  onClick={() => setDoomed(version)}
                />
              )}
            </li>
          );
        })}
      </ul>
      {doomed !== undefined && (
        <Dialog title={text("explorer.details.deleteTitle")} isOpen onClose={() => setDoomed(undefined)}>
          <p className="quiet">
            {text("explorer.details.deleteLead", { name, date: formatDateTime(doomed.modifiedMs) })}
          </p>
          <div className="dialog-actions">
            <Button onClick={() => setDoomed(undefined)}>{text("files.cancel")}</Button>
            <Button kind="danger" onClick={deleteDoomed}>
              {text("trash.delete")}
            </Button>
          </div>
        </Dialog>
      )}
    </section>
  );
}
