import { useNavigate } from "react-router-dom";
import { useSession } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { CardPage } from "../../components/page/CardPage.tsx";
import { Steps } from "../../components/recovery-words/Steps.tsx";
import { WordCheck } from "../../components/recovery-words/WordCheck.tsx";
import type { SignedUp } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";

export interface CheckWordsProps {
  readonly made: SignedUp;
  readonly onBack: () => void;
}

export function CheckWords({ made, onBack }: CheckWordsProps) {
  const text = useText();
  const session = useSession();
  const navigate = useNavigate();
  const { recoveryWords, outcome } = made;
  const goOn = async (): Promise<void> => {
    if (outcome === "open") {
      await session.engine.accounts.checkWords(recoveryWords.join(" "));
      await session.enter();
    } else navigate("/sign-in", { replace: true });
  };
  return (
    <CardPage title={text("words.checkTitle")} lead={text("words.checkLead")}>
      <WordCheck
        words={recoveryWords}
        onRight={goOn}
        foot={(isWorking) => (
          <Steps step={3}>
            <Button kind="ghost" onClick={onBack}>
              {text("words.lookAgain")}
            </Button>
            <Button kind="primary" type="submit" disabled={isWorking}>
              {text("words.check")}
            </Button>
          </Steps>
        )}
      />
    </CardPage>
  );
}
