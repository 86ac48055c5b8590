import type { later as english } from "../en/later.ts";
import type { Translated } from "../translated.ts";
import { access } from "./access.ts";
import { contactErrors, contacts } from "./contacts.ts";
import { invitationErrors, invitations } from "./invitations.ts";
import { linkErrors, links } from "./links.ts";
import { publicPages } from "./public-pages.ts";
import { requestErrors, requests } from "./requests.ts";

export const later: Translated<typeof english> = {
  access,
  publicPages,
  contacts,
  invitations,
  links,
  requests,
  errors: { ...contactErrors, ...invitationErrors, ...linkErrors, ...requestErrors },
};
