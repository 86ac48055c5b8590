import { useIonRouter } from "@ionic/react";
import { type MouseEvent, type ReactNode, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useTransfers } from "../../Contexts.tsx";
import { Button, IconButton } from "../../components/controls/Button.tsx";
import { Icon } from "../../components/controls/Icon.tsx";
import { Breadcrumbs } from "../../components/drive/Breadcrumbs.tsx";
import { useMemory } from "../../components/drive/DriveMemory.tsx";
import { DrivePage } from "../../components/drive/DrivePage.tsx";
import { FILE_COLUMNS } from "../../components/item-list/columns.ts";
import { countText } from "../../components/item-list/count-text.ts";
import { DropZone } from "../../components/item-list/DropZone.tsx";
import { ItemList } from "../../components/item-list/ItemList.tsx";
import { ListSkeleton } from "../../components/item-list/ListSkeleton.tsx";
import { PartNotice } from "../../components/item-list/PartNotice.tsx";
import { useSelection } from "../../components/item-list/use-selection.ts";
import { Empty } from "../../components/page/Empty.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import { canDownload, wantedFrom } from "../../lib/files/downloads.ts";
import type { Clipped } from "../../lib/files/item-clipboard.ts";
import { countOf, isAllHere } from "../../lib/files/listing-reader.ts";
import type { Picking } from "../../lib/files/picked.ts";
import type { Listing } from "../../lib/files/use-listing.ts";
import { setPreferences, usePreferences } from "../../lib/preferences/index.ts";
import type { FileItem } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";
import { AddMenu } from "./AddMenu.tsx";
import { Details } from "./Details.tsx";
import { ExplorerDialogs } from "./ExplorerDialogs.tsx";
import { ExplorerMenus } from "./ExplorerMenus.tsx";
import { mayDo } from "./may.ts";
import { SelectionBar } from "./SelectionBar.tsx";
import type { Asked } from "./types.ts";
import { useChanges } from "./use-changes.ts";
import { useDragged } from "./use-dragged.ts";
import { useExplorerKeys } from "./use-explorer-keys.ts";
import { useOpenViewer } from "./use-open-viewer.ts";
import { useStars } from "./use-stars.ts";
import { ViewMenu } from "./ViewMenu.tsx";

/** Where details stand beside the list (Details.css). */
const WIDE = "(min-width: 1100px)";
const NOBODY: ReadonlySet<string> = new Set();

export interface FolderViewProps {
  readonly listing: Listing;
  /** In place of what cannot be shown. */
  readonly trouble?: ReactNode;
}

