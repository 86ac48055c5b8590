import { useCallback } from "react";
import { useSession } from "../../Contexts.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import { Person } from "../../components/sharing/ActivityList.tsx";
import { useLive } from "../../lib/files/use-live.ts";
import type { FileItem } from "../../lib/session/index.ts";
import { errorText, formatDateTime, useText } from "../../lib/text/index.ts";

/** Of something in a shared folder: who brought it, and who changed it last, as they signed it. */
export function Origin({ item: { parentId, id, name } }: { readonly item: FileItem }) {
  const text = useText();
  const session = useSession();
  const read = useCallback(() => session.engine.sharing.origin({ parentId, id, name }), [session, parentId, id, name]);
  const { view, failure } = useLive(session, read);
  // Without a connection the history is not there; the page says so already.
  if (failure !== undefined && failure.code !== "network") return <Notice kind="bad">{errorText(failure)}</Notice>;
  if (view === undefined) return null;
  const { addedBy, changedBy, changedMs } = view;
  return (
    <dl>
      {addedBy !== undefined && (
        <div>
          <dt className="quiet">{text("sharing.origin.added")}</dt>
          <dd>
            <Person actor={addedBy} />
          </dd>
        </div>
      )}
      {changedMs !== undefined && (
        <div>
          <dt className="quiet">{text("sharing.origin.changed")}</dt>
          <dd>
            <Person actor={changedBy} /> <small className="faint number">{formatDateTime(changedMs)}</small>
          </dd>
        </div>
      )}
    </dl>
  );
}
