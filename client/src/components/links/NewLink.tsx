import { useId, useState } from "react";
import { useSession } from "../../Contexts.tsx";
import type { ItemRef } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";
import { Button } from "../controls/Button.tsx";
import { Choice } from "../controls/Choice.tsx";
import { Field } from "../controls/Field.tsx";
import { useSubmit } from "../controls/use-submit.ts";
import { Notice } from "../page/Notice.tsx";

const DAY_MS = 86_400_000;
const DAYS = [1, 7, 30, 365];
const LARGEST_MAX = 1_000_000;

type Allowed = "viewer" | "view-only" | "editor";

/** Everything that a link can be, with one decision that matters and the others left out until they are wanted. */
export function NewLink({ folder, onDone }: { readonly folder: ItemRef; readonly onDone: () => void }) {
  const text = useText();
  const session = useSession();
  const endsId = useId();
  const [label, setLabel] = useState("");
  const [allowed, setAllowed] = useState<Allowed>("viewer");
  const [days, setDays] = useState(0);
  const [max, setMax] = useState("");
  const [password, setPassword] = useState("");
  const isBadMax = max !== "" && !(/^\d{1,7}$/.test(max) && Number(max) >= 1 && Number(max) <= LARGEST_MAX);
  const { isWorking, problem, onSubmit } = useSubmit(async () => {
    if (isBadMax) return;
    await session.engine.links.create(folder, {
      label: label.trim(),
      password: password === "" ? undefined : password,
      role: allowed === "editor" ? "editor" : "viewer",
      viewOnly: allowed === "view-only",
      expiresMs: days === 0 ? undefined : Date.now() + days * DAY_MS,
      maxDownloads: max === "" ? undefined : Number(max),
    });
    onDone();
  });
  return (
    <form className="new-link" aria-label={text("links.form.title")} onSubmit={onSubmit}>
      <Field
        label={text("links.form.label")}
        hint={text("links.form.labelHint")}
        value={label}
        onValue={setLabel}
        autoComplete="off"
        maxLength={100}
      />
      <Choice
        label={text("links.form.role")}
        value={allowed}
        options={[
          { value: "viewer", label: text("links.form.viewer") },
          { value: "view-only", label: text("links.form.viewOnly"), hint: text("links.form.viewOnlyHint") },
          { value: "editor", label: text("links.form.editor"), hint: text("links.form.editorHint") },
        ]}
        onChoose={setAllowed}
      />
      <div className="new-link-limits">
        <div className="field">
          <label htmlFor={endsId}>{text("links.form.ends")}</label>
          <select
            id={endsId}
            className="role-select"
            value={days}
            onChange={(event) => setDays(Number(event.target.value))}
          >
            <option value={0}>{text("links.form.never")}</option>
            {DAYS.map((count) => (
              <option key={count} value={count}>
                {text("links.form.days", { count })}
              </option>
            ))}
          </select>
        </div>
        <Field
          label={text("links.form.max")}
          hint={text(isBadMax ? "links.form.badMax" : "links.form.maxHint")}
          value={max}
          onValue={(typed) => setMax(typed.trim())}
          aria-invalid={isBadMax}
          inputMode="numeric"
          autoComplete="off"
        />
      </div>
      <Field
        label={text("links.form.password")}
        hint={text("links.form.passwordHint")}
        value={password}
        onValue={setPassword}
        isPassword
        autoComplete="new-password"
      />
      {(days !== 0 || max !== "") && <p className="faint">{text("links.form.held")}</p>}
      {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
      <div className="dialog-actions">
        <Button disabled={isWorking} onClick={onDone}>
          {text("files.cancel")}
        </Button>
        <Button kind="primary" type="submit" disabled={isWorking || isBadMax}>
          {text(isWorking ? "links.form.working" : "links.form.submit")}
        </Button>
      </div>
    </form>
  );
}
