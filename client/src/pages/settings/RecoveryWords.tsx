import { useState } from "react";
import { Button } from "../../components/controls/Button.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import { useUncheckedWords } from "../../components/recovery-words/UncheckedWords.tsx";
import { WordsDialog, type WordsDialogProps } from "../../components/recovery-words/WordsDialog.tsx";
import { useText } from "../../lib/text/index.ts";
import { Group } from "./Group.tsx";

export function RecoveryWords() {
  const text = useText();
  const { areUnchecked } = useUncheckedWords();
  const [begin, setBegin] = useState<WordsDialogProps["begin"]>();
  const [done, setDone] = useState<"checked" | "changed">();
  return (
    <Group title={text("settings.security.words")} lead={text("settings.security.wordsLead")}>
      <div role="status">
        {done !== undefined && (
          <Notice kind="seal">{text(`safekeeping.${done === "checked" ? "reminder.right" : "words.changed"}`)}</Notice>
        )}
      </div>
      <div className="settings-actions">
        {areUnchecked && (
          <Button kind="primary" onClick={() => setBegin("check")}>
            {text("safekeeping.reminder.start")}
          </Button>
        )}
        <Button onClick={() => setBegin("password")}>{text("safekeeping.words.start")}</Button>
      </div>
      {begin !== undefined && <WordsDialog begin={begin} onClose={() => setBegin(undefined)} onDone={setDone} />}
    </Group>
  );
}
