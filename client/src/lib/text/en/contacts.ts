/** Contact links: keys that come with an address. */
export const contacts = {
  own: "Your contact link",
  ownLead:
    "Who gets this link from you, or points a camera at the code, adds you as verified without comparing digits. It gives access to nothing. Give it in a way in which nobody can exchange it: face to face, or in a chat that you trust.",
  code: "Your contact link as a QR code",
  others: "Add somebody by their contact link",
  othersLead: "They find it here, in their own settings. It names the keys that the server must have for them.",
  link: "Contact link",
  follow: "Look up",
  addTitle: "Add somebody by their contact link",
  agrees:
    "The server has exactly the keys that this link names. If {{name}} gave you the link, nobody stands between you: add {{name}} as verified.",
  added: "{{name}} is verified. You find {{name}} in the settings, under People, and can share folders with them.",
  outdated:
    "{{name}} has new keys since this link was made, and signed the change. This does not verify {{name}}: ask for a new link, or compare the digits.",
  add: "Add",
} as const;

export const contactErrors = {
  contact_link_mismatch:
    "The keys that the server shows for this person are not those that the link names. Nobody was added: ask the person for the link once more, in another way, and share nothing with them until it agrees.",
  bad_contact_link:
    "This contact link leads to nobody here: it is not whole, or your own, or of somebody on another server. Nobody was added; copy it again.",
} as const;
