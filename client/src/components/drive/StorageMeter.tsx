import { useCallback } from "react";
import { useSession } from "../../Contexts.tsx";
import { useLive } from "../../lib/files/use-live.ts";
import { formatBytes, useText } from "../../lib/text/index.ts";
import { Icon } from "../controls/Icon.tsx";
import "./StorageMeter.css";

export function StorageMeter() {
  const text = useText();
  const session = useSession();
  const read = useCallback(() => session.engine.accounts.usage(), [session]);
  const { view: usage } = useLive(session, read);
  return (
    <section className="storage" aria-label={text("nav.storage")}>
      {usage !== undefined && (
        <>
          <p className="number">
            <strong>{formatBytes(usage.usedBytes)}</strong>{" "}
            {usage.quotaBytes !== null && (
              <span className="faint">{text("storage.of", { quota: formatBytes(usage.quotaBytes) })}</span>
            )}
          </p>
          {usage.quotaBytes !== null && (
            <meter min={0} max={usage.quotaBytes} value={usage.usedBytes} aria-label={text("nav.storage")} />
          )}
        </>
      )}
      <p className="faint storage-keys">
        <Icon name="shield" />
        {text("app.onlyYou")}
      </p>
    </section>
  );
}
