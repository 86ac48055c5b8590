/** Kontaktlinks: Schlüssel, die mit einer Adresse kommen. */
export const contacts = {
  own: "Ihr Kontaktlink",
  ownLead:
    "Wer diesen Link von Ihnen bekommt oder die Kamera auf den Code richtet, fügt Sie als geprüft hinzu, ohne Ziffern zu vergleichen. Er gibt zu nichts Zugang. Geben Sie ihn so weiter, dass niemand ihn austauschen kann: persönlich oder in einem Chat, dem Sie vertrauen.",
  code: "Ihr Kontaktlink als QR-Code",
  others: "Jemanden über den Kontaktlink hinzufügen",
  othersLead:
    "Andere finden ihren in ihren eigenen Einstellungen, an dieser Stelle. Er nennt die Schlüssel, die der Server für sie haben muss.",
  link: "Kontaktlink",
  follow: "Suchen",
  addTitle: "Jemanden über den Kontaktlink hinzufügen",
  agrees:
    "Der Server hat genau die Schlüssel, die dieser Link nennt. Haben Sie den Link von {{name}}, steht niemand zwischen Ihnen: Fügen Sie {{name}} als geprüft hinzu.",
  added: "{{name}} ist geprüft und steht in den Einstellungen unter „Personen“. Sie können Ordner mit {{name}} teilen.",
  outdated:
    "{{name}} hat neue Schlüssel, seit dieser Link gemacht wurde, und den Wechsel unterschrieben. Geprüft ist {{name}} damit nicht: Lassen Sie sich einen neuen Link geben, oder vergleichen Sie die Ziffern.",
  add: "Hinzufügen",
};

export const contactErrors = {
  contact_link_mismatch:
    "Die Schlüssel, die der Server für diese Person zeigt, sind nicht die, die der Link nennt. Niemand wurde hinzugefügt: Lassen Sie sich den Link noch einmal auf anderem Weg geben, und teilen Sie mit der Person nichts, bis er stimmt.",
  bad_contact_link:
    "Dieser Kontaktlink führt hier zu niemandem: Er ist nicht vollständig, Ihr eigener oder von jemandem auf einem anderen Server. Niemand wurde hinzugefügt; kopieren Sie ihn noch einmal.",
};
