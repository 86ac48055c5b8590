import { type ComponentType, useEffect, useMemo, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router-dom";
import { useSession, useTransfers } from "../../../Contexts.tsx";
import { Icon } from "../../../components/controls/Icon.tsx";
import { Menu, type MenuAction } from "../../../components/controls/Menu.tsx";
import { Problems } from "../../../components/drive/Problems.tsx";
import { useViewer } from "../../../components/drive/use-viewer.ts";
import { FILE_COLUMNS } from "../../../components/item-list/columns.ts";
import { DropZone } from "../../../components/item-list/DropZone.tsx";
import { ItemList } from "../../../components/item-list/ItemList.tsx";
import { ListSkeleton } from "../../../components/item-list/ListSkeleton.tsx";
import { PartNotice } from "../../../components/item-list/PartNotice.tsx";
import { useSelection } from "../../../components/item-list/use-selection.ts";
import { Empty } from "../../../components/page/Empty.tsx";
import { Notice } from "../../../components/page/Notice.tsx";
import { TransferDialogs } from "../../../components/transfers/TransferDialogs.tsx";
import { TransferPanel } from "../../../components/transfers/TransferPanel.tsx";
import { canDownload, wantedFrom } from "../../../lib/files/downloads.ts";
import { countOf, isAllHere } from "../../../lib/files/listing-reader.ts";
import type { Picking } from "../../../lib/files/picked.ts";
import { useListing } from "../../../lib/files/use-listing.ts";
import { usePreferences } from "../../../lib/preferences/index.ts";
import { type EngineFailure, type FileItem, nameHere, type VisitView } from "../../../lib/session/index.ts";
import { errorText, language, useText } from "../../../lib/text/index.ts";
import type { ViewRef } from "../../../lib/viewing/address.ts";
import { serveStreams } from "../../../lib/viewing/streams.ts";
import { InvitedNotice } from "./InvitedNotice.tsx";
import { SaveDialog } from "./SaveDialog.tsx";
import { useCatchUp } from "./use-catch-up.ts";
import { VisitFile } from "./VisitFile.tsx";
import { VisitFoot } from "./VisitFoot.tsx";
import { VisitHead } from "./VisitHead.tsx";
import "./VisitFolder.css";

/** Shows one file over the folder. */
export type Viewer = ComponentType<{ readonly view: ViewRef; readonly mayDownload: boolean }>;

export interface VisitFolderProps {
  readonly Viewer: Viewer;
  readonly visit: VisitView;
  /** By which it was opened. */
  readonly address: string;
  /** Nobody is let in any more. */
  readonly onLost: (failure: EngineFailure) => void;
}

/** What is behind a link: one file, or a folder, with what the explorer shows, and of what can be done what a visitor may do. */
export function VisitFolder({ visit, address, Viewer, onLost }: VisitFolderProps) {
  const text = useText();
  const session = useSession();
  const transfers = useTransfers();
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const { sort, layout } = usePreferences();
  const folderId = new URLSearchParams(search).get("in") ?? undefined;
  const place = useMemo(() => ({ folderId }), [folderId]);
  const { facts, items, failure, reload } = useListing(session, place, { ...sort, language: language() });
  const { view, look } = useViewer();
  const isWhole = isAllHere({ facts, items });
  const selection = useSelection({ items, isComing: !isWhole, scope: facts?.folderId });
  const [menuAt, setMenuAt] = useState<Event>();
  const [saved, setSaved] = useState<readonly FileItem[]>();
  const page = useRef<HTMLDivElement>(null);
  useEffect(() => serveStreams(session), [session]);
  useCatchUp({ failure, onLost });

  const mayDownload = !visit.viewOnly;
  const [owner] = useState(nameHere);
  const maySave = mayDownload && owner !== undefined;
  const mayUpload = visit.role === "editor";
  const name = facts?.path.at(-1)?.name || visit.label || text("links.visit.folder");
  const download = (wanted: readonly FileItem[]): void => {
    const some = wanted.filter((item) => canDownload([item]));
    const one = wantedFrom(some, name);
    if (one !== undefined) void transfers.download(one);
  };
  const open = (item: FileItem): void => {
    if (item.type === "folder") navigate({ pathname, search: `?in=${item.id}` });
    else if (item.type === "file") look(item);
  };
  const upload = (picking: Picking, into?: string): void => {
    const to = into ?? facts?.folderId;
    if (mayUpload && to !== undefined) void transfers.upload(to, picking);
  };
  const { targets, selected } = selection;
  const [first] = targets;
  const actions: (MenuAction | false | undefined)[] = [
    first &&
      targets.length === 1 && {
        label: text(first.type === "folder" ? "files.open" : "viewer.open"),
        icon: first.type === "folder" ? "folder" : "eye",
        onChoose: () => open(first),
      },
    mayDownload &&
      canDownload(targets) && { label: text("files.download"), icon: "down", onChoose: () => download(targets) },
    maySave &&
      canDownload(targets) && { label: text("links.save.action"), icon: "disk", onChoose: () => setSaved(targets) },
  ];
  const apart = items.filter(({ isShared }) => isShared === true);
  const isEmpty = facts !== undefined && countOf(facts) === 0;
  if (visit.isFile && facts === undefined && failure === undefined) {
    return (
      <p className="visit-foot quiet" role="status">
        {text("links.visit.opening")}
      </p>
    );
  }
  const [only, ...others] = items;
  // Whatever else somebody did to it is shown plainly, as the folder that it is then.
  if (visit.isFile && isWhole && !facts?.isDamaged && only?.type === "file" && others.length === 0) {
    return (
      <>
        <VisitFile visit={visit} address={address} file={only} onDownload={() => download([only])} />
        {view && <Viewer view={view} mayDownload={mayDownload} />}
      </>
    );
  }
  return (
    <DropZone page={page} onPicked={upload} isDragging={() => false} onItems={() => undefined} isFolder={mayUpload}>
      <VisitHead
        visit={visit}
        path={facts?.path ?? []}
        onDownloadAll={mayDownload && isWhole && !isEmpty ? () => download(items) : undefined}
        onSaveAll={maySave && isWhole && !isEmpty ? () => setSaved(items) : undefined}
        onPicked={mayUpload ? upload : undefined}
      />
      {visit.invitedBy !== undefined && <InvitedNotice visit={visit} address={address} />}
      <Problems />
      {visit.viewOnly && (
        <Notice kind="plain">
          <Icon name="eye" />
          {text("links.visit.viewOnly")}
        </Notice>
      )}
      {apart.length > 0 && (
        <Notice kind="plain">
          <Icon name="people" />
          {text("links.visit.apart", { names: apart.map((item) => item.name).join(", ") })}
        </Notice>
      )}
      <PartNotice facts={facts} failure={failure} reload={reload} />
      {facts?.isDamaged && (
        <Notice kind="bad">
          <Icon name="shield" />
          {text("files.damaged")}
        </Notice>
      )}
      {facts === undefined && failure === undefined && <ListSkeleton />}
      {facts === undefined && failure !== undefined && (
        <Empty icon="cloudOff" title={text("files.unavailable")} lead={errorText(failure)}>
          <button type="button" className="button button-plain" onClick={reload}>
            {text("files.retry")}
          </button>
        </Empty>
      )}
      {isEmpty && (
        <Empty
          icon="folder"
          title={text("links.visit.emptyTitle")}
          lead={text(mayUpload ? "links.visit.emptyUploadLead" : "links.visit.emptyLead")}
        />
      )}
      {facts !== undefined && !isEmpty && (
        <ItemList
          items={items}
          count={countOf(facts)}
          isPartial={facts.isPartial}
          columns={FILE_COLUMNS}
          layout={layout}
          selection={selection}
          onOpen={open}
          onMenu={setMenuAt}
        />
      )}
      {facts && (
        <VisitFoot
          facts={facts}
          selected={selected}
          onDownload={mayDownload && canDownload(selected) ? () => download(selected) : undefined}
          onSave={maySave && canDownload(selected) ? () => setSaved(selected) : undefined}
          onClear={selection.clear}
        />
      )}
      <Menu
        at={menuAt}
        label={text("files.actions", { name: first?.name })}
        actions={actions.filter((action) => action !== false && action !== undefined)}
        onClose={() => setMenuAt(undefined)}
      />
      <TransferPanel />
      <TransferDialogs />
      {saved !== undefined && owner !== undefined && (
        <SaveDialog name={owner} items={saved} onClose={() => setSaved(undefined)} />
      )}
      {view && <Viewer view={view} mayDownload={mayDownload} />}
    </DropZone>
  );
}
