/** Taking everything along, leaving for good, and new recovery words. */
export const safekeeping = {
  export: {
    title: "Export everything",
    lead: "All your files and folders as one ZIP file, checked while it is written. Earlier versions of files are not in it, and what is saved is not encrypted any more: keep it where only you can read it.",
    withTrash: "With what is in the trash, in a folder of its own",
    start: "Save as ZIP",
    fileName: "Excalibur {{name}} {{date}}",
  },
  words: {
    start: "Make new words",
    title: "New recovery words",
    lead: "If the words you saved are lost, or somebody else may have seen them. The old ones hold until you have checked the new ones, and open nothing any more from then on.",
    make: "Make new words",
    making: "Checking the password…",
    showLead:
      "Write them down before you go on, and keep them away from this device. They do not hold yet: nothing was changed so far.",
    change: "Use these words",
    changing: "Changing the words…",
    changed: "The new words hold from now on. Destroy the old ones: they open nothing any more.",
  },
  remove: {
    title: "Delete the account",
    lead: "Your files, their earlier versions and the trash are deleted on the server, for ever and for every device. Nobody can bring them back.",
    start: "Delete the account…",
    what: "Everything in this account is deleted on the server, for ever: files, folders, earlier versions, trash, keys. Every device is signed out at once, and neither your password nor your recovery words open anything any more.",
    before: "If you want to keep your files, close this and save them as a ZIP file first.",
    lost: "“{{name}}”, which you share, is gone for {{people}}, too, with everything in it.",
    left: "You are out of “{{name}}”, which {{owner}} shares. It stays there.",
    unknown_one: "One shared folder could not be looked at, and may be gone for others, too.",
    unknown_other: "{{count}} shared folders could not be looked at, and may be gone for others, too.",
    phrase: "To show that you mean it, type your user name: {{name}}",
    submit: "Delete for ever",
    working: "Deleting…",
  },
} as const;
