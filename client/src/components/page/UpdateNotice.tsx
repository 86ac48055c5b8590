import { IonToast } from "@ionic/react";
import { useSyncExternalStore } from "react";
import { useText } from "../../lib/text/index.ts";
import { applyUpdate, isUpdateWaiting, onUpdate } from "../../lib/updates/index.ts";

/** A newer build waits until the person wants it. */
export function UpdateNotice() {
  const text = useText();
  const isWaiting = useSyncExternalStore(onUpdate, isUpdateWaiting);
  return (
    <IonToast
      className="notice"
      isOpen={isWaiting}
      position="bottom"
      message={text("app.updateReady")}
      buttons={[{ text: text("app.reload"), handler: () => applyUpdate() }]}
    />
  );
}
