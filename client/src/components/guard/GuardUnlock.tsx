import { useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { errorText, useText } from "../../lib/text/index.ts";
import { Button } from "../controls/Button.tsx";
import { Notice } from "../page/Notice.tsx";
import type { Guard } from "./use-guard.ts";

/** Beside the password, where somebody has turned it on: the face or the finger that this device knows. */
export function GuardUnlock({ store }: Pick<Guard, "store">) {
  const text = useText();
  const session = useSession();
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const unlock = async (): Promise<void> => {
    setAsking(true);
    setProblem(undefined);
    try {
      const secret = await store.take({ title: text("guard.unlock"), cancel: text("files.cancel") });
      if (secret !== undefined) await session.unlockGuarded(secret);
    } catch (error) {
      setProblem(errorText(error));
    } finally {
      setAsking(false);
    }
  };
  return (
    <div className="form">
      <Button kind="primary" isWide icon="lock" disabled={isAsking} onClick={() => void unlock()}>
        {text("guard.unlock")}
      </Button>
      {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
      <p className="faint">{text("guard.orPassword")}</p>
    </div>
  );
}
