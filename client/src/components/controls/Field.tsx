import { type InputHTMLAttributes, type KeyboardEvent, useId, useState } from "react";
import { useText } from "../../lib/text/index.ts";
import { IconButton } from "./Button.tsx";
import "./Field.css";

export interface FieldProps
  extends Omit<InputHTMLAttributes<HTMLInputElement>, "className" | "onChange" | "id" | "value" | "type"> {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly isPassword?: boolean;
  /** Beyond one, for what is pasted in lines: a single line would join their ends. */
  readonly lines?: number;
}

/** A labelled field. Passwords can be shown, pasted, and say when Caps Lock is on. */
export function Field({ label, hint, value, onValue, isPassword = false, lines = 1, ...native }: FieldProps) {
  const text = useText();
  const id = useId();
  const [isShown, setShown] = useState(false);
  const [hasCapsLock, setCapsLock] = useState(false);
  const notice = isPassword && hasCapsLock ? text("form.capsLock") : hint;
  const describedBy = notice === undefined ? undefined : `${id}-hint`;
  const watch = (event: KeyboardEvent): void => setCapsLock(event.getModifierState("CapsLock"));
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="field-box">
        {lines > 1 ? (
          <textarea
            id={id}
            rows={lines}
            value={value}
            onChange={(event) => onValue(event.target.value)}
            autoComplete="off"
            required={native.required}
            spellCheck={false}
            autoCapitalize="none"
            aria-describedby={describedBy}
          />
        ) : (
          <input
            {...native}
            id={id}
            type={isPassword && !isShown ? "password" : "text"}
            value={value}
            onChange={(event) => onValue(event.target.value)}
            onKeyDown={watch}
            onKeyUp={watch}
            spellCheck={false}
            autoCapitalize="none"
            aria-describedby={describedBy}
          />
        )}
        {isPassword && (
          <IconButton
            icon="eye"
            label={text(isShown ? "form.hide" : "form.show")}
            aria-pressed={isShown}
            onClick={() => setShown(!isShown)}
          />
        )}
      </div>
      {notice !== undefined && (
        <p id={`${id}-hint`} className="faint">
          {notice}
        </p>
      )}
    </div>
  );
}
