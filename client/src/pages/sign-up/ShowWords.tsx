import { useState } from "react";
import { Button } from "../../components/controls/Button.tsx";
import { saveText } from "../../components/controls/save-text.ts";
import { CardPage } from "../../components/page/CardPage.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import type { SignedUp } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";
import { Steps } from "./Steps.tsx";
import "./words.css";

export interface ShowWordsProps {
  readonly made: SignedUp & { readonly name: string };
  readonly onSaved: () => void;
}

export function ShowWords({ made, onSaved }: ShowWordsProps) {
  const text = useText();
  const [isCopied, setCopied] = useState(false);
  const { recoveryWords: words, outcome, name } = made;
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(words.join(" "));
    setCopied(true);
  };
  const download = (): void => saveText(text("words.fileName", { name }), `${words.join(" ")}\n`);
  return (
    <CardPage title={text("words.title")} lead={text("words.lead")}>
      <div className="form">
        <ol className="words">
          {words.map((word, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a word may come twice, and its place never changes
            <li key={index}>{word}</li>
          ))}
        </ol>
        <div className="words-actions">
          <Button onClick={() => void copy()}>{text(isCopied ? "words.copied" : "words.copy")}</Button>
          <Button onClick={download}>{text("words.download")}</Button>
          <Button onClick={() => print()}>{text("words.print")}</Button>
        </div>
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
