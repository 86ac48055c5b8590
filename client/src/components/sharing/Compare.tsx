import { useState } from "react";
import { useSession } from "../../Contexts.tsx";
import type { ContactItem } from "../../lib/session/index.ts";
import { errorText, useText } from "../../lib/text/index.ts";
import { Button } from "../controls/Button.tsx";
import { Notice } from "../page/Notice.tsx";
import "./Compare.css";

export interface CompareProps {
  readonly person: Pick<ContactItem, "name" | "fingerprint" | "isVerified">;
  readonly onVerified?: () => void;
}

/** The digits of somebody's keys. Exactly what is shown is what counts as compared: other keys meanwhile are refused. */
export function Compare({ person: { name, fingerprint, isVerified }, onVerified }: CompareProps) {
  const text = useText();
  const session = useSession();
  const [isWorking, setWorking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const agree = async (): Promise<void> => {
    setWorking(true);
    setProblem(undefined);
    try {
      await session.engine.sharing.verify(name, fingerprint);
      onVerified?.();
    } catch (error) {
      setProblem(errorText(error));
    }
    setWorking(false);
  };
  return (
    <div className="compare">
      <span className="compare-digits number">{fingerprint}</span>
      {!isVerified && (
        <>
          <p className="faint">{text("sharing.compareLead", { name })}</p>
          {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
          <div>
            <Button icon="shield" disabled={isWorking} onClick={() => void agree()}>
              {text("sharing.agree")}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
