/** Alles mitnehmen, für immer gehen, und neue Wiederherstellungswörter. */
export const safekeeping = {
  export: {
    title: "Alles mitnehmen",
    lead: "Alle Dateien und Ordner als eine ZIP-Datei, geprüft, während sie geschrieben wird. Frühere Fassungen sind nicht darin, und was gespeichert ist, ist nicht mehr verschlüsselt: Bewahren Sie es dort auf, wo nur Sie es lesen können.",
    withTrash: "Mit dem, was im Papierkorb liegt, in einem eigenen Ordner",
    start: "Als ZIP speichern",
    fileName: "Excalibur {{name}} {{date}}",
  },
} as const;
