import { useSyncExternalStore } from "react";
import { useText } from "../../lib/text/index.ts";
import { applyUpdate, isUpdateWaiting, onUpdate } from "../../lib/updates/index.ts";
import { Button } from "../controls/Button.tsx";
import "./UpdateNotice.css";

/** A newer build waits until the person wants it. */
export function UpdateNotice() {
  const text = useText();
  const isWaiting = useSyncExternalStore(onUpdate, isUpdateWaiting);
  return (
    <div role="status" className="update-place">
      {isWaiting && (
        <div className="update-notice">
          <span>{text("app.updateReady")}</span>
          <Button kind="ghost" onClick={applyUpdate}>
            {text("app.reload")}
          </Button>
        </div>
      )}
    </div>
  );
}
