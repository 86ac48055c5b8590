import { useRef } from "react";
import { Button } from "../../components/controls/Button.tsx";
import { Dialog } from "../../components/controls/Dialog.tsx";
import { useText } from "../../lib/text/index.ts";
import type { AskedAccess } from "./types.ts";

export interface AccessQuestionProps {
  readonly asked: AskedAccess;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Says who can open things where they go, and who no longer can, before they are put there. */
export function AccessQuestion({ asked, onConfirm, onClose }: AccessQuestionProps) {
  const text = useText();
  const { mode, items, target, access } = asked;
  // Closing what was answered is no answer.
  const isAnswered = useRef(false);
  const answer = (then: () => void): void => {
    if (isAnswered.current) return;
    isAnswered.current = true;
    then();
  };
  const decline = (): void =>
    answer(() => {
      asked.onDeclined();
      onClose();
    });
  const [first] = items;
  const said = { name: first?.name, count: items.length, folder: target.name };
  const whoIs = (names: readonly string[], links: number): string =>
    [...names, ...(links > 0 ? [text("access.links", { count: links })] : [])].join(", ");
  const gains = whoIs(access.gain, access.gainLinks);
  const loses = whoIs(access.lose, access.loseLinks);
  return (
    <Dialog
      title={text(items.length === 1 ? `access.${mode}One` : `access.${mode}Many`, said)}
      isOpen
      onClose={decline}
    >
      {gains !== "" && <p className="quiet">{text("access.gain", { who: gains, count: items.length })}</p>}
      {loses !== "" && <p className="quiet">{text("access.lose", { who: loses, count: items.length })}</p>}
      {access.gainWriting.length > 0 && (
        <p className="quiet">
          {text("access.gainWriting", { who: whoIs(access.gainWriting, 0), count: items.length })}
        </p>
      )}
      {access.loseWriting.length > 0 && (
        <p className="quiet">
          {text("access.loseWriting", { who: whoIs(access.loseWriting, 0), count: items.length })}
        </p>
      )}
      <div className="dialog-actions">
        <Button onClick={decline}>{text("files.cancel")}</Button>
        <Button kind="primary" onClick={() => answer(onConfirm)}>
          {text(mode === "move" ? "explorer.moveHere" : "explorer.copyHere")}
        </Button>
      </div>
    </Dialog>
  );
}
