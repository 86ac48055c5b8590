import type { links as english, linkErrors as englishErrors } from "../en/links.ts";
import type { Translated } from "../translated.ts";

/** Links: für die, die sie anlegen, und für die, denen einer gegeben wurde. */
export const links: Translated<typeof english> = {
  place: "Links",
  title: "Links",
  lead: "Wer die Adresse eines Links hat, öffnet, wohin er führt, ohne Konto.",
  none: "Noch führt kein Link hierher.",
  noneAtAll: "Sie haben keine Links angelegt",
  noneAtAllLead:
    "Wählen Sie „Teilen …“ im Menü eines Ordners oder einer Datei und legen Sie einen Link an. Seine Adresse enthält den Schlüssel: Wer sie hat, öffnet ihn, und sonst niemand.",
  make: "Link anlegen",
  unnamed: "Link ohne Namen",
  others: "Link, den jemand anderes angelegt hat",
  othersLead: "Seine Adresse zeigt nur, wer ihn angelegt hat.",
  roles: { viewer: "ansehen und herunterladen", editor: "ansehen, herunterladen und hochladen" },
  viewOnly: "ohne Herunterladen",
  hasPassword: "mit Passwort",
  until: "bis {{date}}",
  since: "angelegt {{date}}",
  uses_zero: "noch nicht benutzt",
  uses_one: "einmal benutzt",
  uses_other: "{{count, number}}-mal benutzt",
  usesOf: "{{count, number}} von {{max, number}} Mal benutzt",
  lastOpened: "zuletzt geöffnet {{date}}",
  states: {
    open: "Offen",
    paused: "Angehalten",
    expired: "Abgelaufen",
    "used-up": "Aufgebraucht",
    revoked: "Zurückgenommen",
  },
  address: "Adresse von {{name}}",
  copy: "Adresse kopieren",
  copied: "Kopiert",
  notCopied: "Dieser Browser lässt die Seite nicht kopieren. Wählen Sie die Adresse aus und kopieren Sie sie selbst.",
  pause: "Anhalten",
  resume: "Wieder einlassen",
  log: "Was geschah",
  revoke: "Zurücknehmen …",
  gonePlace: "etwas, das nicht mehr in Ihrem Laufwerk ist",
  form: {
    title: "Neuer Link",
    label: "Name, nur für Sie",
    labelHint: "Zum Beispiel: Familie. Besuchende sehen ihn nicht.",
    role: "Was Besuchende dürfen",
    viewer: "Ansehen und herunterladen",
    viewOnly: "Nur ansehen",
    viewOnlyHint: "Herunterladen wird nicht angeboten. Wer unbedingt will, kann behalten, was zu sehen ist.",
    editor: "Auch hochladen",
    editorHint: "Sie dürfen auch Dateien hinzufügen und ändern, was im Ordner ist.",
    ends: "Endet",
    never: "Nie",
    days_one: "In einem Tag",
    days_other: "In {{count, number}} Tagen",
    max: "Wie viele herunterladen dürfen",
    maxHint: "Leer: so viele wie wollen.",
    badMax: "Geben Sie eine Zahl von 1 bis 1 000 000 ein, oder nichts.",
    password: "Passwort (wenn Sie eines wollen)",
    passwordHint:
      "Es wird Teil des Schlüssels: Ohne es öffnet niemand, was der Server speichert, und niemand kann es Ihnen später sagen.",
    notReached:
      "In das, was darin für sich geteilt ist, führt der Link nicht: {{names}}. Wer ihn besucht, sieht, dass es da ist und nicht dazugehört.",
    submit: "Link anlegen",
    working: "Der Link wird angelegt …",
    held: "An Ende und Zahl hält sich der Server; einer, der nicht ehrlich ist, könnte sie übergehen. An Schlüsseln und Passwort kommt er nicht vorbei.",
  },
  edit: { open: "Ändern …", title: "Link ändern", submit: "Speichern" },
  outcomes: {
    opened: "geöffnet",
    downloaded: "heruntergeladen",
    "wrong-password": "abgewiesen: falsches Passwort",
    locked: "abgewiesen: zu viele falsche Passwörter",
    expired: "abgewiesen: abgelaufen",
    "used-up": "abgewiesen: aufgebraucht",
    paused: "abgewiesen: angehalten",
    revoked: "abgewiesen: zurückgenommen",
  },
  clients: {
    web: "ein Browser",
    cli: "die Kommandozeile",
    app: "eine App",
    unknown: "bevor es sagte, was es ist",
  },
  noLog: "Noch war niemand hier.",
  logAbout: "Wie der Server sagt: ohne Namen, ohne Adressen, die letzten 500 Einträge.",
  times: "{{count, number}} Mal innerhalb einer Stunde",
  revokeTitle: "„{{name}}“ zurücknehmen?",
  revokeLead:
    "Der Link öffnet dann nichts mehr, für immer: Offene Fenster schließen sich, und wohin er führte, das bekommt sofort einen neuen Schlüssel. Was Besuchende vorher geöffnet oder heruntergeladen haben, haben sie vielleicht noch.",
  doRevoke: "Zurücknehmen",
  used: "„{{name}}“ wurde eben benutzt.",
  manage: "Verwalten",
  show: "Zeigen",
  save: {
    action: "In mein Laufwerk sichern",
    title: "In mein Laufwerk sichern",
    opening: "Ihr Laufwerk wird geöffnet …",
    locked:
      "Das Laufwerk von {{name}} ist hier gesperrt. Ihr Passwort öffnet es dafür, und danach ist es wieder gesperrt.",
    signedOut:
      "In diesem Browser ist niemand mehr angemeldet. Nichts wurde gesichert; melden Sie sich in einem anderen Fenster an, und versuchen Sie es noch einmal.",
    lead: "Es wird geholt, geprüft und unter eigenen Schlüsseln neu verschlüsselt. Es zählt zu Ihrem Platz und bleibt, wenn der Link zurückgenommen wird. Vergebene Namen bekommen eine Nummer.",
    here: "Hier sichern",
    counting: "Es wird nachgesehen, was es gibt …",
    progress: "{{done, number}} von {{files, number}} · {{bytes}} von {{all}}",
    stop: "Anhalten",
    stopped: "Angehalten.",
    done_one: "{{count, number}} Datei ist jetzt in „{{folder}}“.",
    done_other: "{{count, number}} Dateien sind jetzt in „{{folder}}“.",
    failed_one: "{{count, number}} ließ sich nicht sichern:",
    failed_other: "{{count, number}} ließen sich nicht sichern, alles andere ging weiter:",
    show: "In meinem Laufwerk zeigen",
  },
  visit: {
    folder: "Geteilter Ordner",
    file: "Geteilte Datei",
    look: "Ansehen",
    passwordTitle: "Dieser Link hat ein Passwort",
    passwordLead:
      "Wer Ihnen den Link gab, kennt es. Es ist Teil des Schlüssels; es verlässt dieses Gerät nie, und was hinter dem Link liegt, öffnet sich nur damit.",
    password: "Passwort des Links",
    submit: "Öffnen",
    working: "Wird geöffnet …",
    opening: "Was mit Ihnen geteilt wurde, wird geöffnet …",
    until: "Dieser Link endet {{date}}.",
    downloadAll: "Alles herunterladen",
    upload: "Dateien hochladen",
    uploadFolder: "Ordner hochladen",
    viewOnly: "Wer das teilt, bittet Sie, es nur anzusehen: Herunterladen wird hier nicht angeboten.",
    apart: "Für sich geteilt, und nicht Teil dieses Links: {{names}}",
    emptyTitle: "Noch nichts hier",
    emptyLead: "Wer diesen Ordner teilt, hat nichts hineingelegt.",
    emptyUploadLead:
      "Lassen Sie Dateien auf diese Seite fallen oder wählen Sie welche. Sie werden verschlüsselt, bevor sie dieses Gerät verlassen.",
    notOpen: "Dieser Link öffnet jetzt nichts",
    failed: "Das ließ sich nicht öffnen",
    again: "Noch einmal",
  },
};

