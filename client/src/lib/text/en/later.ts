import { access } from "./access.ts";
import { contactErrors, contacts } from "./contacts.ts";
import { invitationErrors, invitations } from "./invitations.ts";
import { linkErrors, links } from "./links.ts";
import { publicPages } from "./public-pages.ts";
import { requestErrors, requests } from "./requests.ts";

/** What is fetched with the pages that show it (lib/text/later.ts). */
export const later = {
  access,
  publicPages,
  contacts,
  invitations,
  links,
  requests,
  errors: { ...contactErrors, ...invitationErrors, ...linkErrors, ...requestErrors },
} as const;
