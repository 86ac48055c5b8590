import { useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Dialog } from "../../components/controls/Dialog.tsx";
import { Field } from "../../components/controls/Field.tsx";
import { useSubmit } from "../../components/controls/use-submit.ts";
import { Notice } from "../../components/page/Notice.tsx";
import { useOffers } from "../../components/sharing/Offers.tsx";
import { TrustMark } from "../../components/sharing/TrustMark.tsx";
import type { InvitationItem } from "../../lib/session/index.ts";
import { errorText, formatDateTime, useText } from "../../lib/text/index.ts";

/** What waits for an answer. */
export function InvitationList() {
  const text = useText();
  const { view, failure } = useOffers();
  const { invitations = [], waiting = [], failures = [] } = view ?? {};
  const problems = failure === undefined ? failures : [failure];
  return (
    <>
      {problems.map((problem) => (
        <Notice key={problem.code} kind="bad">
          {errorText(problem)}
        </Notice>
      ))}
      {invitations.length > 0 && <h2 className="visually-hidden">{text("sharing.invitations")}</h2>}
      {invitations.map((invitation) => (
        <Offer key={invitation.id} invitation={invitation} />
      ))}
      {waiting.map(({ id, invitedBy: name, claimedMs }) => (
        <article key={id} className="offer" aria-label={text("invitations.waiting")}>
          <p className="offer-head">
            <strong>
              {name === undefined ? text("invitations.waiting") : text("invitations.waitingFor", { name })}
            </strong>
          </p>
          <p className="quiet">{text("invitations.waitingLead", { date: formatDateTime(claimedMs) })}</p>
        </article>
      ))}
    </>
  );
}

function Offer({ invitation: { id, label, isFile, owner, role, place } }: { readonly invitation: InvitationItem }) {
  const text = useText();
  const session = useSession();
  const called = label ?? text(isFile ? "sharing.file" : "sharing.folder");
  const offer = text(isFile ? "sharing.offersFile" : "sharing.offers", { name: owner.name });
  const [name, setName] = useState(called);
  const [isDeclining, setDeclining] = useState(false);
  const accepting = useSubmit(() => session.engine.sharing.accept(id, place === undefined ? name : undefined));
  const decline = (): void => {
    setDeclining(false);
    session.engine.sharing.decline(id).catch((error: unknown) => session.report(error));
  };
  return (
    <article className="offer" aria-label={offer}>
      <p className="offer-head">
        <span className="person-disc" aria-hidden="true">
          {owner.name.charAt(0).toUpperCase()}
        </span>
        <strong>{offer}</strong>
        <TrustMark isVerified={owner.isVerified} />
      </p>
      <p className="quiet">
        {text(place === undefined ? "sharing.offerLead" : "sharing.offerInPlace", {
          role: text(`sharing.roles.${role}`),
          place,
        })}
      </p>
      <form className="offer-form" onSubmit={accepting.onSubmit}>
        {place === undefined && (
          <Field label={text("sharing.nameHere")} value={name} onValue={setName} autoComplete="off" required />
        )}
        {accepting.problem !== undefined && <Notice kind="bad">{accepting.problem}</Notice>}
        <div className="dialog-actions">
          <Button disabled={accepting.isWorking} onClick={() => setDeclining(true)}>
            {text("sharing.decline")}
          </Button>
          <Button kind="primary" type="submit" disabled={accepting.isWorking}>
            {text("sharing.accept")}
          </Button>
        </div>
      </form>
      {isDeclining && (
        <Dialog title={text("sharing.declineTitle", { name: called })} isOpen onClose={() => setDeclining(false)}>
          <p className="quiet">{text("sharing.declineLead", { owner: owner.name })}</p>
          <div className="dialog-actions">
            <Button onClick={() => setDeclining(false)}>{text("files.cancel")}</Button>
            <Button kind="danger" onClick={decline}>
              {text("sharing.decline")}
            </Button>
          </div>
        </Dialog>
      )}
    </article>
  );
}
