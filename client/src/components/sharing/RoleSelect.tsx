import type { Role } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";
import "./RoleSelect.css";

/** A role that can be given. */
export type GivenRole = Exclude<Role, "owner">;

export interface RoleSelectProps {
  /** Where a label stands beside it that can be seen. */
  readonly id?: string;
  readonly label: string;
  readonly value: GivenRole;
  /** Managers are made by the owner alone. */
  readonly hasManager: boolean;
  readonly isDisabled?: boolean;
  /** Hands the ownership over; left out where that is not offered. */
  readonly onOwner?: (() => void) | undefined;
  readonly onChoose: (role: GivenRole) => void;
}

export function RoleSelect({ id, label, value, hasManager, isDisabled = false, onOwner, onChoose }: RoleSelectProps) {
  const text = useText();
  const roles: readonly GivenRole[] = hasManager ? ["viewer", "editor", "manager"] : ["viewer", "editor"];
  return (
    <select
      id={id}
      className="role-select"
      aria-label={label}
      value={value}
      disabled={isDisabled}
      onChange={({ target }) => (target.value === "owner" ? onOwner?.() : onChoose(target.value as GivenRole))}
    >
      {roles.map((role) => (
        <option key={role} value={role}>
          {text(`sharing.roles.${role}`)}
        </option>
      ))}
      {onOwner !== undefined && <option value="owner">{text("sharing.handOver.option")}</option>}
    </select>
  );
}
