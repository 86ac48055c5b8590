import { useEffect, useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { errorText, type Failure, useText } from "../../lib/text/index.ts";
import { IconButton } from "../controls/Button.tsx";
import { Icon } from "../controls/Icon.tsx";
import { Notice } from "../page/Notice.tsx";
import "./Problems.css";

/** What went wrong without anybody waiting for it, and whether the server is there. */
export function Problems() {
  const text = useText();
  const session = useSession();
  const [isOffline, setOffline] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  useEffect(
    () =>
      session.onEvent((event) => {
        if (event.type === "offline") setOffline(true);
        if (event.type === "online") setOffline(false);
        if (event.type === "problem" && event.failure.code !== "network") setFailure(event.failure);
      }),
    [session],
  );
  return (
    <div className="problems">
      {isOffline && (
        <Notice kind="plain">
          <Icon name="cloudOff" />
          <span role="status">{text("files.offline")}</span>
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
