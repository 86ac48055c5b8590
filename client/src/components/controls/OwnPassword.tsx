import { useText } from "../../lib/text/index.ts";
import { Field } from "./Field.tsx";

export interface OwnPasswordProps {
  /** Whose password it is. */
  readonly name: string;
  /** "Password", if not said. */
  readonly label?: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

/** The password of whoever has an account here. Password managers learn whose it is from a name that nobody sees. */
export function OwnPassword({ name, label, value, onValue }: OwnPasswordProps) {
  const text = useText();
  return (
    <>
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
        label={label ?? text("form.password")}
        value={value}
        onValue={onValue}
        isPassword
        autoComplete="current-password"
        required
      />
    </>
  );
}
