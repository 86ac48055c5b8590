import type { integrityErrors as english } from "../en/integrity-errors.ts";
import type { Translated } from "../translated.ts";

const otherFile =
  "Der Server hat etwas anderes zurückgegeben als das, was gespeichert wurde. Davon bleibt nichts als ein geprüfter Anfang; behalten Sie andere Kopien, versuchen Sie es noch einmal und sagen Sie es dem, der den Server betreibt.";

export const integrityErrors: Translated<typeof english> = {
  rollback:
    "Der Server zeigt einen älteren Stand des Laufwerks, als dieser Browser gesehen hat. Nichts davon wurde übernommen und nichts gelöscht: Vielleicht wurde er aus einer Sicherung wiederhergestellt. Fragen Sie den, der ihn betreibt.",
  fork: "Der Server zeigt eine andere Geschichte des Laufwerks, als dieser Browser gesehen hat. Nichts davon wurde übernommen; beide sind als Beleg aufgehoben. Fragen Sie den, der ihn betreibt.",
  volume_damaged:
    "Die Antwort des Servers zu diesem Laufwerk widerspricht dem, was Sie unterschrieben haben. Nichts davon wurde übernommen oder geändert; sagen Sie es dem, der ihn betreibt.",
  folder_damaged: "Die Liste dieses Ordners widerspricht sich, darum wird sie nicht gezeigt. Alles andere ist heil.",
  page_damaged:
    "Ein Teil dieses Ordners ist beschädigt oder wurde vertauscht, darum wird er nicht gezeigt. Alles andere ist heil; sagen Sie es dem, der den Server betreibt.",
  object_missing:
    "Der Server hat den Inhalt dieser Datei nicht, obwohl das Laufwerk sie führt. Hier wurde nichts gelöscht; behalten Sie andere Kopien, versuchen Sie es noch einmal und sagen Sie es dem, der den Server betreibt.",
  exef_header_altered: otherFile,
  exef_segment_altered: otherFile,
  exef_truncated: otherFile,
  exef_excess_bytes: otherFile,
  exef_padding: otherFile,
  exef_object_mismatch: otherFile,
  proof_wrong: otherFile,
};
