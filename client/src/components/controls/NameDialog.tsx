import { useRef, useState } from "react";
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
  const form = useRef<HTMLFormElement>(null);
  const { isWorking, problem, onSubmit } = useSubmit(async () => {
    if (typed !== name) await onName(typed);
    onClose();
  });
  const focus = (): void => {
    const input = form.current?.querySelector("input");
    const dot = isFolder ? -1 : name.lastIndexOf(".");
    input?.focus();
    input?.setSelectionRange(0, dot > 0 ? dot : name.length);
  };
  return (
    <Dialog title={title} isOpen onClose={onClose} onShown={focus}>
      <form ref={form} className="form" onSubmit={onSubmit}>
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
