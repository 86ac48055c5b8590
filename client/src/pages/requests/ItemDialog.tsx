import { Button } from "../../components/controls/Button.tsx";
import { Dialog } from "../../components/controls/Dialog.tsx";
import { senderText } from "../../components/item-list/columns.ts";
import { Notice } from "../../components/page/Notice.tsx";
import type { FileItem } from "../../lib/session/index.ts";
import { errorText, formatBytes, formatDateTime, useText } from "../../lib/text/index.ts";
import { checkText } from "./check-text.ts";
import type { InboxState } from "./use-inbox.ts";

export interface ItemDialogProps {
  readonly item: FileItem;
  readonly inbox: InboxState;
  readonly onAsk: (what: "file" | "reject", item: FileItem) => void;
  readonly onClose: () => void;
}

/** Everything that is known of one item, and what somebody wrote with it. */
export function ItemDialog({ item, inbox, onAsk, onClose }: ItemDialogProps) {
  const text = useText();
  const facts = item.inbox;
  const check = inbox.checkOf(item);
  const failure = facts?.failure ?? (typeof check === "object" ? check : undefined);
  const isReadable = facts?.failure === undefined;
  const rows: readonly (readonly [label: string, value: string | undefined])[] = [
    [text("requests.inbox.sender"), isReadable ? senderText(facts?.sender) : undefined],
    [text("requests.inbox.note"), facts?.note],
    [text("requests.inbox.size"), item.sizeBytes === undefined ? undefined : formatBytes(item.sizeBytes)],
    [text("requests.inbox.arrived"), facts && formatDateTime(facts.arrivedMs)],
    [text("requests.inbox.modified"), isReadable ? formatDateTime(item.modifiedMs) : undefined],
    [text("requests.inbox.state"), checkText(item, check)],
    [text("requests.inbox.receipt"), facts?.receipt],
  ];
  return (
    <Dialog title={item.name} isOpen onClose={onClose}>
      <dl className="inbox-facts">
        {rows.map(
          ([label, value]) =>
            value !== undefined && [
              <dt key={`${label} dt`}>{label}</dt>,
              <dd key={`${label} dd`} dir="auto">
                {value}
              </dd>,
            ],
        )}
      </dl>
      {failure !== undefined && <Notice kind="bad">{errorText(failure)}</Notice>}
      {isReadable && facts?.isUnexpected && <Notice kind="plain">{text("requests.inbox.unexpectedLead")}</Notice>}
      {isReadable && <p className="faint">{text("requests.inbox.unproven")}</p>}
      <div className="dialog-actions">
        <Button onClick={() => onAsk("reject", item)}>{text("requests.inbox.reject")}</Button>
        {isReadable && (
          <>
            <Button disabled={check === "running"} onClick={() => inbox.check([item])}>
              {text(check === "running" ? "requests.inbox.checking" : "requests.inbox.check")}
            </Button>
            <Button kind="primary" onClick={() => onAsk("file", item)}>
              {text("requests.inbox.file")}
            </Button>
          </>
        )}
      </div>
    </Dialog>
  );
}
