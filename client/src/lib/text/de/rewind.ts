/** Einen Ordner auf einen Zeitpunkt zurückbringen. */
export const rewind = {
  menu: "Ordner zurückdrehen …",
  title: "„{{name}}“ zurückdrehen",
  lead: "Namen, Orte und Inhalte von allem darin werden wieder, was sie waren. Zuerst sehen Sie, was sich ändern würde. Verloren geht dabei nichts: Was seither kam, kommt in den Papierkorb, was ersetzt wurde, bleibt als frühere Fassung, und Sie können es rückgängig machen.",
  when: "Auf den Stand",
  hour: "Vor einer Stunde",
  day: "Vor einem Tag",
  week: "Vor einer Woche",
  other: "Zu einer anderen Zeit",
  moment: "Tag und Uhrzeit",
  look: "Zeigen, was sich ändern würde",
  looking: "Wird nachgesehen …",
  back: "Zurück",
  nothing: "Seit {{date}} hat sich hier nichts geändert, was sich zurücknehmen ließe.",
  willDo: "Wie am {{date}}:",
  list: "Was sich ändern würde",
  more_one: "und {{count, number}} weitere",
  more_other: "und {{count, number}} weitere",
  does: {
    trash: "kam seither: geht in den Papierkorb",
    comeBack: "kommt zurück",
    content: "bekommt den früheren Inhalt",
    place: "wird wieder {{to}}",
  },
  lost: {
    listing: "Was damals hier stand, wird nicht mehr aufbewahrt; es bleibt, wie es ist.",
    content: "Der damalige Inhalt wird nicht mehr aufbewahrt.",
    newer_version: "Von einer neueren Version von Excalibur; es bleibt, wie es ist.",
    shared: "War damals geteilt; was darin war, gehörte nie zur Geschichte dieses Ordners.",
  },
  left: {
    shared: "ist geteilt: bleibt für alle, die es haben, wie es ist, und wird für sich zurückgedreht",
    shared_inside: "kam seither, aber etwas darin ist geteilt: bleibt, wie es ist",
    was_shared: "war damals geteilt: was darin ist, bleibt, wie es ist",
  },
  withoutLost: "Ohne das fortfahren, was nicht mehr aufbewahrt wird",
  run_one: "{{count, number}} Änderung zurücknehmen",
  run_other: "{{count, number}} Änderungen zurücknehmen",
  done: "„{{name}}“ ist wieder wie am {{date}}.",
} as const;

export const rewindErrors = {
  moment_gone:
    "Den Ordner gab es zu dieser Zeit nicht, oder von seinem Stand wird nichts mehr aufbewahrt. Nichts wurde geändert; wählen Sie eine spätere Zeit.",
  rewind_around:
    "Ein Ordner, der damals in diesem lag, enthält ihn jetzt; so lässt er sich nicht zurücklegen. Nichts wurde geändert; verschieben Sie diesen Ordner zuerst heraus.",
  rewind_incomplete:
    "Manches vom damaligen Stand wird nicht mehr aufbewahrt. Nichts wurde geändert; wählen Sie eine spätere Zeit oder fahren Sie ohne es fort.",
  rewind_outdated:
    "Der Ordner wurde inzwischen geändert, darum ist mit ihm nichts geschehen. Sehen Sie noch einmal nach, was sich ändern würde.",
} as const;
