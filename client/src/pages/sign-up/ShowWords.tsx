import { useState } from "react";
import { Button } from "../../components/controls/Button.tsx";
import { saveText } from "../../components/controls/save-text.ts";
import { CardPage } from "../../components/page/CardPage.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import { PrintSheet } from "../../components/page/PrintSheet.tsx";
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
  const [copy, setCopy] = useState<"done" | "refused">();
  const { recoveryWords: words, outcome, name } = made;
  const toClipboard = (): void => {
    navigator.clipboard.writeText(words.join(" ")).then(
      () => setCopy("done"),
      () => setCopy("refused"),
    );
  };
  const download = (): void => saveText(text("words.fileName", { name }), `${words.join(" ")}\n`);
  return (
    <CardPage title={text("words.title")} lead={text("words.lead")}>
      <PrintSheet>
        <h1>{text("words.sheetTitle", { name })}</h1>
        <p>{location.origin}</p>
        <ol>
          {words.map((word, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a word may come twice, and its place never changes
            <li key={index}>{word}</li>
          ))}
        </ol>
        <p>{text("words.sheetLead")}</p>
      </PrintSheet>
      <div className="form">
        <ol className="words">
          {words.map((word, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a word may come twice, and its place never changes
            <li key={index}>{word}</li>
          ))}
        </ol>
        <div className="words-actions">
          <Button onClick={toClipboard}>{text(copy === "done" ? "words.copied" : "words.copy")}</Button>
          <Button onClick={download}>{text("words.download")}</Button>
          <Button onClick={() => print()}>{text("words.print")}</Button>
        </div>
        {copy === "refused" && <Notice kind="bad">{text("words.notCopied")}</Notice>}
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
