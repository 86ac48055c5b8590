import { Link } from "react-router-dom";
import { IconButton } from "../../components/controls/Button.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import { errorText, useText } from "../../lib/text/index.ts";
import type { InboxState, Outcome } from "./use-inbox.ts";

/** Why an inbox is not shown, and what came of what was done to it. */
export function InboxNotices({ inbox: { failure, view, outcome, dismiss } }: { readonly inbox: InboxState }) {
  const problem = failure ?? view?.request.failure;
  return (
    <div className="inbox-notices">
      {problem !== undefined && <Notice kind="bad">{errorText(problem)}</Notice>}
      {outcome?.what === "filed" && <FiledNotice outcome={outcome} onClose={dismiss} />}
      {outcome?.what === "checked" && <CheckedNotice outcome={outcome} onClose={dismiss} />}
    </div>
  );
}

interface OutcomeProps<What extends Outcome["what"]> {
  readonly outcome: Extract<Outcome, { what: What }>;
  readonly onClose: () => void;
}

function FiledNotice({ outcome: { filed, folder }, onClose }: OutcomeProps<"filed">) {
  const text = useText();
  const [first] = filed.failures;
  return (
    <>
      {filed.filed > 0 && (
        <Notice kind="seal">
          <span role="status">
            {text("requests.inbox.filed", { count: filed.filed, folder: folder.name })}{" "}
            <Link to={`/files/${folder.folderId}`}>{text("requests.inbox.look")}</Link>
          </span>
          <Close onClose={onClose} />
        </Notice>
      )}
      {first !== undefined && (
        <Notice kind="bad">
          <span>{text("requests.inbox.notFiled", { count: filed.failures.length, reason: errorText(first) })}</span>
          <Close onClose={onClose} />
        </Notice>
      )}
    </>
  );
}

function CheckedNotice({ outcome: { whole, damaged }, onClose }: OutcomeProps<"checked">) {
  const text = useText();
  return (
    <>
      {whole > 0 && (
        <Notice kind="seal">
          <span role="status">{text("requests.inbox.checkedWhole", { count: whole })}</span>
          <Close onClose={onClose} />
        </Notice>
      )}
      {damaged > 0 && (
        <Notice kind="bad">
          <span>{text("requests.inbox.checkedBad", { count: damaged })}</span>
          <Close onClose={onClose} />
        </Notice>
      )}
    </>
  );
}

function Close({ onClose }: { readonly onClose: () => void }) {
  const text = useText();
  return <IconButton icon="close" label={text("app.close")} onClick={onClose} />;
}
