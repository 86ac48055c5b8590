import { useRef, useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { Button, IconButton } from "../../components/controls/Button.tsx";
import { Menu } from "../../components/controls/Menu.tsx";
import { DrivePage } from "../../components/drive/DrivePage.tsx";
import { useBeside } from "../../components/drive/use-beside.ts";
import { usePageKeys } from "../../components/drive/use-page-keys.ts";
import { useViewer } from "../../components/drive/use-viewer.ts";
import { TRASH_COLUMNS } from "../../components/item-list/columns.ts";
import { ItemList } from "../../components/item-list/ItemList.tsx";
import { useSelection } from "../../components/item-list/use-selection.ts";
import { Empty, ToFiles } from "../../components/page/Empty.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import { countOf, isAllHere } from "../../lib/files/listing-reader.ts";
import { useListing } from "../../lib/files/use-listing.ts";
import { usePreferences } from "../../lib/preferences/index.ts";
import type { FileItem } from "../../lib/session/index.ts";
import { errorText, language, useText } from "../../lib/text/index.ts";
import { DoomDialog, type Doomed } from "./DoomDialog.tsx";
import { useTrashChanges } from "./use-trash-changes.ts";

export function TrashPage() {
  const text = useText();
  const session = useSession();
  const { sort } = usePreferences();
  const page = useRef<HTMLDivElement>(null);
  const [menuAt, setMenuAt] = useState<Event>();
  const [doomed, setDoomed] = useState<Doomed>();
  const { facts, items, failure } = useListing(session, "trash", { ...sort, language: language() });
  const selection = useSelection({ items, isComing: !isAllHere({ facts, items }), scope: "trash" });
  const viewer = useViewer();
  useBeside("/trash", items);
  const { selected, targets } = selection;
  const { restore, undo } = useTrashChanges();
  const count = facts === undefined ? 0 : countOf(facts);
  const doom = (chosen: readonly FileItem[]): void => {
    if (chosen.length > 0) setDoomed({ items: chosen, isAll: false });
  };
  // There is no way into a folder of the trash: it is given back to be looked into.
  const open = (item: FileItem): void => (item.type === "file" ? viewer.look(item) : restore([item]));
  usePageKeys(page, {
    "mod+a": selection.all,
    escape: selection.clear,
    delete: () => doom(targets),
    "mod+z": undo,
  });
  const [first] = targets;
  return (
    <div className="trash-page" ref={page}>
      <DrivePage
        head={<h1>{text("trash.title")}</h1>}
        actions={
          // Emptying is for all of it, so all of it has to be known.
          count > 0 &&
          items.length === count && (
            <Button icon="trash" onClick={() => setDoomed({ items, isAll: true })}>
              {text("explorer.emptyTrash")}
            </Button>
          )
        }
        foot={
          <div className={selected.length > 0 ? "selection-bar" : undefined}>
            <span role="status" className="selection-facts">
              <span className="selection-counts">
                {count > 0 && text("explorer.dragged", { count })}
                {selected.length > 0 && " · "}
              </span>
              {selected.length > 0 && text("explorer.selected", { count: selected.length })}
            </span>
            {selected.length > 0 && (
              <span className="selection-actions">
                <IconButton icon="restore" label={text("trash.restore")} onClick={() => restore(selected)} />
                <IconButton icon="trash" label={text("trash.delete")} onClick={() => doom(selected)} />
                <IconButton icon="close" label={text("explorer.clear")} onClick={selection.clear} />
              </span>
            )}
          </div>
        }
      >
        {failure !== undefined && <Notice kind="bad">{errorText(failure)}</Notice>}
        {facts !== undefined && count === 0 && (
          <Empty icon="trash" title={text("trash.emptyTitle")} lead={text("trash.emptyLead")}>
            <ToFiles />
          </Empty>
        )}
        {count > 0 && (
          <ItemList
            items={items}
            count={count}
            columns={TRASH_COLUMNS}
            layout="list"
            selection={selection}
            onOpen={open}
            onMenu={setMenuAt}
          />
        )}
        <Menu
          at={menuAt}
          label={
            targets.length === 1
              ? text("files.actions", { name: first?.name })
              : text("explorer.selectedActions", { count: targets.length })
          }
          actions={[
            ...(targets.length === 1 && first?.type === "file"
              ? [{ label: text("files.open"), icon: "eye", onChoose: () => open(first) } as const]
              : []),
            { label: text("trash.restore"), icon: "restore", onChoose: () => restore(targets) },
            { label: text("trash.delete"), icon: "trash", onChoose: () => doom(targets) },
          ]}
          onClose={() => setMenuAt(undefined)}
        />
        {doomed !== undefined && <DoomDialog {...doomed} onClose={() => setDoomed(undefined)} />}
      </DrivePage>
    </div>
  );
}
