import { useCallback, useId, useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { useLive } from "../../lib/files/use-live.ts";
import type { ItemRef, LinkItem } from "../../lib/session/index.ts";
import { errorText, formatDate, formatDateTime, useText } from "../../lib/text/index.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import { Field } from "../controls/Field.tsx";
import { useSubmit } from "../controls/use-submit.ts";
import { EndSelect } from "../links/EndSelect.tsx";
import { LinkAddress } from "../links/LinkAddress.tsx";
import { LINKS, linkName } from "../links/link-text.ts";
import "../links/Links.css";
import { Notice } from "../page/Notice.tsx";
import { RoleSelect } from "./RoleSelect.tsx";

const DAY_MS = 86_400_000;
const DAYS = [1, 7, 14, 30];
const USUAL_DAYS = 14;

export interface InviteSectionProps {
  readonly folder: ItemRef;
  /** Earlier versions of files come along, because it is not shared yet and somebody wants it so. */
  readonly withVersions: boolean;
  readonly onWithdraw: (invitation: LinkItem) => void;
}

/** People without an account, invited by an address: who waits, and one more. */
export function InviteSection({ folder, withVersions, onWithdraw }: InviteSectionProps) {
  const text = useText();
  const session = useSession();
  const { parentId, id, name } = folder;
  const read = useCallback(() => session.engine.links.list({ parentId, id, name }), [session, parentId, id, name]);
  const { view, failure } = useLive(session, read, LINKS);
  const [isMaking, setMaking] = useState(false);
  const invitations = view?.filter(({ isInvitation }) => isInvitation) ?? [];
  return (
    <section className="links" aria-label={text("invitations.title")}>
      {failure !== undefined && <Notice kind="bad">{errorText(failure)}</Notice>}
      {invitations.length > 0 && (
        <ul>
          {invitations.map((invitation) => (
            <InvitationRow key={invitation.id} invitation={invitation} onWithdraw={() => onWithdraw(invitation)} />
          ))}
        </ul>
      )}
      {isMaking ? (
        <NewInvitation folder={folder} withVersions={withVersions} onDone={() => setMaking(false)} />
      ) : (
        <button type="button" className="link-button" onClick={() => setMaking(true)}>
          {text("invitations.make")}
        </button>
      )}
    </section>
  );
}

/** Somebody who is to come: what for, until when, and the address for them. */
function InvitationRow({ invitation, onWithdraw }: { readonly invitation: LinkItem; readonly onWithdraw: () => void }) {
  const text = useText();
  const { address, role, state, expiresMs, createdMs, isClaimed } = invitation;
  const name = linkName(invitation);
  const end =
    expiresMs === undefined
      ? text("links.since", { date: formatDate(createdMs) })
      : text("links.until", { date: formatDateTime(expiresMs) });
  const standing = isClaimed ? text("invitations.claimed") : state === "open" ? end : text(`links.states.${state}`);
  return (
    <li className="link-row">
      <div className="member">
        <div className="member-text">
          <span className="member-name" dir="auto">
            {name}
          </span>
          <small className="faint">{`${text("invitations.pending")} · ${text(`sharing.roles.${role}`)} · ${standing}`}</small>
        </div>
        <IconButton icon="close" label={text("sharing.withdrawOf", { name })} onClick={onWithdraw} />
      </div>
      {address !== undefined && !isClaimed && <LinkAddress address={address} name={name} />}
    </li>
  );
}

interface NewInvitationProps extends Omit<InviteSectionProps, "onWithdraw"> {
  readonly onDone: () => void;
}

function NewInvitation({ folder, withVersions, onDone }: NewInvitationProps) {
  const text = useText();
  const session = useSession();
  const [label, setLabel] = useState("");
  const [role, setRole] = useState<"viewer" | "editor">("viewer");
  const [days, setDays] = useState(USUAL_DAYS);
  const roleId = useId();
  const { isWorking, problem, onSubmit } = useSubmit(async () => {
    const expiresMs = Date.now() + days * DAY_MS;
    await session.engine.claims.invite(folder, { label: label.trim(), role, expiresMs, withVersions });
    onDone();
  });
  return (
    <form className="new-link" aria-label={text("invitations.make")} onSubmit={onSubmit}>
      <p className="faint">{text("invitations.makeLead")}</p>
      <Field
        label={text("invitations.label")}
        hint={text("invitations.labelHint")}
        value={label}
        onValue={setLabel}
        autoComplete="off"
        maxLength={100}
      />
      <div className="new-link-limits">
        <EndSelect value={days} days={DAYS} onChoose={setDays} />
        <div className="field">
          <label htmlFor={roleId}>{text("sharing.role")}</label>
          <RoleSelect
            id={roleId}
            label={text("sharing.role")}
            value={role}
            hasManager={false}
            onChoose={(chosen) => chosen !== "manager" && setRole(chosen)}
          />
        </div>
      </div>
      {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
      <div className="dialog-actions">
        <Button disabled={isWorking} onClick={onDone}>
          {text("files.cancel")}
        </Button>
        <Button kind="primary" type="submit" disabled={isWorking}>
          {text("invitations.submit")}
        </Button>
      </div>
    </form>
  );
}
