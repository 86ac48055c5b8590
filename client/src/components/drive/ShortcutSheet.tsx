import { useEffect, useState } from "react";
import { useText } from "../../lib/text/index.ts";
import { Dialog } from "../controls/Dialog.tsx";
import { Shortcuts } from "./Shortcuts.tsx";

/** Where a key is a letter, or answers something that is open. */
const TAKEN = "input, textarea, select, [contenteditable], ion-modal, ion-popover, dialog";

/** The keys, by a key. */
export function ShortcutSheet() {
  const text = useText();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      const isOurs = event.key === "?" && !event.ctrlKey && !event.metaKey && !event.altKey;
      if (isOurs && !(event.target as Element).closest?.(TAKEN)) setOpen(true);
    };
    addEventListener("keydown", hear);
    return () => removeEventListener("keydown", hear);
  }, []);
  return (
    <Dialog title={text("settings.shortcuts.title")} isOpen={isOpen} onClose={() => setOpen(false)}>
      <Shortcuts />
    </Dialog>
  );
}
