import { useCallback, useMemo, useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Dialog } from "../../components/controls/Dialog.tsx";
import { Menu } from "../../components/controls/Menu.tsx";
import { DrivePage } from "../../components/drive/DrivePage.tsx";
import { ItemList } from "../../components/item-list/ItemList.tsx";
import { Empty } from "../../components/page/Empty.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import { sortItems } from "../../lib/files/sort-items.ts";
import { useLive } from "../../lib/files/use-live.ts";
import { usePreferences } from "../../lib/preferences/index.ts";
import type { FileItem } from "../../lib/session/index.ts";
import { errorText, language, useText } from "../../lib/text/index.ts";

export function TrashPage() {
  const text = useText();
  const session = useSession();
  const { sort } = usePreferences();
  const [menu, setMenu] = useState<{ readonly item: FileItem; readonly at: Event }>();
  const [doomed, setDoomed] = useState<FileItem>();
  const read = useCallback(() => session.engine.folders.listTrash(), [session]);
  const { view, failure } = useLive(session, read);
  const items = useMemo(() => sortItems(view?.items ?? [], sort, language()), [view, sort]);
  const report = (error: unknown): void => session.report(error);
  const restore = (item: FileItem): void => void session.engine.folders.restore(item).catch(report);
  const deleteForGood = (item: FileItem): void => {
    setDoomed(undefined);
    session.engine.folders.deleteForGood([item]).catch(report);
  };
  return (
    <DrivePage head={<h1>{text("trash.title")}</h1>}>
      {failure !== undefined && <Notice kind="bad">{errorText(failure)}</Notice>}
      {view !== undefined && items.length === 0 && (
        <Empty icon="trash" title={text("trash.emptyTitle")} lead={text("trash.emptyLead")} />
      )}
      {items.length > 0 && (
        <ItemList
          items={items}
          onOpen={restore}
          onMenu={(item, at) => setMenu({ item, at })}
          onKey={{ Delete: setDoomed }}
        />
      )}
      <Menu
        at={menu?.at}
        label={menu === undefined ? "" : text("files.actions", { name: menu.item.name })}
        actions={
          menu === undefined
            ? []
            : [
                { label: text("trash.restore"), icon: "restore", onChoose: () => restore(menu.item) },
                { label: text("trash.delete"), icon: "trash", onChoose: () => setDoomed(menu.item) },
              ]
        }
        onClose={() => setMenu(undefined)}
      />
      {doomed !== undefined && (
        <Dialog title={text("trash.deleteTitle", { name: doomed.name })} isOpen onClose={() => setDoomed(undefined)}>
          <p className="quiet">{text("trash.deleteLead")}</p>
          <div className="dialog-actions">
            <Button onClick={() => setDoomed(undefined)}>{text("files.cancel")}</Button>
            <Button kind="danger" onClick={() => deleteForGood(doomed)}>
              {text("trash.delete")}
            </Button>
          </div>
        </Dialog>
      )}
    </DrivePage>
  );
}
