import { useState } from "react";
import { useSession, useSessionState } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Field } from "../../components/controls/Field.tsx";
import { OwnPassword } from "../../components/controls/OwnPassword.tsx";
import { Strength } from "../../components/controls/Strength.tsx";
import { useSubmit } from "../../components/controls/use-submit.ts";
import { Notice } from "../../components/page/Notice.tsx";
import { withPassword } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";
import { Group } from "./Group.tsx";

export function PasswordForm() {
  const text = useText();
  const session = useSession();
  const state = useSessionState();
  const name = "name" in state ? state.name : "";
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [outcome, setOutcome] = useState<"changed" | "same">();
  const { isWorking, problem, onSubmit } = useSubmit(async () => {
    setOutcome(current === next ? "same" : undefined);
    if (current === next) return;
    await withPassword(() => session.engine.accounts.changePassword({ current, next }));
    setOutcome("changed");
    setCurrent("");
    setNext("");
  });
  return (
    <Group title={text("settings.security.password")} lead={text("settings.security.passwordLead")}>
      <form className="form" onSubmit={onSubmit}>
        <OwnPassword name={name} label={text("settings.security.current")} value={current} onValue={setCurrent} />
        <Field
          label={text("settings.security.next")}
          hint={text("form.passwordHint")}
          value={next}
          onValue={setNext}
          isPassword
          autoComplete="new-password"
          required
        />
        <Strength password={next} name={name} />
        {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
        {outcome === "same" && <Notice kind="bad">{text("settings.security.same")}</Notice>}
        <div role="status">
          {outcome === "changed" && <Notice kind="seal">{text("settings.security.changed")}</Notice>}
        </div>
        <div className="settings-actions">
          <Button kind="primary" type="submit" disabled={isWorking}>
            {text(isWorking ? "settings.security.changing" : "settings.security.change")}
          </Button>
        </div>
      </form>
    </Group>
  );
}
