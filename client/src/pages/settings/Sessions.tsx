import { useCallback, useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Dialog } from "../../components/controls/Dialog.tsx";
import { Icon, type IconName } from "../../components/controls/Icon.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import { useLive } from "../../lib/files/use-live.ts";
import { failureOf, type SessionItem } from "../../lib/session/index.ts";
import { errorText, type Failure, formatDate, formatDateTime, useText } from "../../lib/text/index.ts";
import { Group } from "./Group.tsx";

function iconOf(client: string): IconName {
  if (client === "cli") return "terminal";
  return client === "app" ? "phone" : "screen";
}

export function Sessions() {
  const text = useText();
  const session = useSession();
  const read = useCallback(() => session.engine.accounts.sessions(), [session]);
  const { view, failure, reload } = useLive(session, read);
  const [doomed, setDoomed] = useState<SessionItem>();
  const [ended, setEnded] = useState<SessionItem>();
  const [problem, setProblem] = useState<Failure>();
  const end = async (item: SessionItem): Promise<void> => {
    setDoomed(undefined);
    setProblem(undefined);
    try {
      await session.engine.accounts.endSession(item.id);
      setEnded(item);
    } catch (error) {
      setProblem(failureOf(error));
    }
    reload();
  };
  const shown = problem ?? failure;
  const sorted = [...(view ?? [])].sort(
    (a, b) => Number(b.isCurrent) - Number(a.isCurrent) || b.lastUsedMs - a.lastUsedMs,
  );
  return (
    <Group title={text("settings.security.sessions")} lead={text("settings.security.sessionsLead")}>
      {shown !== undefined && <Notice kind="bad">{errorText(shown)}</Notice>}
      {view === undefined && failure === undefined && <p className="faint">{text("settings.loading")}</p>}
      <ul className="sessions">
        {sorted.map((item) => (
          <li key={item.id}>
            <Icon name={iconOf(item.client)} />
            <p>
              {item.deviceName}
              {item.isCurrent && <span className="badge">{text("settings.security.thisOne")}</span>}
              <small className="faint" title={formatDateTime(item.lastUsedMs)}>
                {text("settings.security.lastUsed", { date: formatDate(item.lastUsedMs) })} ·{" "}
                {text("settings.security.since", { date: formatDate(item.createdMs) })}
              </small>
            </p>
            {!item.isCurrent && (
              <Button
                aria-label={text("settings.security.endOf", { name: item.deviceName })}
                onClick={() => setDoomed(item)}
              >
                {text("settings.security.end")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <p role="status" className={ended === undefined ? "visually-hidden" : "quiet"}>
        {ended !== undefined && text("settings.security.ended", { name: ended.deviceName })}
      </p>
      {doomed !== undefined && (
        <Dialog
          title={text("settings.security.endTitle", { name: doomed.deviceName })}
          isOpen
          onClose={() => setDoomed(undefined)}
        >
          <p className="quiet">{text("settings.security.endLead")}</p>
          <div className="dialog-actions">
            <Button onClick={() => setDoomed(undefined)}>{text("files.cancel")}</Button>
            <Button kind="danger" onClick={() => void end(doomed)}>
              {text("settings.security.end")}
            </Button>
          </div>
        </Dialog>
      )}
    </Group>
  );
}
