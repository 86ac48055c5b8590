/** Einladungen für Leute ohne Konto. */
export const invitations = {
  title: "Über eine Adresse eingeladen",
  make: "Jemanden ohne Konto einladen…",
  makeLead:
    "Sie bekommen eine Adresse für eine Person; geben Sie sie auf einem Weg weiter, dem Sie vertrauen. Wer sie öffnet, sieht, wer einlädt, und darf hineinsehen; mit einem Konto nimmt er den Platz ein, und Sie sehen hier seinen Namen.",
  label: "Für wen (das sehen nur Sie)",
  labelHint: "Zum Beispiel: Oma.",
  submit: "Einladung anlegen",
  pending: "Einladung über Adresse",
  claimed: "angenommen; kommt herein, sobald es geprüft ist",
  invitesYou: "{{name}} lädt Sie zu „{{folder}}“ ein, als {{role}}.",
  withAccount: "Mit einem Konto beitreten",
  take: "Einladung annehmen",
  takeTitle: "Eine Einladung",
  takeLead:
    "Sie werden als {{account}} Mitglied, und andere, die dabei sind, sehen diesen Namen. Eine Person kann diese Einladung annehmen, und das einmal.",
  waitsFor: "Sie warten auf {{name}}",
  waitsLead:
    "Sie kommen hinein, sobald {{name}} oder jemand anderes, der darüber entscheidet, verbunden ist. Dann erscheint es unter „Mit mir geteilt“; bis dahin zeigt es die Adresse.",
  waiting: "Sie warten darauf, hineingelassen zu werden",
  waitingFor: "Sie warten darauf, dass {{name}} Sie hineinlässt",
  waitingLead: "Angenommen {{date}}. Es geht von selbst weiter, sobald eines der Geräte dort verbunden ist.",
};

export const invitationErrors = {
  link_claimed:
    "Jemand hat diese Einladung schon angenommen. Waren Sie das nicht, sagen Sie es der Person, von der Sie sie haben: Sie sieht den Namen. Nichts wurde geändert.",
  not_an_invitation:
    "Dieser Link ist keine Einladung: Wer ihn hat, öffnet ihn, wie er ist, ohne Konto. Nichts wurde geändert.",
  invitation_elsewhere:
    "Diese Einladung ist von einem anderen Server als Ihr Konto. Nichts wurde geändert; legen Sie auf jenem Server ein Konto an, oder melden Sie sich dort an.",
  already_inside:
    "Sie sind schon dabei, darum blieb die Einladung, wie sie ist. Geben Sie sie der Person, für die sie gedacht ist.",
  claim_forged:
    "Der Server nennt jemanden, der eine Einladung von Ihnen angenommen haben soll, aber die Einladung sagt das nicht. Niemand wurde hineingelassen; ziehen Sie die Einladung zurück, und sagen Sie es der Person, die den Server betreibt.",
  own_identity:
    "Der Server zeigt andere Schlüssel als Ihre als die, die dieses Gerät hat. Nichts wurde unterschrieben und nichts geändert; sagen Sie es der Person, die den Server betreibt.",
};
