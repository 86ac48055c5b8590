import { Button } from "../../components/controls/Button.tsx";
import { Dialog } from "../../components/controls/Dialog.tsx";
import { Field } from "../../components/controls/Field.tsx";
import { useCopied } from "../../components/controls/use-copied.ts";
import { Notice } from "../../components/page/Notice.tsx";
import type { RequestItem } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";
import { titleOf } from "./request-text.ts";

export interface AddressDialogProps {
  readonly request: RequestItem;
  readonly onClose: () => void;
}

/** What senders are given. */
export function AddressDialog({ request, onClose }: AddressDialogProps) {
  const text = useText();
  const [copied, copy] = useCopied();
  return (
    <Dialog title={titleOf(request)} isOpen onClose={onClose}>
      <p className="quiet">{text("requests.addressLead")}</p>
      <Field
        label={text("requests.address")}
        value={request.url}
        onValue={() => undefined}
        readOnly
        onFocus={(event) => event.target.select()}
      />
      {copied === "refused" && <Notice kind="bad">{text("requests.notCopied")}</Notice>}
      <div className="dialog-actions">
        <Button onClick={onClose}>{text("requests.done")}</Button>
        <Button kind="primary" icon={copied === "done" ? "check" : "copy"} onClick={() => copy(request.url)}>
          {text(copied === "done" ? "requests.copied" : "requests.copy")}
        </Button>
      </div>
    </Dialog>
  );
}
