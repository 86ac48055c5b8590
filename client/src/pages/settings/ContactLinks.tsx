import { type FormEvent, lazy, Suspense, useCallback, useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Field } from "../../components/controls/Field.tsx";
import { LinkAddress } from "../../components/links/LinkAddress.tsx";
import "../../components/links/Links.css";
import { Guarded } from "../../components/page/Guarded.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import { AddContact } from "../../components/sharing/AddContact.tsx";
import { useLive } from "../../lib/files/use-live.ts";
import { errorText, useText } from "../../lib/text/index.ts";
import { Group } from "./Group.tsx";

// Whoever is not here needs nothing of it.
const QrCode = lazy(async () => ({ default: (await import("../../components/controls/QrCode.tsx")).QrCode }));

/** One's own contact link, to be given to others, and a place for theirs. */
export function ContactLinks() {
  const text = useText();
  const session = useSession();
  const read = useCallback(() => session.engine.sharing.contactLink(), [session]);
  const { view: own } = useLive(session, read);
  const [typed, setTyped] = useState("");
  const [link, setLink] = useState<string>();
  const follow = (event: FormEvent): void => {
    event.preventDefault();
    setLink(typed);
  };
  const close = (): void => {
    setLink(undefined);
    setTyped("");
  };
  return (
    <>
      <Group title={text("contacts.own")} lead={text("contacts.ownLead")}>
        {own === undefined ? (
          <p className="faint">{text("settings.loading")}</p>
        ) : (
          <div className="contact-link">
            <LinkAddress address={own} name={text("contacts.own")} />
            <Guarded fallback={(failure) => <Notice kind="bad">{errorText(failure)}</Notice>}>
              <Suspense>
                <QrCode value={own} label={text("contacts.code")} />
              </Suspense>
            </Guarded>
          </div>
        )}
      </Group>
      <Group title={text("contacts.others")} lead={text("contacts.othersLead")}>
        <form className="add-person-form" onSubmit={follow}>
          <Field label={text("contacts.link")} value={typed} onValue={setTyped} autoComplete="off" required />
          <Button type="submit" icon="personAdd">
            {text("contacts.follow")}
          </Button>
        </form>
      </Group>
      {link !== undefined && <AddContact link={link} onClose={close} />}
    </>
  );
}
