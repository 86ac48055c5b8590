import type { publicPages as english } from "../en/public-pages.ts";
import type { Translated } from "../translated.ts";

export const publicPages: Translated<typeof english> = {
  seal: "Ende-zu-Ende-verschlüsselt",
  sealLead:
    "Namen und Dateien wurden verschlüsselt, bevor sie hierher kamen, und werden auf Ihrem Gerät geöffnet. Wer diesen Server betreibt, kann sie nicht lesen.",
  incompleteTitle: "Ein Teil der Adresse fehlt",
  incompleteLead:
    "Was in der Adresse hinter # steht, ist der Schlüssel; er wird nie an einen Server gesendet. Diese Seite hat ihn aus der Adresszeile genommen, damit ihn niemand über Ihre Schulter liest. Öffnen Sie die ganze Adresse noch einmal, so wie Sie sie bekommen haben.",
};
