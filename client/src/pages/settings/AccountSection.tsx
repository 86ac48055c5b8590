import { useCallback } from "react";
import { useSession } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import { useLive } from "../../lib/files/use-live.ts";
import { errorText, useText } from "../../lib/text/index.ts";
import { DeleteAccount } from "./DeleteAccount.tsx";
import { ExportEverything } from "./ExportEverything.tsx";
import { Group } from "./Group.tsx";

export function AccountSection() {
  const text = useText();
  const session = useSession();
  const readPerson = useCallback(() => session.engine.accounts.person(), [session]);
  const { view: person, failure } = useLive(session, readPerson);
  const signOut = (): void => void session.signOut().catch((error: unknown) => session.report(error));
  return (
    <>
      <Group title={text("settings.account.title")} isFirst>
        {failure !== undefined && <Notice kind="bad">{errorText(failure)}</Notice>}
        {person === undefined && failure === undefined && <p className="faint">{text("settings.loading")}</p>}
        {person !== undefined && (
          <dl className="facts">
            <dt>{text("settings.account.name")}</dt>
            <dd>{person.name}</dd>
            <dt>{text("settings.account.server")}</dt>
            <dd>{person.server}</dd>
            <dt>{text("settings.account.fingerprint")}</dt>
            <dd>
              <span className="fingerprint number">{person.fingerprint}</span>
              <small className="faint">{text("settings.account.fingerprintHint")}</small>
            </dd>
          </dl>
        )}
      </Group>
      <ExportEverything />
      <Group title={text("settings.account.signOut")} lead={text("settings.account.signOutLead")}>
        <div className="settings-actions">
          <Button icon="leave" onClick={signOut}>
            {text("settings.account.signOut")}
          </Button>
        </div>
      </Group>
      <DeleteAccount />
    </>
  );
}
