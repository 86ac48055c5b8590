import { useState } from "react";
import type { MemberItem } from "../../lib/session/index.ts";
import { formatDate, useText } from "../../lib/text/index.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import { Compare } from "./Compare.tsx";
import { type GivenRole, RoleSelect } from "./RoleSelect.tsx";
import { TrustMark } from "./TrustMark.tsx";

export interface MemberRowProps {
  readonly member: MemberItem;
  readonly mayChange: boolean;
  readonly hasManager: boolean;
  readonly isWorking: boolean;
  readonly onRole: (role: GivenRole) => void;
  readonly onRemove: () => void;
  /** Sends the invitation again; false: it could not, and that is said. */
  readonly onResend: () => Promise<boolean>;
  /** Left out for whoever is not the owner. */
  readonly onOwner?: (() => void) | undefined;
}

/** Somebody in a shared folder; what cannot be changed about them is said, not offered. */
export function MemberRow({
  member,
  mayChange,
  hasManager,
  isWorking,
  onRole,
  onRemove,
  onResend,
  onOwner,
}: MemberRowProps) {
  const text = useText();
  const [isComparing, setComparing] = useState(false);
  const [isSent, setSent] = useState(false);
  const { name, role, isSelf, isVerified, answer, addedBy } = member;
  const date = formatDate(member.addedMs);
  const since =
    answer === "left"
      ? text("sharing.left")
      : text(answer === "invited" ? "sharing.invited" : answer === "around" ? "sharing.around" : "sharing.since", {
          date,
        });
  return (
    <li>
      <div className="member">
        <span className="person-disc" aria-hidden="true">
          {name.charAt(0).toUpperCase()}
        </span>
        <div className="member-text">
          <span className="member-name">
            {isSelf ? `${name} (${text("sharing.you")})` : name}
            {!isSelf && <TrustMark isVerified={isVerified} />}
          </span>
          <small className="faint">
            {since}
            {addedBy !== undefined && ` ${text("sharing.addedBy", { name: addedBy })}`}
            {!isSelf && (
              <>
                {" · "}
                <button
                  type="button"
                  className="link-button"
                  aria-expanded={isComparing}
                  onClick={() => setComparing(!isComparing)}
                >
                  {text("sharing.compare")}
                </button>
              </>
            )}
            {mayChange && answer === "invited" && (
              <>
                {" · "}
                {isSent ? (
                  <span role="status">{text("sharing.resent")}</span>
                ) : (
                  <button
                    type="button"
                    className="link-button"
                    disabled={isWorking}
                    aria-label={text("sharing.resendOf", { name })}
                    onClick={() => void onResend().then(setSent)}
                  >
                    {text("sharing.resend")}
                  </button>
                )}
              </>
            )}
          </small>
        </div>
        {mayChange && role !== "owner" && answer === "left" && (
          <Button disabled={isWorking} aria-label={text("sharing.againOf", { name })} onClick={() => onRole(role)}>
            {text("sharing.again")}
          </Button>
        )}
        {mayChange && role !== "owner" && answer !== "left" && (
          <RoleSelect
            label={text("sharing.roleOf", { name })}
            value={role}
            hasManager={hasManager}
            isDisabled={isWorking}
            onOwner={answer === "accepted" ? onOwner : undefined}
            onChoose={onRole}
          />
        )}
        {!mayChange && <span className="quiet">{text(`sharing.roles.${role}`)}</span>}
        {mayChange && (
          <IconButton
            icon="close"
            label={text(answer === "invited" ? "sharing.withdrawOf" : "sharing.remove", { name })}
            disabled={isWorking}
            onClick={onRemove}
          />
        )}
      </div>
      {isComparing && <Compare person={member} />}
    </li>
  );
}
