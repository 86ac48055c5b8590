import { useState } from "react";
import { useSession, useSessionState } from "../../Contexts.tsx";
import { withPassword } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";
import { Button } from "../controls/Button.tsx";
import { Dialog } from "../controls/Dialog.tsx";
import { Field } from "../controls/Field.tsx";
import { OwnPassword } from "../controls/OwnPassword.tsx";
import { useSubmit } from "../controls/use-submit.ts";
import { Notice } from "../page/Notice.tsx";
import { Steps } from "./Steps.tsx";
import { useUncheckedWords } from "./UncheckedWords.tsx";
import { WordCheck } from "./WordCheck.tsx";
import { WordSheet } from "./WordSheet.tsx";

type Stage =
  | { readonly step: "check" | "password" }
  | { readonly step: "show" | "prove"; readonly words: readonly string[] };

export interface WordsDialogProps {
  /** check: with the words that somebody has; password: with making others. */
  readonly begin: "check" | "password";
  readonly onClose: () => void;
  /** The words of the account were typed, or others took their place. */
  readonly onDone?: (what: "checked" | "changed") => void;
}

/**
 * Shows that somebody has the recovery words: those of the account, or new ones for whoever lost the paper or showed it to
 * somebody. The old ones hold until the new ones are checked.
 */
export function WordsDialog({ begin, onClose, onDone = () => undefined }: WordsDialogProps) {
  const text = useText();
  const session = useSession();
  const { reload } = useUncheckedWords();
  const [stage, setStage] = useState<Stage>({ step: begin });
  const close = (): void => {
    void session.engine.accounts.dropNewWords();
    onClose();
  };
  const done = (what: "checked" | "changed"): void => {
    reload();
    onDone(what);
    close();
  };
  const confirm = async (): Promise<void> => {
    await withPassword(() => session.engine.accounts.confirmNewWords());
    done("changed");
  };
  return (
    <Dialog
      title={text(stage.step === "check" ? "safekeeping.reminder.title" : "safekeeping.words.title")}
      isOpen
      onClose={close}
    >
      {stage.step === "check" && (
        <CheckOwn onRight={() => done("checked")} onLost={() => setStage({ step: "password" })} />
      )}
      {stage.step === "password" && <AskPassword onWords={(words) => setStage({ step: "show", words })} />}
      {stage.step === "show" && <Show words={stage.words} onSaved={() => setStage({ ...stage, step: "prove" })} />}
      {stage.step === "prove" && (
        <>
          <p className="quiet">{text("words.checkLead")}</p>
          <WordCheck
            words={stage.words}
            onRight={confirm}
            foot={(isWorking) => (
              <Steps step={3}>
                <Button kind="ghost" onClick={() => setStage({ ...stage, step: "show" })}>
                  {text("words.lookAgain")}
                </Button>
                <Button kind="primary" type="submit" disabled={isWorking}>
                  {text(isWorking ? "safekeeping.words.changing" : "safekeeping.words.change")}
                </Button>
              </Steps>
            )}
          />
        </>
      )}
    </Dialog>
  );
}

function CheckOwn({ onRight, onLost }: { readonly onRight: () => void; readonly onLost: () => void }) {
  const text = useText();
  const session = useSession();
  const [words, setWords] = useState("");
  const { isWorking, problem, onSubmit } = useSubmit(async () => {
    await session.engine.accounts.checkWords(words);
    onRight();
  });
  return (
    <form className="form" onSubmit={onSubmit}>
      <p className="quiet">{text("safekeeping.reminder.checkLead")}</p>
      <Field
        label={text("form.words")}
        hint={text("form.wordsHint")}
        value={words}
        onValue={setWords}
        lines={3}
        required
      />
      {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
      <div className="words-choice">
        <Button kind="ghost" onClick={onLost}>
          {text("safekeeping.reminder.lost")}
        </Button>
        <Button kind="primary" type="submit" disabled={isWorking}>
          {text("words.check")}
        </Button>
      </div>
    </form>
  );
}

function AskPassword({ onWords }: { readonly onWords: (words: readonly string[]) => void }) {
  const text = useText();
  const session = useSession();
  const state = useSessionState();
  const [password, setPassword] = useState("");
  const { isWorking, problem, onSubmit } = useSubmit(async () => {
    onWords(await withPassword(() => session.engine.accounts.newWords(password)));
  });
  return (
    <form className="form" onSubmit={onSubmit}>
      <p className="quiet">{text("safekeeping.words.lead")}</p>
      <OwnPassword
        name={"name" in state ? state.name : ""}
        label={text("settings.security.current")}
        value={password}
        onValue={setPassword}
      />
      {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
      <Steps step={1}>
        <Button kind="primary" type="submit" disabled={isWorking}>
          {text(isWorking ? "safekeeping.words.making" : "safekeeping.words.make")}
        </Button>
      </Steps>
    </form>
  );
}

function Show({ words, onSaved }: { readonly words: readonly string[]; readonly onSaved: () => void }) {
  const text = useText();
  const state = useSessionState();
  return (
    <div className="form">
      <p className="quiet">{text("safekeeping.words.showLead")}</p>
      <WordSheet words={words} name={"name" in state ? state.name : ""} />
      <Steps step={2}>
        <Button kind="primary" onClick={onSaved}>
          {text("words.saved")}
        </Button>
      </Steps>
    </div>
  );
}
