/** Ordner, die mit Menschen geteilt sind. */
export const sharing = {
  shared: "Geteilt",
  share: "Teilen …",
  withMe: "Mit mir geteilt",
  byMe: "Von mir geteilt",
  tab: "Geteilt",
  views: "Wessen Ordner",
  noneWithMe: "Noch teilt niemand etwas mit Ihnen",
  noneWithMeLead: "Teilt jemand auf diesem Server etwas mit Ihnen, erscheint die Einladung sofort hier.",
  noneByMe: "Sie teilen nichts",
  noneByMeLead:
    "Wählen Sie „Teilen …“ im Menü eines Ordners oder einer Datei. Name und Inhalt bleiben verschlüsselt; den Schlüssel bekommen nur, die Sie wählen.",
  roles: { owner: "Besitz", manager: "Verwaltung", editor: "Bearbeiten", viewer: "Ansehen" },
  mayDo: {
    viewer: "Wer ansehen darf, öffnet und lädt herunter.",
    editor: "Wer bearbeiten darf, fügt auch hinzu, ändert und löscht.",
    manager: "Wer verwaltet, entscheidet auch, wer dabei ist.",
  },
  addedBy: "durch {{name}}",
  activity: {
    title: "Was geändert wurde, und von wem",
    nobody: "Unbekannt",
    created: "hat dies geteilt",
    rejoined: "hat nach der Wiederherstellung des Servers weitergemacht",
    untold: "hat etwas geändert; was, ist nicht mehr zu erfahren",
    nothing: "hat nichts Sichtbares geändert",
    more_one: "und eins mehr",
    more_other: "und {{count, number}} mehr",
    added: "hat „{{name}}“ hinzugefügt",
    changed: "hat „{{name}}“ geändert",
    moved: "hat „{{name}}“ verschoben",
    renamed: "hat „{{from}}“ in „{{name}}“ umbenannt",
    trashed: "hat „{{name}}“ weggeworfen",
    restored: "hat „{{name}}“ zurückgeholt",
    removed: "hat „{{name}}“ entfernt",
    "member-added": "hat {{name}} eingeladen ({{role}})",
    "member-role": "hat die Rolle von {{name}} geändert ({{role}})",
    "member-removed": "hat {{name}} von der Liste genommen",
  },
  handOver: {
    option: "Eigentümer…",
    title: "„{{folder}}“ an {{name}} übergeben?",
    lead: "Was darin ist, zählt dann zum Platz von {{name}}. Sie werden Manager, und nur {{name}} kann es zurückgeben.",
    submit: "Übergeben",
  },
  origin: { added: "Hinzugefügt von", changed: "Geändert von" },
  title: "„{{name}}“ teilen",
  membersTitle: "Wer in „{{name}}“ ist",
  withVersions: "Auch frühere Versionen von Dateien teilen",
  person: "Benutzername von jemandem auf diesem Server",
  lookUp: "Suchen",
  invite: "Mit {{name}} teilen",
  role: "Rolle",
  roleOf: "Rolle von {{name}}",
  access: "Wer Zugang hat",
  you: "Sie",
  nobody: "Keine anderen Personen. Suchen Sie jemanden, um dies zu teilen.",
  since: "seit {{date}}",
  invited: "eingeladen {{date}}, noch keine Antwort",
  around: "durch den Ordner darum, seit {{date}}",
  left: "ist gegangen oder hat abgelehnt",
  verified: "geprüft",
  notVerified: "nicht geprüft",
  newKeys: "{{name}} hat neue Schlüssel und den Wechsel unterschrieben. Vergleichen Sie die Ziffern noch einmal.",
  compare: "Ziffern vergleichen",
  compareLead:
    "Lassen Sie sich diese Ziffern von {{name}} vorlesen, am Telefon oder persönlich: {{name}} findet sie in den Einstellungen unter „Personen“. Sind alle gleich, steht niemand zwischen Ihnen.",
  agree: "Alle Ziffern sind gleich",
  remove: "{{name}} entfernen",
  withdraw: "Zurückziehen",
  withdrawOf: "Einladung von {{name}} zurückziehen",
  resend: "Noch einmal senden",
  resendOf: "Einladung von {{name}} noch einmal senden",
  resent: "noch einmal gesendet",
  again: "Wieder einladen",
  againOf: "{{name}} wieder einladen",
  removeTitle: "Nicht mehr mit {{name}} teilen?",
  removeLead:
    "„{{folder}}“ bekommt sofort einen neuen Schlüssel: Was von jetzt an geschrieben wird, kann {{name}} nicht lesen, und ein offenes Fenster schließt den Ordner. Was {{name}} vorher geöffnet oder heruntergeladen hat, ist vielleicht noch dort.",
  withdrawLead:
    "{{name}} kann nicht mehr annehmen, und „{{folder}}“ bekommt sofort einen neuen Schlüssel. Den alten hatte {{name}} seit der Einladung und kann damit hineingesehen haben.",
  stop: "Nicht mehr teilen",
  stopTitle: "„{{folder}}“ nicht mehr teilen?",
  stopLead:
    "{{names}} verlieren sofort den Zugang, und der Schlüssel wird ein neuer. Was sie vorher geöffnet oder heruntergeladen haben, haben sie vielleicht noch.",
  stopBack:
    "Auch Links in den Ordner enden. Er wird, wo er ist, wieder ein gewöhnlicher Ordner, mit allem, was darin ist, auch früheren Versionen und Papierkorb; in einem geteilten Ordner ist er für alle offen, die in diesem sind.",
  stopBackFile:
    "Auch Links dorthin enden. Daraus wird wieder eine gewöhnliche Datei Ihres Laufwerks, wie sie jetzt ist, mit ihren früheren Versionen.",
  doRemove: "Entfernen",
  fromOwner: "von {{name}}",
  onlyYou: "sonst ist niemand darin",
  withPeople: "mit {{names}}",
  invitations: "Einladungen",
  openInvitations_one: "{{count}} offene Einladung",
  openInvitations_other: "{{count}} offene Einladungen",
  offers: "{{name}} teilt einen Ordner mit Ihnen",
  offersFile: "{{name}} teilt eine Datei mit Ihnen",
  offerLead:
    "Ihre Rolle wäre: {{role}}. In Ihrem Laufwerk erscheint es unter einem Namen, den Sie wählen; nur Sie sehen diesen Namen.",
  offerInPlace:
    "Ihre Rolle wäre: {{role}}. Er steht unter {{place}}, in einem Ordner, der mit Ihnen geteilt ist, und öffnet sich dort.",
  keptOut: "In den geteilten Ordnern darin sind nicht alle.",
  keptOutOf: "„{{name}}“ öffnet sich nicht für {{people}}.",
  inside: {
    shared: "Auch in den geteilten Ordnern darin: {{names}}.",
    removing: "Dasselbe geschieht in den geteilten Ordnern darin: {{names}}.",
    unchanged: "Diese geteilten Ordner darin bleiben, wie sie sind.",
    role: "„{{name}}“: Wer darin ist, entscheiden nicht Sie.",
    closed: "„{{name}}“: Sie können ihn nicht öffnen.",
    damaged: "Vielleicht weitere: Eine Dateiliste ist beschädigt.",
    others: "„{{name}}“: Jemand, der außen schreiben kann oder konnte, war nie darin. Teilen Sie ihn für sich.",
  },
  nameHere: "Name in Ihrem Laufwerk",
  folder: "Geteilter Ordner",
  file: "Geteilte Datei",
  accept: "Annehmen",
  decline: "Ablehnen",
  declineTitle: "„{{name}}“ ablehnen?",
  declineLead: "Die Einladung ist dann fort, und mit ihr Ihr Zugang. {{owner}} kann Sie wieder einladen.",
  open: "Öffnen",
  people: "Personen …",
  leave: "Verlassen",
  leaveTitle: "„{{name}}“ verlassen?",
  leaveLead:
    "Der Ordner ist aus Ihrem Laufwerk fort und bleibt bei den anderen, mit allem, was Sie hineingelegt haben. Wer ihn verwaltet, kann Sie wieder einladen.",
  ended: "Sie haben keinen Zugang mehr",
  readOnly: "Hier dürfen Sie alles ansehen und herunterladen und nichts ändern.",
  emptyLead: "Wer diesen Ordner ändern darf, hat noch nichts hineingelegt.",
  contacts: "Personen",
  contactsAbout: "Wem welche Schlüssel gehören",
  own: "Ihre Ziffern",
  ownLead:
    "Sechzig Ziffern, die aus Ihren öffentlichen Schlüsseln folgen. Lesen Sie sie vor, wenn jemand sicher sein will, dass nur Sie bekommen, was mit Ihnen geteilt wird.",
  known: "Personen, die Sie kennen",
  knownLead:
    "Alle, mit denen Sie geteilt haben. Ihre Schlüssel sind gemerkt: Zeigt der Server je andere, die sie nicht unterschrieben haben, hält alles mit ihnen an.",
  noContacts: "Noch niemand. Personen erscheinen hier, wenn Sie mit ihnen teilen oder sie mit Ihnen.",
  details: "Personen",
  reencrypt: {
    title: "Wenn jemand entfernt wurde",
    lead: "Was danach geschrieben wird, hat einen neuen Schlüssel. Dateilisten, die seitdem niemand geändert hat, haben noch einen, den die Person hatte; sie können jetzt neu verschlüsselt werden. Was vorher geöffnet oder heruntergeladen wurde, bleibt, wo es ist.",
    nothing: "Alles hier hat den neuesten Schlüssel.",
    left: "{{pages}} von {{total}} Listen haben noch einen früheren Schlüssel.",
    unreadable_one: "{{count}} Liste lässt sich nicht öffnen und also nicht neu verschlüsseln.",
    unreadable_other: "{{count}} Listen lassen sich nicht öffnen und also nicht neu verschlüsseln.",
    progress: "{{done}} von {{total}} neu verschlüsselt",
    run: "Jetzt neu verschlüsseln",
    stop: "Anhalten",
  },
};

