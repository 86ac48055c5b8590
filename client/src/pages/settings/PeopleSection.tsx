import { useCallback } from "react";
import { useSession } from "../../Contexts.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import { Compare } from "../../components/sharing/Compare.tsx";
import { TrustMark } from "../../components/sharing/TrustMark.tsx";
import { PEOPLE, useLive } from "../../lib/files/use-live.ts";
import { errorText, useText } from "../../lib/text/index.ts";
import { ContactLinks } from "./ContactLinks.tsx";
import { Group } from "./Group.tsx";
import "./PeopleSection.css";

/** Whose keys are whose: one's own digits, and those of everybody one has shared with. */
export function PeopleSection() {
  const text = useText();
  const session = useSession();
  const readPerson = useCallback(() => session.engine.accounts.person(), [session]);
  const readContacts = useCallback(() => session.engine.sharing.contacts(), [session]);
  const { view: person } = useLive(session, readPerson);
  const { view: contacts, failure } = useLive(session, readContacts, PEOPLE);
  return (
    <>
      <Group title={text("sharing.own")} lead={text("sharing.ownLead")} isFirst>
        {person === undefined ? (
          <p className="faint">{text("settings.loading")}</p>
        ) : (
          <span className="fingerprint number">{person.fingerprint}</span>
        )}
      </Group>
      <ContactLinks />
      <Group title={text("sharing.known")} lead={text("sharing.knownLead")}>
        {failure !== undefined && <Notice kind="bad">{errorText(failure)}</Notice>}
        {contacts?.length === 0 && <p className="faint">{text("sharing.noContacts")}</p>}
        <ul className="contacts">
          {contacts?.map((contact) => (
            <li key={contact.name}>
              <details>
                <summary>
                  <strong>{contact.name}</strong>
                  <TrustMark isVerified={contact.isVerified} />
                </summary>
                <Compare person={contact} />
              </details>
            </li>
          ))}
        </ul>
      </Group>
    </>
  );
}
