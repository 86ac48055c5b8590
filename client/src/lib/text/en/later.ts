import { access } from "./access.ts";
import { contactErrors, contacts } from "./contacts.ts";
import { linkErrors, links } from "./links.ts";
import { publicPages } from "./public-pages.ts";
import { requestErrors, requests } from "./requests.ts";

/** What is fetched with the pages that show it (lib/text/later.ts). */
export const later = {
  access,
  publicPages,
  contacts,
  links,
  requests,
  errors: { ...contactErrors, ...linkErrors, ...requestErrors },
} as const;