export const sharingErrors = {
  unknown_person:
    "Niemand auf diesem Server hat diesen Benutzernamen. Es wurde nichts geteilt; prüfen Sie die Schreibweise oder fragen Sie die Person nach ihrem Benutzernamen.",
  contact_changed:
    "Der Server zeigt für diese Person andere Schlüssel als die, die Sie kennen, und sie hat den Wechsel nicht unterschrieben. Nichts wurde gesendet oder geöffnet: Fragen Sie sie auf anderem Weg, und sagen Sie es denen, die den Server betreiben.",
  fingerprint_mismatch:
    "Das sind nicht die Ziffern der Schlüssel, die der Server jetzt zeigt. Nichts wurde geändert; vergleichen Sie noch einmal und teilen Sie mit dieser Person nichts, bis sie stimmen.",
  bad_fingerprint: "Ein Fingerabdruck hat 60 Ziffern. Nichts wurde geändert.",
  not_shareable:
    "Das lässt sich nicht teilen: nicht mit sich selbst, nichts aus dem Papierkorb, und was andere teilen, kommt in keinen geteilten Ordner; und wem der Ordner darum gehört, bleibt darin und verwaltet ihn mit. Über einen Link zu einer Datei lädt niemand etwas hoch. Nichts wurde geändert.",
  role: "Ihre Rolle erlaubt das nicht: Über Ansehen und Bearbeiten entscheidet, wer verwaltet, über die Verwaltung, wem der Ordner gehört. Nichts wurde geändert; fragen Sie dort.",
  not_shared: "Das ist mit dieser Person nicht mehr geteilt. Nichts wurde geändert.",
  no_invitation: "Diese Einladung wurde zurückgezogen oder schon beantwortet. Nichts wurde geändert.",
  invitation_answered:
    "Es gibt schon eine Antwort, also wird die Einladung nicht noch einmal gesendet. Nichts wurde geändert; wer gegangen ist oder abgelehnt hat, kann neu eingeladen werden.",
  not_accepted:
    "Diese Person hat den Ordner noch nicht angenommen, also kann er nicht ihr gehören. Es wurde nichts geändert; bitten Sie sie, ihn erst anzunehmen.",
  owner_leaves:
    "Das gehört Ihnen, also können Sie es nicht verlassen. Nichts wurde geändert; hören Sie stattdessen auf, es zu teilen.",
  share_busy:
    "Es änderte sich ständig und ist geteilt oder nicht, wie es das vorher war. Nichts davon ist verloren; versuchen Sie es in einem ruhigeren Augenblick.",
  change_too_large:
    "Das ist mehr, als ein Laufwerk auf einmal ändern kann: mehr als 65.535 Kopien eines Inhalts oder mehr als eine Million Dateien. Nichts wurde geändert; gehen Sie in Teilen vor, Ordner für Ordner.",
  unreachable_inside:
    "Darin sind Ordner, zu denen keine seiner Listen führt. Nichts wurde geändert; wer die Befehlszeile benutzt, kann das mit „excalibur fsck“ richten.",
  too_large_to_unshare:
    "Es ist zu viel darin, um auf einmal ein Teil Ihres Laufwerks zu werden. Nichts wurde geändert; entfernen Sie Personen einzeln, oder verschieben Sie zuerst einige Ordner heraus.",
  read_only:
    "Diesen geteilten Ordner dürfen Sie ansehen, aber nichts darin ändern. Nichts wurde geändert; bitten Sie, wer ihn teilt, um das Recht zum Bearbeiten.",
  volume_missing:
    "Was hier geteilt war, ist für Sie nicht offen: Sie stehen nicht oder nicht mehr auf der Liste, oder der Server hält es zurück. Auf diesem Gerät wurde nichts gelöscht; fragen Sie, wer es mit Ihnen geteilt hat.",
  mount_not_accepted:
    "Das gehört jemand anderem, und Sie haben es nicht angenommen. Nichts wurde geöffnet; sehen Sie Ihre Einladungen an.",
  mount_circle:
    "Dieser Eintrag führt nicht in einen anderen Ordner, sondern zurück dorthin, wo er steht. Nichts wurde geöffnet; nehmen Sie ihn heraus, oder sagen Sie es der Person, die ihn dorthin gelegt hat.",
  carried_in_part:
    "In einigen geteilten Ordnern darin ist es getan, im Rest noch nicht. Nichts ist verloren; tun Sie es noch einmal, um weiterzumachen.",
  mounted_volume:
    "Der Server gab etwas anderes als das, was mit Ihnen geteilt wurde. Nichts davon wurde verwendet; sagen Sie es denen, die den Server betreiben.",
  shared_folder:
    "Was geteilt ist, wird nicht gelöscht oder in einen geteilten Ordner verschoben, und ein geteilter Ordner nicht kopiert. Nichts wurde geändert; verlassen Sie es zuerst, oder teilen Sie es nicht mehr.",
  shared_file:
    "Das ist eine geteilte Datei, und nichts anderes kann hineingelegt werden. Nichts wurde geändert; legen Sie es in einen Ordner.",
  shared_inside:
    "Darin liegt ein geteilter Ordner. Nichts wurde geändert; verschieben Sie ihn zuerst heraus, verlassen Sie ihn, oder teilen Sie ihn nicht mehr.",
};
