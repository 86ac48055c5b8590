/** Taking everything along, leaving for good, and new recovery words. */
export const safekeeping = {
  export: {
    title: "Export everything",
    lead: "All your files and folders as one ZIP file, checked while it is written. Earlier versions of files are not in it, and what is saved is not encrypted any more: keep it where only you can read it.",
    withTrash: "With what is in the trash, in a folder of its own",
    start: "Save as ZIP",
    fileName: "Excalibur {{name}} {{date}}",
  },
} as const;
