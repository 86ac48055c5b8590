import type { accountErrors as english } from "../en/account-errors.ts";
import type { Translated } from "../translated.ts";

export const accountErrors: Translated<typeof english> = {
  too_many_attempts:
    "Zu viele Versuche. Warten Sie einige Minuten und versuchen Sie es dann wieder; es wurde nichts geändert.",
  account_disabled:
    "Dieses Konto ist auf diesem Server geschlossen. Die Dateien sind noch da; fragen Sie, wer den Server betreibt.",
  invite_required:
    "Dieser Server nimmt neue Konten nur mit Einladung. Es wurde nichts angelegt; bitten Sie den Betreiber um eine.",
  invite_other_name:
    "Diese Einladung gilt für einen anderen Benutzernamen. Es wurde nichts angelegt; nehmen Sie den Namen, für den Sie sie bekommen haben.",
  sign_up_closed: "Dieser Server nimmt keine neuen Konten an. Es wurde nichts angelegt und nichts Lesbares gesendet.",
  recent_sign_in_required:
    "Dafür will der Server noch einmal Ihr Passwort. Es wurde nichts geändert; geben Sie es ein und versuchen Sie es wieder.",
  gateway:
    "Geantwortet hat nicht der Server, sondern etwas dazwischen (ein Proxy, die Anmeldeseite eines Netzes). Es ist nichts verloren; prüfen Sie die Verbindung und versuchen Sie es wieder.",
  truncated_reply: "Die Antwort des Servers brach ab. Es ist nichts verloren; versuchen Sie es wieder.",
  malformed_reply:
    "Die Antwort des Servers ist nicht zu verstehen; nichts davon wurde benutzt. Es ist nichts verloren; versuchen Sie es später wieder.",
  keyring_busy:
    "Andere Geräte haben Ihr Konto im selben Augenblick geändert. Es ist nichts verloren; versuchen Sie es wieder.",
  wrong_password: "Das ist nicht Ihr bisheriges Passwort. Es wurde nichts geändert; geben Sie es noch einmal ein.",
  other_words:
    "Das sind nicht die Wiederherstellungswörter dieses Kontos. Nichts wurde geändert; sehen Sie nach, was Sie gesichert haben, oder machen Sie neue.",
  locked: "Dieses Laufwerk ist gesperrt. Es ist nichts verloren; Ihr Passwort öffnet es.",
  not_signed_in: "Hier ist niemand angemeldet. Es ist nichts verloren; melden Sie sich an.",
  server_authentication:
    "Der Server konnte nicht beweisen, dass er der ist, bei dem Sie Ihr Konto haben. Es wurde nichts geöffnet und nichts gesendet; prüfen Sie die Adresse und fragen Sie den Betreiber, was sich geändert hat.",
};
