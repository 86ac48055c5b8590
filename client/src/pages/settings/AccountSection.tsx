import { useCallback } from "react";
import { useSession } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import { useLive } from "../../lib/files/use-live.ts";
import { errorText, formatBytes, useText } from "../../lib/text/index.ts";
import { Group } from "./Group.tsx";

export function AccountSection() {
  const text = useText();
  const session = useSession();
  const readPerson = useCallback(() => session.engine.accounts.person(), [session]);
  const readUsage = useCallback(async () => ({ usage: await session.engine.accounts.usage() }), [session]);
  const { view: person, failure } = useLive(session, readPerson);
  const { view: asked } = useLive(session, readUsage);
  const signOut = (): void => void session.signOut().catch((error: unknown) => session.report(error));
  const usage = asked?.usage;
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
      <Group title={text("settings.account.storage")}>
        {asked !== undefined && usage === undefined && (
          <p className="quiet" role="status">
            {text("settings.account.unknown")}
          </p>
        )}
        {usage !== undefined && (
          <>
            <p className="number">
              <strong className="settings-figure">{formatBytes(usage.usedBytes)}</strong>{" "}
              <span className="quiet">
                {usage.quotaBytes === null
                  ? text("settings.account.unlimited")
                  : text("storage.of", { quota: formatBytes(usage.quotaBytes) })}
              </span>
            </p>
            {usage.quotaBytes !== null && (
              <meter
                className="settings-meter"
                min={0}
                max={usage.quotaBytes}
                value={usage.usedBytes}
                aria-label={text("settings.account.storage")}
              />
            )}
          </>
        )}
      </Group>
      <Group title={text("settings.account.signOut")} lead={text("settings.account.signOutLead")}>
        <div className="settings-actions">
          <Button icon="leave" onClick={signOut}>
            {text("settings.account.signOut")}
          </Button>
        </div>
      </Group>
    </>
  );
}
