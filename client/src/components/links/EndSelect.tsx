import { type ReactNode, useId } from "react";
import { useText } from "../../lib/text/index.ts";
import "../sharing/RoleSelect.css";

export interface EndSelectProps {
  readonly value: number;
  /** From now on, to choose from. */
  readonly days: readonly number[];
  readonly onChoose: (value: number) => void;
  /** What can be chosen besides, before the days: options of negative numbers and zero. */
  readonly children?: ReactNode;
}

/** When a link or an invitation ends, by days from now on. */
export function EndSelect({ value, days, onChoose, children }: EndSelectProps) {
  const text = useText();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{text("links.form.ends")}</label>
      <select id={id} className="role-select" value={value} onChange={({ target }) => onChoose(Number(target.value))}>
        {children}
        {days.map((count) => (
          <option key={count} value={count}>
            {text("links.form.days", { count })}
          </option>
        ))}
      </select>
    </div>
  );
}
