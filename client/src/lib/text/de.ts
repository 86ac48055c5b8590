import { accountErrors } from "./de/account-errors.ts";
import { saved, savedErrors, server, serverErrors } from "./de/app.ts";
import { explorer } from "./de/explorer.ts";
import { found } from "./de/found.ts";
import { guard, guardErrors } from "./de/guard.ts";
import { integrityErrors } from "./de/integrity-errors.ts";
import { later } from "./de/later.ts";
import { rewind, rewindErrors } from "./de/rewind.ts";
import { safekeeping } from "./de/safekeeping.ts";
import { settings } from "./de/settings.ts";
import { sharing, sharingErrors } from "./de/sharing.ts";
import { conflict, room, transfers } from "./de/transfers.ts";
import { viewer } from "./de/viewer.ts";
import type { later as englishLater } from "./en/later.ts";
import type { en } from "./en.ts";
import type { Translated } from "./translated.ts";

export const de: Translated<typeof en & typeof englishLater> = {
  access: later.access,
  contacts: later.contacts,
  invitations: later.invitations,
  links: later.links,
  publicPages: later.publicPages,
  requests: later.requests,
  app: {
    name: "Excalibur",
    onlyYou: "Nur Sie haben die Schlüssel",
    updateReady: "Eine neue Version ist da.",
    reload: "Neu laden",
    close: "Schließen",
    lost: "Dieses Fenster kommt nicht weiter",
  },
  welcome: {
    title: "Ein Laufwerk, das nur Sie öffnen",
    lead: "Namen, Ordner und Dateien werden auf diesem Gerät verschlüsselt, bevor sie es verlassen. Weder dieser Server noch wer ihn betreibt kann sie lesen.",
    invited: "Sie sind auf diesen Server eingeladen.",
    signUp: "Konto anlegen",
    signIn: "Anmelden",
    contact:
      "Sie haben einen Kontaktlink geöffnet. Melden Sie sich an, dann werden Sie gefragt, ob Sie die Person hinzufügen wollen.",
    folder:
      "Jemand lädt Sie zu etwas ein, das geteilt wird. Melden Sie sich an, oder legen Sie ein Konto an: Die Einladung wartet hier so lange, und dann werden Sie nach ihr gefragt.",
    uninvited: "Für ein Konto brauchen Sie eine Einladung: eine Adresse, die Ihnen gibt, wer diesen Server betreibt.",
  },
  insecure: {
    title: "Diese Adresse ist nicht sicher",
    lead: "Browser geben die Verfahren, die Ihre Dateien schützen, nur auf sicheren Adressen her, und nichts Schwächeres tritt an ihre Stelle. Es wurde nichts gesendet.",
    here: "Öffnen Sie auf dem Rechner, auf dem der Server läuft, {{address}}.",
    https:
      "Andere Geräte brauchen https: Wer den Server betreibt, startet ihn mit --https oder hinter einem Proxy mit Zertifikat.",
    cli: "Die Kommandozeile funktioniert hier so: npx excalibur sign-in NAME --server {{origin}}",
  },
  form: {
    name: "Benutzername",
    nameHint: "3 bis 32 Zeichen: a bis z, 0 bis 9, Punkt, Bindestrich und Unterstrich.",
    password: "Passwort",
    newPassword: "Passwort wählen",
    passwordHint: "Mindestens 10 Zeichen. Niemand kann es für Sie zurücksetzen.",
    invitation: "Einladung",
    invitationHint: "Die Adresse, die Sie bekommen haben, oder die Zeichen nach #invite=.",
    show: "Passwort zeigen",
    hide: "Passwort verbergen",
    capsLock: "Die Feststelltaste ist an.",
    stay: "Auf diesem Gerät angemeldet bleiben",
    words: "Wiederherstellungswörter",
    wordsHint: "Zwölf Wörter in ihrer Reihenfolge, mit Leerzeichen dazwischen.",
    back: "Zurück",
    strength: "Stärke",
    weak: "leicht zu erraten",
    fair: "brauchbar",
    strong: "stark",
  },
  signIn: {
    title: "Anmelden",
    submit: "Anmelden",
    working: "Ihr Laufwerk wird geöffnet …",
    forgot: "Passwort vergessen?",
    noAccount: "Konto anlegen",
  },
  signUp: {
    title: "Konto anlegen",
    submit: "Konto anlegen",
    working: "Ihre Schlüssel entstehen …",
    haveAccount: "Ich habe ein Konto",
  },
  words: {
    title: "Ihre Wiederherstellungswörter",
    lead: "Diese zwölf Wörter öffnen Ihr Laufwerk, wenn Sie Ihr Passwort vergessen. Niemand, auch nicht wer diesen Server betreibt, kann es für Sie zurücksetzen. Bewahren Sie sie auf Papier auf.",
    copy: "Kopieren",
    copied: "Kopiert",
    notCopied:
      "Dieser Browser lässt die Seite nicht kopieren. Laden Sie die Wörter herunter, drucken Sie sie oder schreiben Sie sie auf.",
    sheetTitle: "Excalibur-Wiederherstellungswörter von {{name}}",
    sheetLead:
      "Wer diese Wörter und den Benutzernamen hat, kann alles in diesem Laufwerk öffnen und ein neues Passwort setzen. Verwahren Sie sie, wo sonst niemand nachsieht.",
    download: "Herunterladen",
    print: "Drucken",
    saved: "Ich habe sie gesichert",
    step: "Schritt {{step}} von 3",
    fileName: "Excalibur Wiederherstellungswörter von {{name}}.txt",
    checkTitle: "Sehen wir nach, ob Sie sie haben",
    checkLead: "Tippen Sie diese drei Wörter von dem ab, was Sie gesichert haben.",
    word: "Wort {{number}}",
    wrong: "Das ist nicht das gezeigte Wort. Sehen Sie nach, was Sie gesichert haben.",
    check: "Prüfen",
    lookAgain: "Wörter noch einmal zeigen",
    unconfirmed:
      "Die Verbindung riss ab, bevor der Server antwortete; das Konto kann entstanden sein oder nicht. Behalten Sie die Wörter und versuchen Sie, sich anzumelden.",
    unopened: "Das Konto ist da, ließ sich aber noch nicht öffnen. Behalten Sie die Wörter und melden Sie sich an.",
  },
  recover: {
    title: "Konto wiederherstellen",
    lead: "Mit Ihren Wiederherstellungswörtern setzen Sie ein neues Passwort. Alle anderen Geräte werden abgemeldet.",
    submit: "Neues Passwort setzen",
    working: "Ihr Laufwerk wird geöffnet …",
  },
  unlock: {
    title: "Willkommen zurück, {{name}}",
    lead: "Ihr Laufwerk ist auf diesem Gerät gesperrt. Ihr Passwort öffnet es.",
    submit: "Entsperren",
    working: "Ihr Laufwerk wird geöffnet …",
    other: "Anderes Konto verwenden",
    endedLead:
      "Dieses Gerät wurde von anderswo abgemeldet, oder seine Sitzung war lange unbenutzt. Ihr Passwort öffnet Ihr Laufwerk wieder; von Ihren Sachen ist nichts verloren.",
    otherLead:
      "Dieser Browser vergisst {{name}}: Was er aufbewahrt, wird entfernt, die Dateien auf dem Server bleiben. Um hier wieder hineinzukommen, braucht {{name}} Benutzernamen und Passwort.",
    otherSubmit: "Vergessen",
  },
  nav: {
    label: "Orte",
    files: "Meine Dateien",
    filesTab: "Dateien",
    trash: "Papierkorb",
    more: "Mehr",
    account: "Konto",
    new: "Neu",
    storage: "Speicher",
  },
  account: {
    lock: "Jetzt sperren",
    signOut: "Abmelden",
    theme: "Darstellung",
    system: "Wie das System",
    light: "Hell",
    dark: "Dunkel",
    language: "Sprache",
  },
  storage: {
    used: "{{used}}",
    of: "von {{quota}}",
    usedOf: "{{used}} von {{quota}} belegt",
    usedOnly: "{{used}} belegt",
  },
  explorer,
  found,
  guard,
  rewind,
  files: {
    newFolder: "Neuer Ordner",
    upload: "Hochladen",
    uploadFiles: "Dateien hochladen",
    uploadFolder: "Einen Ordner hochladen",
    folderName: "Name des Ordners",
    create: "Anlegen",
    cancel: "Abbrechen",
    rename: "Umbenennen",
    newName: "Neuer Name",
    download: "Herunterladen",
    open: "Öffnen",
    trash: "In den Papierkorb",
    actions: "Aktionen für {{name}}",
    nameColumn: "Name",
    modifiedColumn: "Geändert",
    sizeColumn: "Größe",
    actionsColumn: "Aktionen",
    path: "Wo Sie sind",
    list: "Dateien und Ordner",
    emptyTitle: "Hier ist noch nichts",
    emptyLead:
      "Ziehen Sie Dateien auf diese Seite oder wählen Sie welche aus. Sie werden verschlüsselt, bevor sie dieses Gerät verlassen.",
    dropHere: "Loslassen, um hierher hochzuladen",
    folders_one: "{{count, number}} Ordner",
    folders_other: "{{count, number}} Ordner",
    files_one: "{{count, number}} Datei",
    files_other: "{{count, number}} Dateien",
    damaged:
      "Ein Teil dieses Ordners ist nicht lesbar. Was Sie sehen, ist heil; behalten Sie lokale Kopien und sagen Sie es dem, der den Server betreibt.",
    notAllYet: "Noch ist nicht alles aus diesem Ordner da",
    partRead: "Der Rest dieses Ordners ließ sich nicht lesen: Was Sie sehen, stimmt, ist aber nicht alles.",
    missing: "Diesen Ordner gibt es nicht mehr.",
    unavailable: "Dieser Ordner lässt sich gerade nicht zeigen.",
    toStart: "Zu Meine Dateien",
    offline:
      "Keine Verbindung zum Server. Sie sehen, was dieses Gerät zuletzt wusste; Änderungen brauchen die Verbindung.",
    offlineSince:
      "Keine Verbindung zum Server. Sie sehen Ihr Laufwerk, wie es {{date}} war; Änderungen brauchen die Verbindung.",
    notHere: "Dieses Gerät weiß nicht, was hier drin ist",
    notHereLead:
      "Der Ordner wurde auf diesem Gerät nicht geöffnet, seit er sich geändert hat, und der Server ist jetzt nicht erreichbar. Nichts ist verloren.",
    toFiles: "Zu Ihren Dateien",
    retry: "Noch einmal versuchen",
  },
  trash: {
    title: "Papierkorb",
    emptyTitle: "Der Papierkorb ist leer",
    emptyLead: "Was Sie in den Papierkorb legen, wartet hier 30 Tage, oder bis Sie es endgültig löschen.",
    restore: "Wiederherstellen",
    delete: "Endgültig löschen",
    deleteTitle: "„{{name}}“ endgültig löschen?",
    deleteLead: "Es kann nicht zurückgeholt werden.",
  },
  saved,
  server,
  settings,
  sharing,
  safekeeping,
  transfers,
  conflict,
  room,
  viewer,
  errors: {
    ...later.errors,
    ...accountErrors,
    ...rewindErrors,
    ...guardErrors,
    ...integrityErrors,
    ...savedErrors,
    ...serverErrors,
    ...sharingErrors,
    unknown:
      "Etwas ging schief, womit wir nicht gerechnet haben. Nichts Gespeichertes ist verloren; laden Sie die Seite neu.",
    stars_full:
      "Höchstens 500 Dinge lassen sich markieren. Nichts wurde geändert; heben Sie zuerst einige Markierungen auf.",
    part_missing:
      "Ein Teil dieses Programms ließ sich nicht holen: Es gibt keine Verbindung, oder der Server hat eine neuere Fassung. Nichts ist verloren; laden Sie die Seite neu.",
    network:
      "Der Server ist nicht erreichbar. Nichts ist verloren; prüfen Sie die Verbindung und versuchen Sie es noch einmal.",
    sign_in_failed: "Der Name oder das Passwort ist falsch. Nichts wurde geändert.",
    recovery_failed: "Der Name oder die Wiederherstellungswörter sind falsch. Nichts wurde geändert.",
    recovery_words_invalid:
      "Das sind keine Wiederherstellungswörter: Prüfen Sie Schreibweise und Reihenfolge. Es wurde nichts gesendet.",
    bad_user_name: "Ein Benutzername hat 3 bis 32 Zeichen: a bis z, 0 bis 9, Punkt, Bindestrich und Unterstrich.",
    weak_password:
      "Dieses Passwort ist zu leicht zu erraten: mindestens 10 Zeichen, nicht Ihr Name, keines von denen, die jeder zuerst versucht.",
    bad_invitation:
      "Das ist keine Einladung. Sie ist eine Adresse, die auf #invite=… endet, oder die 22 Zeichen danach.",
    name_taken: "Dieser Name ist vergeben. Nichts wurde geändert; wählen Sie einen anderen.",
    invite_invalid:
      "Diese Einladung gilt nicht. Nichts wurde angelegt; bitten Sie den, der den Server betreibt, um eine andere.",
    already_signed_in:
      "In diesem Browser ist ein anderes Konto angemeldet. Melden Sie es zuerst ab; nichts wurde geändert.",
    session_ended: "Dieses Gerät wurde abgemeldet. Melden Sie sich wieder an; nichts ist verloren.",
    quota_exceeded:
      "Ihr Platz auf diesem Server ist aufgebraucht. Was gespeichert ist, ist sicher. Gelöschtes zählt noch einige Wochen, bis der Server es vergisst: Bitten Sie den, der ihn betreibt, um mehr Platz, wenn Sie ihn früher brauchen.",
    rate_limited: "Zu viele Versuche. Warten Sie ein wenig und versuchen Sie es noch einmal; nichts wurde geändert.",
    unknown_address:
      "Der Server nennt diese Adresse nicht seine eigene, deshalb kann sich hier niemand anmelden. Nehmen Sie die Adresse, die er beim Start nennt.",
    local_state:
      "Dieser Browser konnte nicht aufheben, was er muss. Was auf dem Server ist, ist sicher; schaffen Sie Platz oder verlassen Sie das private Fenster.",
    into_itself:
      "Ein Ordner kann nicht in sich selbst oder in einen Ordner darin gelegt werden. Nichts wurde geändert.",
    local_unreadable:
      "Die Datei auf diesem Gerät ist nicht lesbar: Sie wurde geändert, verschoben oder gelöscht, oder das System erlaubt es nicht. Auf dem Laufwerk änderte sich nichts; wählen Sie sie noch einmal.",
    not_a_folder:
      "Wo ein Ordner sein müsste, steht eine Datei. Nichts wurde geändert; benennen Sie eines von beiden um.",
    bad_name:
      "Dieser Name lässt sich nicht speichern: Er ist leer, zu lang oder enthält Zeichen, die nicht erlaubt sind. Davon wurde nichts gespeichert; benennen Sie es auf diesem Gerät um.",
    read_back_failed:
      "Der Server sagte, er habe die Datei, gab aber etwas anderes zurück; sie wurde nicht aufgeführt. Ihre Datei auf diesem Gerät ist unberührt: Behalten Sie sie, senden Sie sie noch einmal und sagen Sie es dem, der den Server betreibt.",
    upload_mismatch:
      "Was der Server hat, ist nicht, was gesendet wurde; es wurde nicht aufgeführt. Ihre Datei auf diesem Gerät ist unberührt; senden Sie sie noch einmal.",
    storage_full:
      "Die Platte des Servers ist voll. Diese Datei wurde nicht gespeichert; sagen Sie es dem, der den Server betreibt.",
    download_cancelled: "Das Herunterladen wurde im Browser abgebrochen. Auf dem Laufwerk änderte sich nichts.",
    file_changed: "Die Datei änderte sich beim Lesen. Nichts davon wurde gespeichert; versuchen Sie es noch einmal.",
    download_unavailable:
      "Dieser Browser kann Heruntergeladenes nicht stückweise auf die Platte schreiben (ein privates Fenster?). Nichts ist verloren; nehmen Sie ein anderes Fenster oder einen anderen Browser.",
    engine_lost:
      "Der Teil, der Ihre Dateien öffnet, ist stehen geblieben. Nichts ist verloren; laden Sie die Seite neu.",
  },
};
