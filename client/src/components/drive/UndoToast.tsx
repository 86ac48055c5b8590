import { useEffect, useState, useSyncExternalStore } from "react";
import { useSession } from "../../Contexts.tsx";
import { useText } from "../../lib/text/index.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import { useMemory } from "./DriveMemory.tsx";
import "./UndoToast.css";

/** How long it is offered on the screen. Ctrl+Z does it afterwards as well. */
const OFFERED_MS = 10_000;

/** What is going on, and what was done just now, with the way back. It stays as long as somebody points at it. */
export function UndoToast() {
  const text = useText();
  const session = useSession();
  const { undo } = useMemory();
  const latest = useSyncExternalStore(undo.subscribe, () => undo.latest);
  const working = useSyncExternalStore(undo.subscribe, () => undo.working);
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (latest === undefined || isHeld) return;
    const timer = setTimeout(() => undo.dismiss(), OFFERED_MS);
    return () => clearTimeout(timer);
  }, [latest, isHeld, undo]);
  const takeBack = (): void => {
    undo.undo(text("explorer.working.undo")).catch((error: unknown) => session.report(error));
  };
  return (
    <div role="status" className="undo-place">
      {working !== undefined && (
        <div className="undo-toast undo-working">
          <span className="undo-text">{working.message}</span>
          {working.done > 0 && <progress max={working.count} value={working.done} aria-label={working.message} />}
          {working.stop !== undefined && working.count > 1 && (
            <Button kind="ghost" disabled={working.isStopping} onClick={working.stop}>
              {text("explorer.stop")}
            </Button>
          )}
        </div>
      )}
      {working === undefined && latest !== undefined && (
        // biome-ignore lint/a11y/noStaticElementInteractions: pointing only holds it; what it offers are buttons
        <div
          className="undo-toast"
          onPointerEnter={() => setHeld(true)}
          onPointerLeave={() => setHeld(false)}
          onFocus={() => setHeld(true)}
          onBlur={() => setHeld(false)}
        >
          <span className="undo-text" dir="auto">
            {latest.message}
          </span>
          <Button kind="ghost" icon="undo" onClick={takeBack}>
            {text("explorer.undo")}
          </Button>
          <IconButton icon="close" label={text("app.close")} onClick={() => undo.dismiss()} />
        </div>
      )}
    </div>
  );
}
