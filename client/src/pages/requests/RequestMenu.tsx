import { useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { Menu } from "../../components/controls/Menu.tsx";
import type { RequestItem } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";
import { AddressDialog } from "./AddressDialog.tsx";
import { DeleteDialog } from "./DeleteDialog.tsx";
import { RequestDialog } from "./RequestDialog.tsx";
import { titleOf } from "./request-text.ts";

export interface RequestMenuProps {
  readonly request: RequestItem;
  readonly at: Event | undefined;
  readonly onClose: () => void;
  /** It is gone. */
  readonly onDeleted?: () => void;
}

/** What can be done to a request, with the dialogs that some of it needs. */
export function RequestMenu({ request, at, onClose, onDeleted }: RequestMenuProps) {
  const text = useText();
  const session = useSession();
  const [asked, setAsked] = useState<"address" | "change" | "delete">();
  const isClosed = request.status === "closed";
  const close = (): void => {
    session.engine.requests.close(request.id, !isClosed).catch((error: unknown) => session.report(error));
  };
  const done = (): void => setAsked(undefined);
  return (
    <>
      <Menu
        at={at}
        label={text("files.actions", { name: titleOf(request) })}
        actions={[
          { label: text("requests.address"), icon: "copy", onChoose: () => setAsked("address") },
          { label: text("requests.change"), icon: "pencil", onChoose: () => setAsked("change") },
          {
            label: text(isClosed ? "requests.reopen" : "requests.close"),
            icon: isClosed ? "play" : "pause",
            onChoose: close,
          },
          { label: text("requests.delete"), icon: "trash", onChoose: () => setAsked("delete") },
        ]}
        onClose={onClose}
      />
      {asked === "address" && <AddressDialog request={request} onClose={done} />}
      {asked === "change" && <RequestDialog request={request} onClose={done} />}
      {asked === "delete" && <DeleteDialog request={request} onClose={done} onDeleted={onDeleted} />}
    </>
  );
}
