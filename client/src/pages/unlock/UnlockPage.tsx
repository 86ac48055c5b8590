import { lazy, Suspense, useEffect, useState } from "react";
import { Link } from "react-router-dom";
import { useSession } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Check } from "../../components/controls/Check.tsx";
import { OwnPassword } from "../../components/controls/OwnPassword.tsx";
import { useSubmit } from "../../components/controls/use-submit.ts";
import { GuardUnlock } from "../../components/guard/GuardUnlock.tsx";
import { useGuard } from "../../components/guard/use-guard.ts";
import { CardPage } from "../../components/page/CardPage.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import { useText } from "../../lib/text/index.ts";

// Ionic comes with it.
const ForgetDialog = lazy(async () => ({ default: (await import("./ForgetDialog.tsx")).ForgetDialog }));

export interface UnlockPageProps {
  readonly name: string;
  /** It was not locked by hand: the session was ended from elsewhere. */
  readonly hasEnded: boolean;
}

export function UnlockPage({ name, hasEnded }: UnlockPageProps) {
  const text = useText();
  const session = useSession();
  const [password, setPassword] = useState("");
  const [stay, setStay] = useState(true);
  const guard = useGuard();
  // Then a start asks, by the face or finger or by the password.
  const isGuarded = guard?.isOn === true;
  const { isWorking, problem, onSubmit } = useSubmit(() =>
    session.signIn({ name, password, stay: stay && !isGuarded }),
  );
  const [isLeaving, setLeaving] = useState(false);
  useEffect(() => void session.engine, [session]);
  return (
    <CardPage title={text("unlock.title", { name })} lead={text(hasEnded ? "unlock.endedLead" : "unlock.lead")}>
      {guard?.isOn && !hasEnded && <GuardUnlock store={guard.store} />}
      <form className="form" onSubmit={onSubmit}>
        <OwnPassword name={name} value={password} onValue={setPassword} />
        {!isGuarded && <Check label={text("form.stay")} isChecked={stay} onChecked={setStay} />}
        {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
        <Button kind="primary" isWide type="submit" disabled={isWorking}>
          {text(isWorking ? "unlock.working" : "unlock.submit")}
        </Button>
        <div className="form-links">
          <Link to="/recover">{text("signIn.forgot")}</Link>
          <button type="button" className="link-button" onClick={() => setLeaving(true)}>
            {text("unlock.other")}
          </button>
        </div>
      </form>
      <Suspense>{isLeaving && <ForgetDialog name={name} onClose={() => setLeaving(false)} />}</Suspense>
    </CardPage>
  );
}
