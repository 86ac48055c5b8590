import type { viewer as en } from "../en/viewer.ts";
import type { Translated } from "../translated.ts";

export const viewer: Translated<typeof en> = {
  label: "Vorschau von {{name}}",
  close: "Vorschau schließen",
  previous: "Vorige Datei",
  next: "Nächste Datei",
  position: "{{at, number}} von {{count, number}}",
  open: "Ansehen",
  fullScreen: "Ganzer Bildschirm",
  leaveFullScreen: "Ganzen Bildschirm verlassen",
  facts: "Über diese Datei",
  zoomIn: "Größer",
  zoomOut: "Kleiner",
  fit: "Ins Fenster einpassen",
  loading: "Wird geholt und geprüft …",
  loadingShare: "Wird geholt und geprüft … {{percent}}",
  dimensions: "Maße",
  dimensionsOf: "{{width, number}} × {{height, number}} Pixel",
  verifiedLead: "Jedes Stück wurde, bevor es gezeigt wurde, an dem geprüft, was Ihre Geräte unterschrieben haben.",
  lookAtVersion: "Version vom {{date}} ansehen",
  downloadVersion: "Version vom {{date}} herunterladen",
  versionOf: "Wie sie am {{date}} war",
  picture: "Bild {{name}}",
  film: "Film {{name}}",
  sound: "Ton {{name}}",
  failedTitle: "Sie kann nicht gezeigt werden",
  damagedTitle: "Diese Datei ist beschädigt",
  damagedLead:
    "Was der Server gab, ist nicht das, was Ihre Geräte gespeichert haben; deshalb wird nichts davon gezeigt. Behalten Sie jede andere Kopie, versuchen Sie es später noch einmal und sagen Sie es der Person, die den Server betreibt.",
  noneTitle: "Keine Vorschau für diese Art von Datei",
  noneLead: "Laden Sie sie herunter, um sie mit einem Ihrer Programme zu öffnen. Sie wird auf dem Weg geprüft.",
  nonePicture:
    "Browser zeichnen diese Art von Bild nicht (HEIC, RAW, TIFF und dergleichen). Laden Sie es herunter, um es zu öffnen.",
  asText: "Als Text zeigen",
  emptyTitle: "Diese Datei ist leer",
  emptyLead: "Sie enthält nichts, und so wurde sie gespeichert.",
  notText:
    "Das ist kein Text, was auch immer ihr Name sagt. Laden Sie sie herunter, um sie mit einem Ihrer Programme zu öffnen.",
  notPdf:
    "Das ist keine PDF-Datei, die sich lesen lässt, was auch immer ihr Name sagt. Laden Sie sie herunter, um sie mit einem Ihrer Programme zu öffnen.",
  pdfPassword:
    "Diese PDF-Datei hat ein eigenes Passwort, nach dem Vorschauen nicht fragen. Laden Sie sie herunter, um sie mit einem Ihrer Programme zu öffnen.",
  page: "Seite {{at, number}} von {{count, number}}",
  pageOf: "Seite {{number}}",
  brokenPage: "Diese Seite der Datei kann nicht gezeichnet werden.",
  notPicture:
    "Das ist kein Bild, das Browser zeichnen können, was auch immer sein Name sagt. Laden Sie es herunter, um es zu öffnen.",
  tooLargeTitle: "Zu groß für eine Vorschau",
  tooLargeLead:
    "Vorschauen dieser Art gehen bis {{limit}}, damit sie nicht den Speicher dieses Geräts belegen. Laden Sie sie herunter, um sie zu öffnen.",
  tooManyPixels:
    "Es nennt sich {{width, number}} × {{height, number}} Pixel groß. Es zu entpacken würde den Speicher dieses Geräts belegen. Laden Sie es herunter, um es zu öffnen.",
  notPlayable:
    "Dieser Browser kann diese Art von Film oder Ton nicht abspielen. Laden Sie die Datei herunter, um sie mit einem Ihrer Programme abzuspielen.",
  noStream:
    "Filme und Töne laufen durch einen Teil des Programms, ohne den dieses Fenster geladen wurde (Umschalt und Neu laden, oder ein privates Fenster). Laden Sie die Seite neu.",
  reload: "Seite neu laden",
  keys: { title: "Dateien ansehen", turn: "Nächste oder vorige Datei" },
};
