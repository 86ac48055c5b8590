import { useState } from "react";
import { useSession, useSessionState } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Dialog } from "../../components/controls/Dialog.tsx";
import { Field } from "../../components/controls/Field.tsx";
import { HiddenName } from "../../components/controls/HiddenName.tsx";
import { useSubmit } from "../../components/controls/use-submit.ts";
import { Notice } from "../../components/page/Notice.tsx";
import { Steps } from "../../components/recovery-words/Steps.tsx";
import { WordCheck } from "../../components/recovery-words/WordCheck.tsx";
import { WordSheet } from "../../components/recovery-words/WordSheet.tsx";
import { useText } from "../../lib/text/index.ts";
import { Group } from "./Group.tsx";
import { withPassword } from "./with-password.ts";

type Stage = { readonly step: 1 } | { readonly step: 2 | 3; readonly words: readonly string[] };

/** Whoever lost the paper, or showed it to somebody, makes new words. The old ones hold until the new ones are checked. */
export function NewWords() {
  const text = useText();
  const session = useSession();
  const [stage, setStage] = useState<Stage>();
  const [isChanged, setChanged] = useState(false);
  const close = (): void => {
    setStage(undefined);
    void session.engine.accounts.dropNewWords();
  };
  const confirm = async (): Promise<void> => {
    await withPassword(() => session.engine.accounts.confirmNewWords());
    setStage(undefined);
    setChanged(true);
  };
  return (
    <Group title={text("settings.security.words")} lead={text("settings.security.wordsLead")}>
      <div role="status">{isChanged && <Notice kind="seal">{text("safekeeping.words.changed")}</Notice>}</div>
      <div className="settings-actions">
        <Button onClick={() => setStage({ step: 1 })}>{text("safekeeping.words.start")}</Button>
      </div>
      {stage !== undefined && (
        <Dialog title={text("safekeeping.words.title")} isOpen onClose={close}>
          {stage.step === 1 && <AskPassword onWords={(words) => setStage({ step: 2, words })} />}
          {stage.step === 2 && <Show words={stage.words} onSaved={() => setStage({ ...stage, step: 3 })} />}
          {stage.step === 3 && (
            <>
              <p className="quiet">{text("words.checkLead")}</p>
              <WordCheck
                words={stage.words}
                onRight={confirm}
                foot={(isWorking) => (
                  <Steps step={3}>
                    <Button kind="ghost" onClick={() => setStage({ ...stage, step: 2 })}>
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
      )}
    </Group>
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
      <HiddenName name={"name" in state ? state.name : ""} />
      <Field
        label={text("settings.security.current")}
        value={password}
        onValue={setPassword}
        isPassword
        autoComplete="current-password"
        required
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