/** A folder: what is in it, and everything that can be done with it. */
export function FolderView({ listing, trouble }: FolderViewProps) {
  const text = useText();
  const transfers = useTransfers();
  const router = useIonRouter();
  const { layout, hasDetails } = usePreferences();
  const { clipboard, reveal } = useMemory();
  const { facts, items } = listing;
  const page = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [asked, setAsked] = useState<Asked>();
  const viewer = useOpenViewer(setAsked);
  const selection = useSelection({ items, isComing: !isAllHere({ facts, items }), scope: facts?.folderId });
  const { selected, targets } = selection;
  const dragged = useDragged();
  const changes = useChanges(setAsked);
  const stars = useStars();
  const may = mayDo(facts?.role);
  const share = (item: FileItem): void => setAsked({ what: "share", item });
  const clipped = useSyncExternalStore(clipboard.subscribe, () => clipboard.clipped);
  const cutIds = useMemo(
    () => (clipped?.mode === "move" ? new Set(clipped.items.map(({ id }) => id)) : NOBODY),
    [clipped],
  );

  const here = (): { folderId: string; name: string } => ({
    folderId: facts?.folderId ?? "",
    name: facts?.path.at(-1)?.name || text("nav.files"),
  });
  const download = (files: readonly FileItem[]): void => {
    const wanted = canDownload(files) ? wantedFrom(files, here().name) : undefined;
    if (wanted !== undefined) void transfers.download(wanted);
  };
  const open = (item: FileItem): void => {
    if (item.type === "folder") router.push(`/files/${item.id}`, "none");
    else if (item.type === "file") viewer.look(item);
  };
  const openParent = (): void => {
    const parent = facts?.path.at(-2);
    if (parent !== undefined) router.push(parent.name === "" ? "/files" : `/files/${parent.id}`, "none");
  };
  const upload = (picking: Picking, into?: string): void => {
    const folderId = into ?? facts?.folderId;
    if (folderId !== undefined && may.change) void transfers.upload(folderId, picking);
  };
  const clip = (mode: Clipped["mode"], chosen: readonly FileItem[]): void => {
    if (chosen.length > 0) clipboard.clip({ mode, items: chosen });
  };
  const paste = (): void => {
    if (clipped === undefined || facts === undefined || !may.change) return;
    // What was cut is in one place only; what was copied can be put into many.
    if (clipped.mode === "move") clipboard.clip(undefined);
    void changes[clipped.mode](clipped.items, here(), { onDeclined: () => clipboard.clip(clipped) });
  };
  const trash = (chosen: readonly FileItem[]): void => void changes.trash(chosen);
  const dropItems = (folderId: string): void => {
    if (!may.change) return;
    const name = items.find(({ id }) => id === folderId)?.name ?? facts?.path.find(({ id }) => id === folderId)?.name;
    void changes.move(dragged.take(), { folderId, name: name || text("nav.files") });
  };
  const onBlankMenu = (event: MouseEvent): void => {
    const { target } = event;
    if (event.defaultPrevented || facts === undefined) return;
    if ((target as Element).closest(".list-scroller, .empty") === null) return;
    event.preventDefault();
    selection.clear();
    setAsked({ what: "blank-menu", at: event.nativeEvent });
  };
  // Beside the list where there is room; else over it.
  const showDetails = (): void => {
    if (matchMedia(WIDE).matches) setPreferences({ hasDetails: true });
    else setAsked({ what: "details" });
  };
  useExplorerKeys(page, {
    selection,
    changes,
    stars,
    may,
    clipped,
    onAsk: setAsked,
    onParent: openParent,
    onClip: clip,
    onPaste: paste,
    onPicked: upload,
    onDownload: download,
    onUnclip: () => clipboard.clip(undefined),
  });

  const isEmpty = facts !== undefined && countOf(facts) === 0;
  return (
    <DropZone page={page} onPicked={upload} isDragging={dragged.isDragging} onItems={dropItems}>
      <DrivePage
        head={facts ? <Breadcrumbs path={facts.path} /> : <h1>{text("nav.files")}</h1>}
        actions={
          facts && (
            <>
              <ViewMenu />
              <span className="details-button">
                <IconButton
                  icon="info"
                  label={text("explorer.details.label")}
                  aria-pressed={hasDetails}
                  onClick={() => setPreferences({ hasDetails: !hasDetails })}
                />
              </span>
              {may.change && (
                <AddMenu input={input} onPicked={upload} onNewFolder={() => setAsked({ what: "new-folder" })} />
              )}
            </>
          )
        }
        aside={
          facts &&
          hasDetails && (
            <aside className="details-aside" aria-label={text("explorer.details.label")}>
              <Details
                items={targets}
                stars={stars}
                may={may}
                onShare={share}
                onDownload={download}
                onClose={() => setPreferences({ hasDetails: false })}
              />
            </aside>
          )
        }
        foot={
          facts && (
            <SelectionBar
              selected={selected}
              counts={countText(facts, text)}
              may={may}
              onShare={share}
              onDownload={download}
              onMove={() => setAsked({ what: "place", mode: "move", items: selected })}
              onTrash={trash}
              onMore={(at) => setAsked({ what: "menu", at })}
              onClear={selection.clear}
            />
          )
        }
      >
        <PartNotice {...listing} />
        {facts?.isDamaged && (
          <Notice kind="bad">
            <Icon name="shield" />
            {text("files.damaged")}
          </Notice>
        )}
        {!may.change && (
          <Notice kind="plain">
            <Icon name="eye" />
            {text("sharing.readOnly")}
          </Notice>
        )}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: everything in the menu stands in "New" and has keys as well */}
        <div className="explorer-body" onContextMenu={onBlankMenu}>
          {facts === undefined && (trouble ?? <ListSkeleton />)}
          {isEmpty && (
            <Empty
              icon="folder"
              title={text("files.emptyTitle")}
              lead={text(may.change ? "files.emptyLead" : "sharing.emptyLead")}
            >
              {may.change && (
                <>
                  <Button kind="primary" icon="up" onClick={() => input.current?.click()}>
                    {text("files.uploadFiles")}
                  </Button>
                  <Button icon="folder" onClick={() => setAsked({ what: "new-folder" })}>
                    {text("files.newFolder")}
                  </Button>
                </>
              )}
            </Empty>
          )}
          {facts !== undefined && !isEmpty && (
            <ItemList
              items={items}
              count={countOf(facts)}
              isPartial={facts.isPartial}
              columns={FILE_COLUMNS}
              layout={layout}
              selection={selection}
              fadedIds={cutIds}
              starredIds={stars.ids}
              onOpen={open}
              onMenu={(at) => setAsked({ what: "menu", at })}
              onDrag={dragged.start}
              reveal={reveal}
            />
          )}
        </div>
        {facts && (
          <>
            <ExplorerMenus
              asked={asked}
              targets={targets}
              clipped={clipped}
              onAsk={setAsked}
              onOpen={open}
              onDownload={download}
              onTrash={trash}
              onClip={clip}
              onPaste={paste}
              onDetails={showDetails}
              stars={stars}
              may={may}
              folder={{ id: facts.folderId, name: here().name }}
              onUpload={() => input.current?.click()}
              onSelectAll={selection.all}
            />
            <ExplorerDialogs
              asked={asked}
              targets={targets}
              folderId={facts.folderId}
              changes={changes}
              onDownload={download}
              stars={stars}
              may={may}
              onShare={share}
              onClose={() => setAsked(undefined)}
            />
          </>
        )}
      </DrivePage>
    </DropZone>
  );
}
