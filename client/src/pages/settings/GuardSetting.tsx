import { useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { Check } from "../../components/controls/Check.tsx";
import { useGuard } from "../../components/guard/use-guard.ts";
import { Notice } from "../../components/page/Notice.tsx";
import { turnGuardOff, turnGuardOn } from "../../lib/session/index.ts";
import { errorText, useText } from "../../lib/text/index.ts";
import { Group } from "./Group.tsx";

/** Nothing where the device has no such key store. */
export function GuardSetting() {
  const text = useText();
  const session = useSession();
  const guard = useGuard();
  const [isWorking, setWorking] = useState(false);
  const [problem, setProblem] = useState<string>();
  if (guard === undefined) return null;
  const { store, isOn, reload } = guard;
  const change = async (isWanted: boolean): Promise<void> => {
    if (isWorking) return;
    setWorking(true);
    setProblem(undefined);
    const { accounts } = session.engine;
    try {
      if (isWanted) await turnGuardOn(accounts, store, { title: text("guard.title"), cancel: text("files.cancel") });
      else await turnGuardOff(accounts, store);
    } catch (error) {
      setProblem(errorText(error));
    } finally {
      setWorking(false);
      reload();
    }
  };
  return (
    <Group title={text("guard.title")} lead={text("guard.lead")}>
      <Check label={text("guard.unlock")} isChecked={isOn} onChecked={(isWanted) => void change(isWanted)} />
      {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
    </Group>
  );
}