export const linkErrors: Translated<typeof englishErrors> = {
  bad_link:
    "Das ist nicht die ganze Adresse eines Links: Ein Teil fehlt. Nichts wurde geöffnet; kopieren Sie sie noch einmal, ganz.",
  link_not_found:
    "Diesen Link gibt es hier nicht, oder ein Teil der Adresse fehlt oder ist falsch. Nichts wurde geöffnet; kopieren Sie die ganze Adresse noch einmal, oder fragen Sie, wer sie Ihnen gab.",
  link_expired:
    "Dieser Link ist abgelaufen: Er war für eine bestimmte Zeit gemacht, und die ist vorbei. Bitten Sie, wer ihn Ihnen gab, um einen neuen.",
  link_used_up:
    "Dieser Link ist aufgebraucht: Er war für eine bestimmte Zahl von Besuchen gemacht, und so viele haben heruntergeladen. Bitten Sie, wer ihn Ihnen gab, um einen neuen.",
  link_paused:
    "Dieser Link ist angehalten: Wer ihn angelegt hat, lässt gerade niemanden ein. Versuchen Sie es später oder fragen Sie nach; die Adresse bleibt dieselbe.",
  link_revoked:
    "Diesen Link hat zurückgenommen, wer ihn angelegt hat; er öffnet sich nie wieder. Fragen Sie nach, wenn Sie das wundert.",
  link_password_wrong: "Das ist nicht das Passwort dieses Links. Nichts wurde geöffnet; geben Sie es noch einmal ein.",
  link_exchanged:
    "Was der Server hinter diesem Link zeigt, ist nicht, was geteilt wurde. Nichts davon wurde geöffnet; sagen Sie es dem, der Ihnen den Link gab, und trauen Sie nicht, was dieser Server zeigt.",
  not_in_link:
    "Das ist für sich geteilt und nicht Teil des Links. Es fehlt nichts und nichts ist verloren; fragen Sie, wer Ihnen den Link gab, wenn Sie es brauchen.",
  unknown_link: "Diesen Link gibt es nicht mehr. Nichts wurde geändert.",
  others_link:
    "Diesen Link hat jemand anderes angelegt; seine Adresse und seinen Namen zeigt nur, wer ihn angelegt hat. Nichts wurde geändert; Sie können ihn anhalten und zurücknehmen.",
};
