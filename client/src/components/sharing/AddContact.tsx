import { useCallback, useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { PEOPLE, useLive } from "../../lib/files/use-live.ts";
import { errorText, useText } from "../../lib/text/index.ts";
import { Button } from "../controls/Button.tsx";
import { Dialog } from "../controls/Dialog.tsx";
import { useSubmit } from "../controls/use-submit.ts";
import { Notice } from "../page/Notice.tsx";
import "./Compare.css";
import "./ShareDialog.css";
import { TrustMark } from "./TrustMark.tsx";

export interface AddContactProps {
  /** As somebody was given it. */
  readonly link: string;
  readonly onClose: () => void;
}

/** Whom a contact link is of, before they are remembered. Other keys than those it names stop it. */
export function AddContact({ link, onClose }: AddContactProps) {
  const text = useText();
  const session = useSession();
  const read = useCallback(() => session.engine.sharing.followContactLink(link), [session, link]);
  const { view: person, failure } = useLive(session, read, PEOPLE);
  const [isAdded, setAdded] = useState(false);
  const { isWorking, problem, onSubmit } = useSubmit(async () => {
    await session.engine.sharing.addContact(link);
    setAdded(true);
  });
  const refusal = problem ?? (failure && errorText(failure));
  return (
    <Dialog title={text("contacts.addTitle")} isOpen onClose={onClose}>
      {refusal !== undefined && <Notice kind="bad">{refusal}</Notice>}
      {refusal === undefined && person === undefined && <p className="faint">{text("settings.loading")}</p>}
      {refusal === undefined && person !== undefined && (
        <>
          <div className="found-person-head" role="status">
            <span className="person-disc" aria-hidden="true">
              {person.name.charAt(0).toUpperCase()}
            </span>
            <strong>{person.name}</strong>
            <TrustMark isVerified={isAdded && person.isVerified} />
          </div>
          <p className="quiet">{text(leadOf({ isAdded, ...person }), { name: person.name })}</p>
          <span className="compare-digits number">{person.fingerprint}</span>
        </>
      )}
      <form className="dialog-actions" onSubmit={onSubmit}>
        <Button kind={isAdded ? "primary" : "plain"} onClick={onClose}>
          {text(isAdded || refusal !== undefined ? "app.close" : "files.cancel")}
        </Button>
        {!isAdded && refusal === undefined && (
          <Button kind="primary" type="submit" disabled={isWorking || person === undefined}>
            {text("contacts.add")}
          </Button>
        )}
      </form>
    </Dialog>
  );
}

function leadOf({ isAdded, isVerified }: { readonly isAdded: boolean; readonly isVerified: boolean }) {
  if (!isVerified) return "contacts.outdated";
  return isAdded ? "contacts.added" : "contacts.agrees";
}
