import { useState } from "react";
import { useSession } from "../../../Contexts.tsx";
import { Button } from "../../../components/controls/Button.tsx";
import { Field } from "../../../components/controls/Field.tsx";
import { HiddenName } from "../../../components/controls/HiddenName.tsx";
import { useSubmit } from "../../../components/controls/use-submit.ts";
import { Notice } from "../../../components/page/Notice.tsx";
import { useText } from "../../../lib/text/index.ts";

export interface SaveUnlockProps {
  readonly name: string;
  readonly onOpen: () => void;
}

/** A locked drive is opened by its password, for as long as the dialog stays. */
export function SaveUnlock({ name, onOpen }: SaveUnlockProps) {
  const text = useText();
  const session = useSession();
  const [password, setPassword] = useState("");
  const { isWorking, problem, onSubmit } = useSubmit(async () => {
    await session.engine.saves.unlock({ name, password });
    onOpen();
  });
  return (
    <form className="form" onSubmit={onSubmit}>
      <p className="quiet">{text("links.save.locked", { name })}</p>
      <HiddenName name={name} />
      <Field
        label={text("form.password")}
        value={password}
        onValue={setPassword}
        isPassword
        autoComplete="current-password"
        required
      />
      {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
      <div className="dialog-actions">
        <Button kind="primary" type="submit" disabled={isWorking}>
          {text(isWorking ? "unlock.working" : "unlock.submit")}
        </Button>
      </div>
    </form>
  );
}
