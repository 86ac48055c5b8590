import { useIonRouter } from "@ionic/react";
import { useCallback, useMemo, useState } from "react";
import { useLocation } from "react-router-dom";
import { useSession, useTransfers } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Icon } from "../../components/controls/Icon.tsx";
import { Breadcrumbs } from "../../components/drive/Breadcrumbs.tsx";
import { DrivePage } from "../../components/drive/DrivePage.tsx";
import { ItemList } from "../../components/item-list/ItemList.tsx";
import { Empty } from "../../components/page/Empty.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import type { Picking } from "../../lib/files/picked.ts";
import { sortItems } from "../../lib/files/sort-items.ts";
import { useLive } from "../../lib/files/use-live.ts";
import { usePreferences } from "../../lib/preferences/index.ts";
import type { FileItem } from "../../lib/session/index.ts";
import { errorText, language, useText } from "../../lib/text/index.ts";
import { AddMenu } from "./AddMenu.tsx";
import { countText } from "./count-text.ts";
import { DropZone } from "./DropZone.tsx";
import { ItemActions } from "./ItemActions.tsx";
import { ListSkeleton } from "./ListSkeleton.tsx";
import type { Asked } from "./types.ts";

/** The folder whose id is in the address; without one, the root. */
function useFolderId(): string | undefined {
  const [, folderId] = /^\/files\/([A-Za-z0-9_-]+)$/.exec(useLocation().pathname) ?? [];
  return folderId;
}

export function ExplorerPage() {
  const text = useText();
  const session = useSession();
  const transfers = useTransfers();
  const router = useIonRouter();
  const { sort } = usePreferences();
  const folderId = useFolderId();
  const [asked, setAsked] = useState<Asked>();
  const read = useCallback(() => session.engine.folders.list(folderId), [session, folderId]);
  const { view, failure, reload } = useLive(session, read);
  const items = useMemo(() => sortItems(view?.items ?? [], sort, language()), [view, sort]);

  const open = (item: FileItem): void => {
    if (item.type === "folder") router.push(`/files/${item.id}`, "none");
    else if (item.sizeBytes !== undefined) void transfers.download({ ...item, sizeBytes: item.sizeBytes });
  };
  const hereId = view?.folderId;
  const upload = useCallback(
    (picking: Picking): void => {
      if (hereId !== undefined) void transfers.upload(hereId, picking);
    },
    [hereId, transfers],
  );

  if (view === undefined && failure !== undefined) {
    return (
      <DrivePage head={<h1>{text("nav.files")}</h1>}>
        <Empty icon="cloudOff" title={text("files.missing")} lead={errorText(failure)}>
          <Button onClick={reload}>{text("files.retry")}</Button>
          {folderId !== undefined && <Button onClick={() => router.push("/files")}>{text("files.toStart")}</Button>}
        </Empty>
      </DrivePage>
    );
  }
  return (
    <DropZone onPicked={upload}>
      <DrivePage
        head={view ? <Breadcrumbs path={view.path} /> : <h1>{text("nav.files")}</h1>}
        actions={view && <AddMenu onPicked={upload} onNewFolder={() => setAsked({ what: "new-folder" })} />}
        foot={view && countText(items, text)}
      >
        {view?.isDamaged && (
          <Notice kind="bad">
            <Icon name="shield" />
            {text("files.damaged")}
          </Notice>
        )}
        {view === undefined && <ListSkeleton />}
        {view !== undefined && items.length === 0 && (
          <Empty icon="folder" title={text("files.emptyTitle")} lead={text("files.emptyLead")} />
        )}
        {items.length > 0 && (
          <ItemList
            items={items}
            onOpen={open}
            onMenu={(item, at) => setAsked({ what: "menu", item, at })}
            onKey={{
              F2: (item) => setAsked({ what: "rename", item }),
              Delete: (item) => setAsked({ what: "trash", item }),
            }}
          />
        )}
        {view && <ItemActions asked={asked} folderId={view.folderId} onAsk={setAsked} onOpen={open} />}
      </DrivePage>
    </DropZone>
  );
}
