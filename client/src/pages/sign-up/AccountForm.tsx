import { useEffect, useState } from "react";
import { Link } from "react-router-dom";
import { useSession } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Check } from "../../components/controls/Check.tsx";
import { Field } from "../../components/controls/Field.tsx";
import { Strength } from "../../components/controls/Strength.tsx";
import { useSubmit } from "../../components/controls/use-submit.ts";
import { CardPage } from "../../components/page/CardPage.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import type { SignedUp } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";

export interface AccountFormProps {
  readonly onMade: (made: SignedUp & { readonly name: string }) => void;
}

export function AccountForm({ onMade }: AccountFormProps) {
  const text = useText();
  const session = useSession();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [typedInvite, setTypedInvite] = useState("");
  const [stay, setStay] = useState(true);
  const invite = session.invitation ?? (typedInvite.trim() || undefined);
  const { isWorking, problem, onSubmit } = useSubmit(async () => {
    const form = { name: name.trim(), password, stay, ...(invite === undefined ? {} : { invite }) };
    onMade({ ...(await session.signUp(form)), name: form.name });
  });
  useEffect(() => void session.engine, [session]);
  return (
    <CardPage title={text("signUp.title")}>
      <form className="form" onSubmit={onSubmit}>
        <Field
          label={text("form.name")}
          hint={text("form.nameHint")}
          value={name}
          onValue={setName}
          autoComplete="username"
          required
        />
        <Field
          label={text("form.newPassword")}
          hint={text("form.passwordHint")}
          value={password}
          onValue={setPassword}
          isPassword
          autoComplete="new-password"
          required
        />
        <Strength password={password} name={name} />
        {session.invitation === undefined && (
          <Field
            label={text("form.invitation")}
            hint={text("form.invitationHint")}
            value={typedInvite}
            onValue={setTypedInvite}
            autoComplete="off"
          />
        )}
        <Check label={text("form.stay")} isChecked={stay} onChecked={setStay} />
        {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
        <Button kind="primary" isWide type="submit" disabled={isWorking}>
          {text(isWorking ? "signUp.working" : "signUp.submit")}
        </Button>
        <div className="form-links">
          <Link to="/sign-in">{text("signUp.haveAccount")}</Link>
        </div>
      </form>
    </CardPage>
  );
}
