import { useState } from "react";
import { useText } from "../../lib/text/index.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import { Notice } from "../page/Notice.tsx";
import { useUncheckedWords } from "./UncheckedWords.tsx";
import { WordsDialog } from "./WordsDialog.tsx";
import "./words.css";

/** Above every page of a drive until somebody has shown that they have the words, or wants to hear of it later. */
export function WordsReminder() {
  const text = useText();
  const { areUnchecked, isPutOff, putOff } = useUncheckedWords();
  const [isOpen, setOpen] = useState(false);
  if (!isOpen && (!areUnchecked || isPutOff)) return null;
  return (
    <div className="words-reminder">
      {areUnchecked && (
        <Notice kind="seal">
          <span className="words-reminder-text">{text("safekeeping.reminder.lead")}</span>
          <Button onClick={() => setOpen(true)}>{text("safekeeping.reminder.start")}</Button>
          <IconButton icon="close" label={text("safekeeping.reminder.later")} onClick={putOff} />
        </Notice>
      )}
      {isOpen && <WordsDialog begin="check" onClose={() => setOpen(false)} />}
    </div>
  );
}
