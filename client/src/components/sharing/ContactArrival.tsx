import { useState } from "react";
import { contactLink, forgetContactLink } from "../../lib/session/contact-link.ts";
import { AddContact } from "./AddContact.tsx";

/** The contact link that was opened here: asked about as soon as there is a drive, until it was answered. */
export function ContactArrival() {
  const [link, setLink] = useState(contactLink);
  if (link === undefined) return null;
  const close = (): void => {
    forgetContactLink();
    setLink(undefined);
  };
  return <AddContact link={link} onClose={close} />;
}
