/** What stands around pages for people without an account. */
export const publicPages = {
  seal: "End-to-end encrypted",
  sealLead:
    "Names and files were encrypted before they came here, and are opened on your device. Whoever runs this server cannot read them.",
  incompleteTitle: "A part of the address is missing",
  incompleteLead:
    "What stands behind # in the address is the key, and it is never sent to a server. This page has taken it out of the address bar, so that nobody reads it over your shoulder. Open the whole address again, as you were given it.",
} as const;
