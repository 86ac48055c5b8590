import type { TooMuch } from "../../lib/files/transfers.ts";
import { formatBytes, useText } from "../../lib/text/index.ts";
import { Button } from "../controls/Button.tsx";
import { Dialog } from "../controls/Dialog.tsx";

export interface RoomDialogProps {
  readonly tooMuch: TooMuch;
  readonly onDecide: (goOn: boolean) => void;
}

/** Before anything is sent: it does not fit. */
export function RoomDialog({ tooMuch: { files, neededBytes, freeBytes }, onDecide }: RoomDialogProps) {
  const text = useText();
  const lead = { count: files, needed: formatBytes(neededBytes), free: formatBytes(freeBytes) };
  return (
    <Dialog title={text("room.title")} isOpen onClose={() => onDecide(false)}>
      <p>{text("room.lead", lead)}</p>
      <p className="quiet">{text("room.advice")}</p>
      <div className="dialog-actions">
        <Button onClick={() => onDecide(true)}>{text("room.goOn")}</Button>
        <Button kind="primary" onClick={() => onDecide(false)}>
          {text("room.cancel")}
        </Button>
      </div>
    </Dialog>
  );
}
