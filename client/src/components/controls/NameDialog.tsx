import { useCallback, useEffect, useRef, useState } from "react";
import { useText } from "../../lib/text/index.ts";
import { Notice } from "../page/Notice.tsx";
import { Button } from "./Button.tsx";
import { Dialog } from "./Dialog.tsx";
import { Field } from "./Field.tsx";
import { useSubmit } from "./use-submit.ts";

export interface NameDialogProps {
  readonly title: string;
  readonly label: string;
  readonly submit: string;
  /** What stands in the field at first. Without its ending it is selected: the ending usually stays. */
  readonly name: string;
  readonly isFolder: boolean;
  readonly onClose: () => void;
  readonly onName: (name: string) => Promise<void>;
}

/** Asks for a name and stays open, with the reason, as long as it is refused. */
export function NameDialog({ title, label, submit, name, isFolder, onClose, onName }: NameDialogProps) {
  const text = useText();
  const [typed, setTyped] = useState(name);
  const [form, setForm] = useState<HTMLFormElement | null>(null);
  const isChosen = useRef(false);
  const { isWorking, problem, onSubmit } = useSubmit(async () => {
    if (typed !== name) await onName(typed);
    onClose();
  });
  const focus = useCallback((): void => {
    const input = form?.querySelector("input");
    if (input === null || input === undefined || document.activeElement === input) return;
    input.focus();
    // Before the dialog can be seen its field takes no focus: what is typed then goes elsewhere, and nothing is selected yet.
    if (isChosen.current || document.activeElement !== input) return;
    isChosen.current = true;
    const dot = isFolder ? -1 : name.lastIndexOf(".");
    input.setSelectionRange(0, dot > 0 ? dot : name.length);
  }, [form, name, isFolder]);
  // Somebody who types at once is not made to wait until the dialog has come in, nor is what they typed selected then.
  useEffect(focus, [focus]);
  return (
    <Dialog title={title} isOpen onClose={onClose} onShown={focus}>
      <form ref={setForm} className="form" onSubmit={onSubmit}>
        <Field label={label} value={typed} onValue={setTyped} autoComplete="off" required />
        {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
        <div className="dialog-actions">
          <Button onClick={onClose}>{text("files.cancel")}</Button>
          <Button kind="primary" type="submit" disabled={isWorking}>
            {submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
