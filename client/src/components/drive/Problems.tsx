import { useEffect, useState, useSyncExternalStore } from "react";
import { useSession } from "../../Contexts.tsx";
import { isAway } from "../../lib/session/index.ts";
import { errorText, type Failure, formatDateTime, useText } from "../../lib/text/index.ts";
import { IconButton } from "../controls/Button.tsx";
import { Icon } from "../controls/Icon.tsx";
import { Notice } from "../page/Notice.tsx";
import "./Problems.css";

/** What went wrong without anybody waiting for it, and whether the server is there. */
export function Problems() {
  const text = useText();
  const session = useSession();
  const offline = useSyncExternalStore(session.subscribe, () => session.offline);
  const [failure, setFailure] = useState<Failure>();
  useEffect(
    () =>
      session.onEvent((event) => {
        if (event.type === "problem") setFailure(event.failure);
        // What could not be done without a connection can be done again now.
        if (event.type === "online")
          setFailure((before) => (before !== undefined && isAway(before) ? undefined : before));
      }),
    [session],
  );
  return (
    <div className="problems">
      {offline !== undefined && (
        <Notice kind="plain">
          <Icon name="cloudOff" />
          <span role="status">
            {offline.seenMs === undefined
              ? text("files.offline")
              : text("files.offlineSince", { date: formatDateTime(offline.seenMs) })}
          </span>
        </Notice>
      )}
      {failure !== undefined && (
        <Notice kind="bad">
          <span className="problems-text">{errorText(failure)}</span>
          <IconButton icon="close" label={text("app.close")} onClick={() => setFailure(undefined)} />
        </Notice>
      )}
    </div>
  );
}
