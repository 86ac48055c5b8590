/** Alles mitnehmen, für immer gehen, und neue Wiederherstellungswörter. */
export const safekeeping = {
  export: {
    title: "Alles mitnehmen",
    lead: "Alle Dateien und Ordner als eine ZIP-Datei, geprüft, während sie geschrieben wird. Frühere Fassungen sind nicht darin, und was gespeichert ist, ist nicht mehr verschlüsselt: Bewahren Sie es dort auf, wo nur Sie es lesen können.",
    withTrash: "Mit dem, was im Papierkorb liegt, in einem eigenen Ordner",
    start: "Als ZIP speichern",
    fileName: "Excalibur {{name}} {{date}}",
  },
  words: {
    start: "Neue Wörter machen",
    title: "Neue Wiederherstellungswörter",
    lead: "Wenn Ihre Wörter verloren sind oder jemand anderes sie gesehen haben kann. Die alten gelten, bis Sie die neuen geprüft haben; danach öffnen sie nichts mehr.",
    make: "Neue Wörter machen",
    making: "Das Passwort wird geprüft…",
    showLead:
      "Schreiben Sie sie auf, bevor Sie weitergehen, und bewahren Sie sie nicht bei diesem Gerät auf. Sie gelten noch nicht: Bisher wurde nichts geändert.",
    change: "Diese Wörter verwenden",
    changing: "Die Wörter werden ersetzt…",
    changed: "Von jetzt an gelten die neuen Wörter. Vernichten Sie die alten: Sie öffnen nichts mehr.",
  },
  reminder: {
    lead: "Ihre Wiederherstellungswörter wurden nie geprüft. Ohne sie ist mit dem Passwort alles verloren.",
    start: "Wörter prüfen",
    later: "Später erinnern",
    title: "Haben Sie Ihre Wiederherstellungswörter?",
    checkLead: "Tippen Sie alle zwölf von dem ab, was Sie gesichert haben. Sie bleiben auf diesem Gerät.",
    lost: "Ich habe sie nicht",
    right: "Das sind die Wörter. Lassen Sie sie, wo sie jetzt sind.",
  },
  remove: {
    title: "Konto löschen",
    lead: "Ihre Dateien, deren frühere Fassungen und der Papierkorb werden auf dem Server gelöscht, für immer und für jedes Gerät. Niemand kann sie zurückholen.",
    start: "Konto löschen…",
    what: "Alles in diesem Konto wird auf dem Server für immer gelöscht: Dateien, Ordner, frühere Fassungen, Papierkorb, Schlüssel. Jedes Gerät wird sofort abgemeldet, und weder Ihr Passwort noch Ihre Wiederherstellungswörter öffnen dann noch etwas.",
    before: "Wenn Sie Ihre Dateien behalten wollen, schließen Sie dies und speichern Sie sie vorher als ZIP-Datei.",
    lost: "„{{name}}“, das Sie teilen, verschwindet mit allem darin auch für {{people}}.",
    left: "Sie sind nicht mehr in „{{name}}“, das {{owner}} teilt. Es bleibt dort.",
    unknown_one: "Ein geteilter Ordner konnte nicht angesehen werden und ist dann vielleicht auch für andere weg.",
    unknown_other:
      "{{count}} geteilte Ordner konnten nicht angesehen werden und sind dann vielleicht auch für andere weg.",
    phrase: "Damit klar ist, dass Sie es so meinen, geben Sie Ihren Benutzernamen ein: {{name}}",
    submit: "Für immer löschen",
    working: "Wird gelöscht…",
  },
} as const;
