import { linkErrors, links } from "./links.ts";
import { publicPages } from "./public-pages.ts";
import { requestErrors, requests } from "./requests.ts";

/** What is fetched with the pages that show it (lib/text/later.ts). */
export const later = {
  publicPages,
  links,
  requests,
  errors: { ...linkErrors, ...requestErrors },
} as const;
