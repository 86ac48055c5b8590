import { useIonRouter } from "@ionic/react";
import { type ReactNode, useRef, useState, useSyncExternalStore } from "react";
import { useTransfers } from "../../../Contexts.tsx";
import { IconButton } from "../../../components/controls/Button.tsx";
import { useMemory } from "../../../components/drive/DriveMemory.tsx";
import { DrivePage } from "../../../components/drive/DrivePage.tsx";
import type { Column } from "../../../components/item-list/columns.ts";
import { countText } from "../../../components/item-list/count-text.ts";
import { DropZone } from "../../../components/item-list/DropZone.tsx";
import { ItemList } from "../../../components/item-list/ItemList.tsx";
import { useSelection } from "../../../components/item-list/use-selection.ts";
import { canDownload, wantedFrom } from "../../../lib/files/downloads.ts";
import type { Clipped } from "../../../lib/files/item-clipboard.ts";
import { countOf } from "../../../lib/files/listing-reader.ts";
import type { Picking } from "../../../lib/files/picked.ts";
import type { Listing } from "../../../lib/files/use-listing.ts";
import { setPreferences, usePreferences } from "../../../lib/preferences/index.ts";
import type { FileItem } from "../../../lib/session/index.ts";
import { useText } from "../../../lib/text/index.ts";
import { Details } from "../Details.tsx";
import { ExplorerDialogs } from "../ExplorerDialogs.tsx";
import { ExplorerMenus } from "../ExplorerMenus.tsx";
import { mayDoWith } from "../may.ts";
import { SelectionBar } from "../SelectionBar.tsx";
import type { Asked } from "../types.ts";
import { useChanges } from "../use-changes.ts";
import { useDragged } from "../use-dragged.ts";
import { useExplorerKeys } from "../use-explorer-keys.ts";
import { useOpenViewer } from "../use-open-viewer.ts";
import { useStars } from "../use-stars.ts";
import { ViewMenu } from "../ViewMenu.tsx";
import { FoundNotices } from "./FoundNotices.tsx";

/** Where details stand beside the list (Details.css). */
const WIDE = "(min-width: 1100px)";
const NOBODY: ReadonlySet<string> = new Set();

export interface FoundViewProps {
  readonly listing: Listing;
  readonly head: ReactNode;
  readonly columns: readonly Column[];
  /** Whether people choose the order. */
  readonly isSortable: boolean;
  /** Between the head and what was found. */
  readonly above?: ReactNode;
  /** In place of a list without items. */
  readonly empty: ReactNode;
}

/** Items of many folders: everything can be done with them that can be done where they are, and they can be shown there. */
export function FoundView({ listing, head, columns, isSortable, above, empty }: FoundViewProps) {
  const text = useText();
  const transfers = useTransfers();
  const router = useIonRouter();
  const { layout, hasDetails } = usePreferences();
  const { clipboard, reveal } = useMemory();
  const { facts, items } = listing;
  const page = useRef<HTMLDivElement>(null);
  const [asked, setAsked] = useState<Asked>();
  const viewer = useOpenViewer(setAsked);
  const count = facts === undefined ? 0 : countOf(facts);
  const selection = useSelection({ items, isComing: items.length < count, scope: facts?.folderId });
  const { selected, targets } = selection;
  const dragged = useDragged();
  const changes = useChanges(setAsked);
  const stars = useStars();
  const may = mayDoWith(targets);
  const share = (item: FileItem): void => setAsked({ what: "share", item });
  const clipped = useSyncExternalStore(clipboard.subscribe, () => clipboard.clipped);

  const download = (files: readonly FileItem[]): void => {
    const wanted = canDownload(files) ? wantedFrom(files, text("app.name")) : undefined;
    if (wanted !== undefined) void transfers.download(wanted);
  };
  const open = (item: FileItem): void => {
    if (item.type === "folder") router.push(`/files/${item.id}`, "none");
    else if (item.type === "file") viewer.look(item);
  };
  const show = ({ id, parentId, found }: FileItem): void => {
    reveal.id = id;
    router.push(found?.place === "/" ? "/files" : `/files/${parentId}`, "none");
  };
  const clip = (mode: Clipped["mode"], chosen: readonly FileItem[]): void => {
    if (chosen.length > 0) clipboard.clip({ mode, items: chosen });
  };
  const upload = (picking: Picking, folderId?: string): void => {
    if (folderId !== undefined) void transfers.upload(folderId, picking);
  };
  const dropItems = (folderId: string): void => {
    const name = items.find(({ id }) => id === folderId)?.name ?? "";
    void changes.move(dragged.take(), { folderId, name });
  };
  const showDetails = (): void => {
    if (matchMedia(WIDE).matches) setPreferences({ hasDetails: true });
    else setAsked({ what: "details" });
  };
  // Nothing is put here, and nothing is above: this is no folder.
  useExplorerKeys(page, {
    selection,
    changes,
    stars,
    may,
    clipped,
    onAsk: setAsked,
    onParent: () => undefined,
    onClip: clip,
    onPaste: () => undefined,
    onPicked: () => undefined,
    onUnclip: () => clipboard.clip(undefined),
    onDownload: download,
  });

  return (
    <DropZone page={page} isFolder={false} onPicked={upload} isDragging={dragged.isDragging} onItems={dropItems}>
      <DrivePage
        head={head}
        actions={
          <>
            {isSortable && <ViewMenu />}
            <span className="details-button">
              <IconButton
                icon="info"
                label={text("explorer.details.label")}
                aria-pressed={hasDetails}
                onClick={() => setPreferences({ hasDetails: !hasDetails })}
              />
            </span>
          </>
        }
        aside={
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
              onTrash={(chosen) => void changes.trash(chosen)}
              onMore={(at) => setAsked({ what: "menu", at })}
              onClear={selection.clear}
            />
          )
        }
      >
        {above}
        <FoundNotices listing={listing} count={count} />
        {count === 0 && empty}
        {count > 0 && (
          <ItemList
            items={items}
            count={count}
            columns={columns}
            layout={layout}
            isSortable={isSortable}
            selection={selection}
            fadedIds={clipped?.mode === "move" ? new Set(clipped.items.map(({ id }) => id)) : NOBODY}
            starredIds={stars.ids}
            onOpen={open}
            onMenu={(at) => setAsked({ what: "menu", at })}
            onDrag={dragged.start}
          />
        )}
        <ExplorerMenus
          asked={asked}
          targets={targets}
          clipped={clipped}
          onAsk={setAsked}
          onOpen={open}
          onDownload={download}
          onTrash={(chosen) => void changes.trash(chosen)}
          onClip={clip}
          onPaste={() => undefined}
          onDetails={showDetails}
          stars={stars}
          may={may}
          onReveal={show}
          onUpload={() => undefined}
          onSelectAll={selection.all}
        />
        <ExplorerDialogs
          asked={asked}
          targets={targets}
          folderId={targets[0]?.parentId ?? ""}
          changes={changes}
          stars={stars}
          may={may}
          onShare={share}
          onDownload={download}
          onClose={() => setAsked(undefined)}
        />
      </DrivePage>
    </DropZone>
  );
}
