import { useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Field } from "../../components/controls/Field.tsx";
import { useSubmit } from "../../components/controls/use-submit.ts";
import { CardPage } from "../../components/page/CardPage.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import { useText } from "../../lib/text/index.ts";
import { chooseServer } from "../../native/index.ts";

/** An app does not come from a server, so it asks for one. An invitation names its server, and is kept for signing up. */
export function ServerPage() {
  const text = useText();
  const session = useSession();
  const [typed, setTyped] = useState("");
  const { isWorking, problem, onSubmit } = useSubmit(async () => {
    chooseServer(await session.engine.accounts.findServer(typed));
    const [, invitation] = typed.trim().split("#", 2);
    history.replaceState(history.state, "", invitation === undefined ? "/" : `/#${invitation}`);
    location.reload();
  });
  return (
    <CardPage title={text("server.title")} lead={text("server.lead")}>
      <form className="form" onSubmit={onSubmit}>
        <Field
          label={text("server.address")}
          hint={text("server.addressHint")}
          value={typed}
          onValue={setTyped}
          inputMode="url"
          autoComplete="url"
          required
        />
        {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
        <Button kind="primary" isWide type="submit" disabled={isWorking}>
          {text(isWorking ? "server.working" : "server.submit")}
        </Button>
      </form>
    </CardPage>
  );
}
