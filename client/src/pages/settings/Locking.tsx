import { useSession } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Choice } from "../../components/controls/Choice.tsx";
import { setPreferences, usePreferences } from "../../lib/preferences/index.ts";
import { useText } from "../../lib/text/index.ts";
import { Group } from "./Group.tsx";

const MINUTES = [0, 1, 5, 15, 60, 240] as const;

export function Locking() {
  const text = useText();
  const session = useSession();
  const { lockAfterMinutes } = usePreferences();
  const label = (minutes: number): string => {
    if (minutes === 0) return text("settings.security.never");
    return minutes % 60 === 0
      ? text("settings.security.hours", { count: minutes / 60 })
      : text("settings.security.minutes", { count: minutes });
  };
  const lock = (): void => void session.lock().catch((error: unknown) => session.report(error));
  return (
    <Group title={text("settings.security.lock")} lead={text("settings.security.lockLead")}>
      <Choice
        label={text("settings.security.lockAfter")}
        value={String(lockAfterMinutes)}
        options={MINUTES.map((minutes) => ({ value: String(minutes), label: label(minutes) }))}
        onChoose={(minutes) => setPreferences({ lockAfterMinutes: Number(minutes) })}
      />
      <p className="faint">{text("settings.security.transfersHint")}</p>
      <div className="settings-actions">
        <Button icon="lock" onClick={lock}>
          {text("settings.security.lockNow")}
        </Button>
      </div>
    </Group>
  );
}
