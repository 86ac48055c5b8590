import { useState } from "react";
import { useSession, useSessionState } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Dialog } from "../../components/controls/Dialog.tsx";
import { Field } from "../../components/controls/Field.tsx";
import { OwnPassword } from "../../components/controls/OwnPassword.tsx";
import { useSubmit } from "../../components/controls/use-submit.ts";
import { Notice } from "../../components/page/Notice.tsx";
import { withPassword } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";
import { Farewell } from "./Farewell.tsx";
import { Group } from "./Group.tsx";

/** For ever: so the name is typed, and the password, and what will be gone is said before. */
export function DeleteAccount() {
  const text = useText();
  const [isAsked, setAsked] = useState(false);
  return (
    <Group title={text("safekeeping.remove.title")} lead={text("safekeeping.remove.lead")}>
      <div className="settings-actions">
        <Button icon="trash" onClick={() => setAsked(true)}>
          {text("safekeeping.remove.start")}
        </Button>
      </div>
      {isAsked && (
        <Dialog title={text("safekeeping.remove.title")} isOpen onClose={() => setAsked(false)}>
          <Really onClose={() => setAsked(false)} />
        </Dialog>
      )}
    </Group>
  );
}

function Really({ onClose }: { readonly onClose: () => void }) {
  const text = useText();
  const session = useSession();
  const state = useSessionState();
  const name = "name" in state ? state.name : "";
  const [phrase, setPhrase] = useState("");
  const [password, setPassword] = useState("");
  const { isWorking, problem, onSubmit } = useSubmit(() => withPassword(() => session.deleteAccount(password)));
  const isMeant = phrase.trim().toLowerCase() === name;
  return (
    <form className="form" onSubmit={onSubmit}>
      <p className="quiet">{text("safekeeping.remove.what")}</p>
      <p className="quiet">{text("safekeeping.remove.before")}</p>
      <Farewell />
      <Field
        label={text("safekeeping.remove.phrase", { name })}
        value={phrase}
        onValue={setPhrase}
        autoComplete="off"
        required
      />
      <OwnPassword name={name} value={password} onValue={setPassword} />
      {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
      <div className="dialog-actions">
        <Button onClick={onClose}>{text("files.cancel")}</Button>
        <Button kind="danger" type="submit" disabled={!isMeant || isWorking}>
          {text(isWorking ? "safekeeping.remove.working" : "safekeeping.remove.submit")}
        </Button>
      </div>
    </form>
  );
}
