import { useCallback, useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { useLive } from "../../lib/files/use-live.ts";
import type { ActorItem, ItemRef } from "../../lib/session/index.ts";
import { errorText, formatDateTime, useText } from "../../lib/text/index.ts";
import { Notice } from "../page/Notice.tsx";
import { actsText } from "./acts-text.ts";
import { TrustMark } from "./TrustMark.tsx";

/** Who did what in a shared folder, newest first. Read when somebody opens it: it asks for the signed history. */
export function ActivityList({ folder }: { readonly folder: ItemRef }) {
  const text = useText();
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="activity" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="quiet">{text("sharing.activity.title")}</summary>
      {isOpen && <Changes folder={folder} />}
    </details>
  );
}

function Changes({ folder: { parentId, id, name } }: { readonly folder: ItemRef }) {
  const text = useText();
  const session = useSession();
  const read = useCallback(
    () => session.engine.sharing.activity({ parentId, id, name }),
    [session, parentId, id, name],
  );
  const { view, failure } = useLive(session, read);
  if (failure !== undefined) return <Notice kind="bad">{errorText(failure)}</Notice>;
  if (view === undefined) return <p className="faint">{text("settings.loading")}</p>;
  return (
    <ol>
      {view.map((change) => (
        <li key={change.sequence}>
          <span>
            <Person actor={change.by} /> <small className="faint number">{formatDateTime(change.timeMs)}</small>
          </span>
          <span className="quiet">{actsText(change)}</span>
        </li>
      ))}
    </ol>
  );
}

export function Person({ actor }: { readonly actor: ActorItem | undefined }) {
  const text = useText();
  if (actor === undefined) return <>{text("sharing.activity.nobody")}</>;
  if (actor.isSelf) return <>{`${actor.name} (${text("sharing.you")})`}</>;
  return (
    <>
      {actor.name} <TrustMark isVerified={actor.isVerified} />
    </>
  );
}
