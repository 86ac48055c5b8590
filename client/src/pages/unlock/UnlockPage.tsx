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

export function UnlockPage({ name }: { readonly name: string }) {
  const text = useText();
  const session = useSession();
  const [password, setPassword] = useState("");
  const [stay, setStay] = useState(true);
  const { isWorking, problem, onSubmit } = useSubmit(() => session.signIn({ name, password, stay }));
  useEffect(() => void session.engine, [session]);
  return (
    <CardPage title={text("unlock.title", { name })} lead={text("unlock.lead")}>
      <form className="form" onSubmit={onSubmit}>
        <input
          className="visually-hidden"
          name="username"
          value={name}
          autoComplete="username"
          readOnly
          tabIndex={-1}
          aria-hidden="true"
        />
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
          {text(isWorking ? "unlock.working" : "unlock.submit")}
        </Button>
        <div className="form-links">
          <Link to="/recover">{text("signIn.forgot")}</Link>
        </div>
      </form>
    </CardPage>
  );
}
