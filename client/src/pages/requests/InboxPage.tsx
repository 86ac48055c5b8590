import { type MouseEvent, useMemo, useRef, useState } from "react";
import { Link, useNavigate, useParams } from "react-router-dom";
import { Button, IconButton } from "../../components/controls/Button.tsx";
import { Icon } from "../../components/controls/Icon.tsx";
import { Menu } from "../../components/controls/Menu.tsx";
import { useCopied } from "../../components/controls/use-copied.ts";
import { DrivePage } from "../../components/drive/DrivePage.tsx";
import { usePageKeys } from "../../components/drive/use-page-keys.ts";
import { inboxColumns } from "../../components/item-list/columns.ts";
import { ItemList } from "../../components/item-list/ItemList.tsx";
import { useSelection } from "../../components/item-list/use-selection.ts";
import { Empty } from "../../components/page/Empty.tsx";
import type { FileItem } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";
import { checkText } from "./check-text.ts";
import { FileDialog } from "./FileDialog.tsx";
import { InboxNotices } from "./InboxNotices.tsx";
import { ItemDialog } from "./ItemDialog.tsx";
import { RejectDialog } from "./RejectDialog.tsx";
import { RequestMenu } from "./RequestMenu.tsx";
import { factsOf, stateText, titleOf } from "./request-text.ts";
import { useInbox } from "./use-inbox.ts";
import "./RequestsPage.css";

/** What waits for one request: looked at, filed, rejected. */
export function InboxPage() {
  const text = useText();
  const navigate = useNavigate();
  const { id = "" } = useParams();
  const inbox = useInbox(id);
  const { items, view, checkOf } = inbox;
  const page = useRef<HTMLDivElement>(null);
  const selection = useSelection({ items, isComing: false, scope: id });
  const { selected, targets } = selection;
  const [menuAt, setMenuAt] = useState<Event>();
  const [requestAt, setRequestAt] = useState<Event>();
  const [asked, setAsked] = useState<{
    readonly what: "file" | "reject" | "look";
    readonly items: readonly FileItem[];
  }>();
  const [copied, copy] = useCopied();
  const columns = useMemo(() => inboxColumns((item) => checkText(item, checkOf(item))), [checkOf]);
  const request = view?.request;
  const ask = (what: "file" | "reject" | "look", some: readonly FileItem[]): void => {
    if (some.length > 0) setAsked({ what, items: some });
  };
  usePageKeys(page, {
    "mod+a": selection.all,
    escape: selection.clear,
    delete: () => ask("reject", targets),
  });
  const readable = (some: readonly FileItem[]) => some.filter((item) => item.inbox?.failure === undefined);
  const [first] = targets;
  const address = request !== undefined && (
    <Button icon={copied === "done" ? "check" : "copy"} onClick={() => copy(request.url)}>
      {text(copied === "done" ? "requests.copied" : "requests.copy")}
    </Button>
  );
  return (
    <div className="inbox-page" ref={page}>
      <DrivePage
        head={
          <div className="inbox-head">
            <Link className="inbox-back" to="/requests" aria-label={text("requests.inbox.back")}>
              <Icon name="back" />
            </Link>
            <h1 dir="auto">{request === undefined ? text("requests.place") : titleOf(request)}</h1>
            <p>{request !== undefined && `${stateText(request)} · ${factsOf(request)}`}</p>
          </div>
        }
        actions={
          request !== undefined && (
            <>
              {readable(items).length > 0 && (
                <span className="inbox-accept">
                  <Button kind="primary" icon="move" onClick={() => ask("file", readable(items))}>
                    {text("requests.inbox.fileAll")}
                  </Button>
                </span>
              )}
              <IconButton
                icon="dots"
                label={text("files.actions", { name: titleOf(request) })}
                aria-haspopup="menu"
                onClick={(event: MouseEvent) => setRequestAt(event.nativeEvent)}
              />
              <RequestMenu
                request={request}
                at={requestAt}
                onClose={() => setRequestAt(undefined)}
                onDeleted={() => navigate("/requests", { replace: true })}
              />
            </>
          )
        }
        foot={
          <div className={selected.length > 0 ? "selection-bar" : undefined}>
            <span role="status" className="selection-facts">
              <span className="selection-counts">
                {items.length > 0 && text("requests.inbox.items", { count: items.length })}
                {selected.length > 0 && " · "}
              </span>
              {selected.length > 0 && text("explorer.selected", { count: selected.length })}
            </span>
            {selected.length > 0 && (
              <span className="selection-actions">
                <IconButton
                  icon="move"
                  label={text("requests.inbox.file")}
                  onClick={() => ask("file", readable(selected))}
                />
                <IconButton icon="shield" label={text("requests.inbox.check")} onClick={() => inbox.check(selected)} />
                <IconButton
                  icon="trash"
                  label={text("requests.inbox.reject")}
                  onClick={() => ask("reject", selected)}
                />
                <IconButton icon="close" label={text("explorer.clear")} onClick={selection.clear} />
              </span>
            )}
          </div>
        }
      >
        <InboxNotices inbox={inbox} />
        {request !== undefined && items.length === 0 && (
          <Empty
            icon="inbox"
            title={text("requests.inbox.empty")}
            lead={text(request.status === "open" ? "requests.inbox.emptyLead" : "requests.inbox.emptyClosed")}
          >
            {request.status === "open" && address}
          </Empty>
        )}
        {items.length > 0 && (
          <ItemList
            items={items}
            count={items.length}
            columns={columns}
            layout="list"
            isSortable={false}
            selection={selection}
            onOpen={(item) => ask("look", [item])}
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
            ...(targets.length === 1
              ? [{ label: text("requests.inbox.details"), icon: "info", onChoose: () => ask("look", targets) } as const]
              : []),
            ...(readable(targets).length > 0
              ? ([
                  { label: text("requests.inbox.file"), icon: "move", onChoose: () => ask("file", readable(targets)) },
                  { label: text("requests.inbox.check"), icon: "shield", onChoose: () => inbox.check(targets) },
                ] as const)
              : []),
            { label: text("requests.inbox.reject"), icon: "trash", onChoose: () => ask("reject", targets) },
          ]}
          onClose={() => setMenuAt(undefined)}
        />
        {asked?.what === "file" && <FileDialog items={asked.items} inbox={inbox} onClose={() => setAsked(undefined)} />}
        {asked?.what === "reject" && (
          <RejectDialog items={asked.items} inbox={inbox} onClose={() => setAsked(undefined)} />
        )}
        {asked?.what === "look" && asked.items[0] !== undefined && (
          <ItemDialog
            item={asked.items[0]}
            inbox={inbox}
            onAsk={(what, item) => setAsked({ what, items: [item] })}
            onClose={() => setAsked(undefined)}
          />
        )}
      </DrivePage>
    </div>
  );
}
