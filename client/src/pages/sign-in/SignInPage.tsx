import { useEffect, useState } from "react";
import { Link } from "react-router-dom";
import { useSession } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Check } from "../../components/controls/Check.tsx";
import { Field } from "../../components/controls/Field.tsx";
import { useSubmit } from "../../components/controls/use-submit.ts";
import { CardPage } from "../../components/page/CardPage.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import { useText } from "../../lib/text/index.ts";

export function SignInPage() {
  const text = useText();
  const session = useSession();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [stay, setStay] = useState(true);
  const { isWorking, problem, onSubmit } = useSubmit(() => session.signIn({ name: name.trim(), password, stay }));
  // The worker loads while the form is filled in.
  useEffect(() => void session.engine, [session]);
  return (
    <CardPage title={text("signIn.title")}>
      <form className="form" onSubmit={onSubmit}>
        <Field label={text("form.name")} value={name} onValue={setName} autoComplete="username" required />
        <Field
          label={text("form.password")}
          value={password}
          onValue={setPassword}
          isPassword
          autoComplete="current-password"
          required
        />
        <Check label={text("form.stay")} isChecked={stay} onChecked={setStay} />
        {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
        <Button kind="primary" isWide type="submit" disabled={isWorking}>
          {text(isWorking ? "signIn.working" : "signIn.submit")}
        </Button>
        <div className="form-links">
          <Link to="/recover">{text("signIn.forgot")}</Link>
          <Link to="/sign-up">{text("signIn.noAccount")}</Link>
        </div>
      </form>
    </CardPage>
  );
}
