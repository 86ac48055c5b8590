import { useState } from "react";
import { Button } from "../../../components/controls/Button.tsx";
import { Field } from "../../../components/controls/Field.tsx";
import { useSubmit } from "../../../components/controls/use-submit.ts";
import { Notice } from "../../../components/page/Notice.tsx";
import { useText } from "../../../lib/text/index.ts";
import "../../../components/page/CardPage.css";

/** The password is a part of the key: what is typed here stays on this device. */
export function PasswordCard({ onPassword }: { readonly onPassword: (password: string) => Promise<void> }) {
  const text = useText();
  const [password, setPassword] = useState("");
  const { isWorking, problem, onSubmit } = useSubmit(() => onPassword(password));
  return (
    <div className="public-box">
      <h1>{text("links.visit.passwordTitle")}</h1>
      <p className="quiet">{text("links.visit.passwordLead")}</p>
      <form className="form" onSubmit={onSubmit}>
        <Field
          label={text("links.visit.password")}
          value={password}
          onValue={setPassword}
          isPassword
          autoComplete="off"
          required
        />
        {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
        <Button kind="primary" isWide type="submit" disabled={isWorking}>
          {text(isWorking ? "links.visit.working" : "links.visit.submit")}
        </Button>
      </form>
    </div>
  );
}
