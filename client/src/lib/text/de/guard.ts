/** Entsperren mit dem, was ein Telefon von seinem Besitzer kennt. */
export const guard = {
  title: "Gesicht oder Fingerabdruck",
  lead: "Dieses Gerät öffnet Ihr Laufwerk, wenn es Sie erkennt: nach dem Sperren und bei jedem Start. Ihr Passwort öffnet es immer auch. Kommt auf dem Gerät ein Gesicht oder ein Finger hinzu, schalten Sie es neu ein.",
  unlock: "Mit Gesicht oder Fingerabdruck entsperren",
  orPassword: "oder mit Ihrem Passwort",
} as const;

export const guardErrors = {
  guard_gone:
    "Dieses Gerät hat nichts mehr, was Ihr Laufwerk öffnet, vielleicht weil ein Gesicht oder ein Finger hinzukam. Nichts ist verloren: Nehmen Sie Ihr Passwort und schalten Sie es in den Einstellungen neu ein.",
  guard_failed:
    "Dieses Gerät hat Sie nicht erkannt, oder sein Schlüsselspeicher geht gerade nicht. Nichts wurde geändert; versuchen Sie es wieder, oder nehmen Sie Ihr Passwort.",
} as const;
