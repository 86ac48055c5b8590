import { useState } from "react";
import { errorText, useText } from "../../lib/text/index.ts";
import { Button } from "../controls/Button.tsx";
import { Notice } from "../page/Notice.tsx";
import { PrintSheet } from "../page/PrintSheet.tsx";
import "./words.css";
import { chosenServer, isApp, saveText } from "../../native/index.ts";

export interface WordSheetProps {
  readonly words: readonly string[];
  /** Whose they are: on paper and in the name of the file. */
  readonly name: string;
}

/** The words, with what takes them to paper. */
export function WordSheet({ words, name }: WordSheetProps) {
  const text = useText();
  const [copy, setCopy] = useState<"done" | "refused">();
  const toClipboard = (): void => {
    navigator.clipboard.writeText(words.join(" ")).then(
      () => setCopy("done"),
      () => setCopy("refused"),
    );
  };
  const [isSaved, setSaved] = useState(false);
  const [problem, setProblem] = useState<string>();
  const download = (): void => {
    saveText(text("words.fileName", { name }), `${words.join(" ")}\n`).then(
      () => setSaved(isApp),
      (error: unknown) => setProblem(errorText(error)),
    );
  };
  return (
    <>
      <PrintSheet>
        <h1>{text("words.sheetTitle", { name })}</h1>
        <p>{chosenServer()}</p>
        <ol>
          {words.map((word, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a word may come twice, and its place never changes
            <li key={index}>{word}</li>
          ))}
        </ol>
        <p>{text("words.sheetLead")}</p>
      </PrintSheet>
      <ol className="words">
        {words.map((word, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a word may come twice, and its place never changes
          <li key={index}>{word}</li>
        ))}
      </ol>
      <div className="words-actions">
        <Button onClick={toClipboard}>{text(copy === "done" ? "words.copied" : "words.copy")}</Button>
        <Button onClick={download}>{text(isSaved ? "saved.words" : "words.download")}</Button>
        {!isApp && <Button onClick={() => print()}>{text("words.print")}</Button>}
      </div>
      {copy === "refused" && <Notice kind="bad">{text("words.notCopied")}</Notice>}
      {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
    </>
  );
}
