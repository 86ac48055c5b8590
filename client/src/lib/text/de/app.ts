import type {
  server as english,
  serverErrors as englishErrors,
  saved as englishSaved,
  savedErrors as englishSavedErrors,
} from "../en/app.ts";
import type { Translated } from "../translated.ts";

export const server: Translated<typeof english> = {
  title: "Wo ist Ihr Laufwerk?",
  lead: "Excalibur läuft auf einem Server, der Ihnen oder jemandem gehört, den Sie kennen. Geben Sie seine Adresse ein oder fügen Sie Ihre Einladung ein.",
  address: "Adresse des Servers",
  addressHint: "Zum Beispiel drive.example.org",
  submit: "Weiter",
  working: "Wird gesucht…",
  other: "Anderer Server",
};

export const serverErrors: Translated<typeof englishErrors> = {
  bad_address:
    "Das ist keine Adresse eines Servers. Sie sieht so aus: https://drive.example.org. Nichts wurde gesendet.",
  insecure_server:
    "Diese Adresse beginnt mit http://; unterwegs könnte jeder an Stelle des Servers antworten. Nichts wurde gesendet. Nehmen Sie seine Adresse mit https://; wer den Server betreibt, kennt sie.",
  upgrade_needed:
    "Dieses Programm und der Server sind im Alter zu weit auseinander. Ihre Dateien sind sicher; aktualisieren Sie die App, oder bitten Sie den, der den Server betreibt, ihn zu aktualisieren.",
};

export const saved: Translated<typeof englishSaved> = {
  message: "In Dokumente gespeichert: {{name}}",
  open: "Öffnen",
  share: "Teilen",
  words: "In Dokumente gespeichert",
};

export const savedErrors: Translated<typeof englishSavedErrors> = {
  saving_failed:
    "Dieses Gerät wollte die Datei nicht speichern, vielleicht aus Platzmangel. Auf dem Laufwerk änderte sich nichts; schaffen Sie Platz und versuchen Sie es noch einmal.",
};
