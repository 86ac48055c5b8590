import { useState } from "react";
import { useSession } from "../../../Contexts.tsx";
import { Button } from "../../../components/controls/Button.tsx";
import { OwnPassword } from "../../../components/controls/OwnPassword.tsx";
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
      <OwnPassword name={name} value={password} onValue={setPassword} />
      {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
      <div className="dialog-actions">
        <Button kind="primary" type="submit" disabled={isWorking}>
          {text(isWorking ? "unlock.working" : "unlock.submit")}
        </Button>
      </div>
    </form>
  );
}
