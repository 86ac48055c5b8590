import { useEffect, useState } from "react";
import { Link } from "react-router-dom";
import { useSession } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Field } from "../../components/controls/Field.tsx";
import { Strength } from "../../components/controls/Strength.tsx";
import { useSubmit } from "../../components/controls/use-submit.ts";
import { CardPage } from "../../components/page/CardPage.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import { useText } from "../../lib/text/index.ts";

export function RecoverPage() {
  const text = useText();
  const session = useSession();
  const [name, setName] = useState("");
  const [words, setWords] = useState("");
  const [newPassword, setNewPassword] = useState("");
  const { isWorking, problem, onSubmit } = useSubmit(() =>
    session.recover({ name: name.trim(), words, newPassword, stay: true }),
  );
  useEffect(() => void session.engine, [session]);
  return (
    <CardPage title={text("recover.title")} lead={text("recover.lead")}>
      <form className="form" onSubmit={onSubmit}>
        <Field label={text("form.name")} value={name} onValue={setName} autoComplete="username" required />
        <Field
          label={text("form.words")}
          hint={text("form.wordsHint")}
          value={words}
          onValue={setWords}
          lines={3}
          required
        />
        <Field
          label={text("form.newPassword")}
          hint={text("form.passwordHint")}
          value={newPassword}
          onValue={setNewPassword}
          isPassword
          autoComplete="new-password"
          required
        />
        <Strength password={newPassword} name={name} />
        {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
        <Button kind="primary" isWide type="submit" disabled={isWorking}>
          {text(isWorking ? "recover.working" : "recover.submit")}
        </Button>
        <div className="form-links">
          <Link to="/sign-in">{text("form.back")}</Link>
        </div>
      </form>
    </CardPage>
  );
}
