import { Button } from "../../components/controls/Button.tsx";
import { CardPage } from "../../components/page/CardPage.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import { Steps } from "../../components/recovery-words/Steps.tsx";
import { WordSheet } from "../../components/recovery-words/WordSheet.tsx";
import type { SignedUp } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";

export interface ShowWordsProps {
  readonly made: SignedUp & { readonly name: string };
  readonly onSaved: () => void;
}

export function ShowWords({ made, onSaved }: ShowWordsProps) {
  const text = useText();
  const { recoveryWords, outcome, name } = made;
  return (
    <CardPage title={text("words.title")} lead={text("words.lead")}>
      <div className="form">
        <WordSheet words={recoveryWords} name={name} />
        {outcome !== "open" && (
          <Notice kind="bad">{text(outcome === "unopened" ? "words.unopened" : "words.unconfirmed")}</Notice>
        )}
        <Steps step={2}>
          <Button kind="primary" onClick={onSaved}>
            {text("words.saved")}
          </Button>
        </Steps>
      </div>
    </CardPage>
  );
}
