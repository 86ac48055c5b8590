/** Folders and files shared with people. */
export const sharing = {
  shared: "Shared",
  share: "Share…",
  withMe: "Shared with me",
  byMe: "Shared by me",
  tab: "Shared",
  views: "Whose folders",
  noneWithMe: "Nobody shares anything with you yet",
  noneWithMeLead: "When somebody on this server shares something with you, the invitation appears here at once.",
  noneByMe: "You share nothing",
  noneByMeLead:
    "Choose “Share…” in the menu of a folder or a file. Its name and what is in it stay encrypted; only those you choose get the key.",
  roles: { owner: "Owner", manager: "Manager", editor: "Editor", viewer: "Viewer" },
  mayDo: {
    viewer: "Viewers look and download.",
    editor: "Editors also add, change and delete.",
    manager: "Managers also decide who is in it.",
  },
  addedBy: "by {{name}}",
  activity: {
    title: "What was changed, and by whom",
    nobody: "Somebody unknown",
    created: "shared this",
    rejoined: "went on after the server was restored",
    untold: "changed something; what it was is not told any more",
    nothing: "changed nothing that is shown",
    more_one: "and one more",
    more_other: "and {{count, number}} more",
    added: "added “{{name}}”",
    changed: "changed “{{name}}”",
    moved: "moved “{{name}}”",
    renamed: "renamed “{{from}}” to “{{name}}”",
    trashed: "threw “{{name}}” away",
    restored: "brought “{{name}}” back",
    removed: "removed “{{name}}”",
    "member-added": "invited {{name}} ({{role}})",
    "member-role": "changed the role of {{name}} ({{role}})",
    "member-removed": "took {{name}} off the list",
  },
  handOver: {
    option: "Owner…",
    title: "Make {{name}} the owner of “{{folder}}”?",
    lead: "What is in it counts for {{name}}'s space from then on. You become a manager, and only {{name}} can give it back.",
    submit: "Hand over",
  },
  origin: { added: "Added by", changed: "Changed by" },
  title: "Share “{{name}}”",
  membersTitle: "Who is in “{{name}}”",
  withVersions: "Share earlier versions of files, too",
  person: "User name of somebody on this server",
  lookUp: "Look up",
  invite: "Share with {{name}}",
  role: "Role",
  roleOf: "Role of {{name}}",
  access: "People with access",
  you: "you",
  nobody: "No other people. Look somebody up to share this.",
  since: "since {{date}}",
  invited: "invited {{date}}, no answer yet",
  around: "by the folder around it, since {{date}}",
  left: "has left or declined",
  verified: "verified",
  notVerified: "not verified",
  newKeys: "{{name}} has new keys and signed the change. Compare the digits again.",
  compare: "Compare digits",
  compareLead:
    "Let {{name}} read these digits to you, on the phone or face to face: {{name}} finds them in the settings, under People. If all are the same, nobody stands between you.",
  agree: "All digits are the same",
  remove: "Remove {{name}}",
  withdraw: "Withdraw",
  withdrawOf: "Withdraw the invitation of {{name}}",
  resend: "Send again",
  resendOf: "Send again: the invitation of {{name}}",
  resent: "sent again",
  again: "Invite again",
  againOf: "Invite again: {{name}}",
  removeTitle: "Stop sharing with {{name}}?",
  removeLead:
    "“{{folder}}” gets a new key at once: {{name}} cannot read anything that is written from now on, and an open window closes it. What {{name}} has opened or downloaded before, {{name}} may still have.",
  withdrawLead:
    "{{name}} can no longer accept, and “{{folder}}” gets a new key at once. {{name}} held the old one since the invitation, and may have looked inside with it.",
  stop: "Stop sharing",
  stopTitle: "Stop sharing “{{folder}}”?",
  stopLead:
    "{{names}} lose access at once, and it gets a new key. What they have opened or downloaded before they may still have.",
  stopBack:
    "Links into it end, too. It becomes an ordinary folder again where it is, with everything that is in it, earlier versions and trash included; inside a shared folder it is open to everybody in that.",
  stopBackFile:
    "Links to it end, too. It becomes an ordinary file of your drive again, as it is now, with its earlier versions.",
  doRemove: "Remove",
  fromOwner: "from {{name}}",
  onlyYou: "nobody else is in it",
  withPeople: "with {{names}}",
  invitations: "Invitations",
  openInvitations_one: "{{count}} open invitation",
  openInvitations_other: "{{count}} open invitations",
  offers: "{{name}} shares a folder with you",
  offersFile: "{{name}} shares a file with you",
  offerLead: "You would be {{role}}. It appears in your drive under a name that you choose; only you see that name.",
  offerInPlace:
    "You would be {{role}}. It stands at {{place}}, inside a folder that is shared with you, and opens there.",
  keptOut: "Not everybody is in the shared folders inside.",
  keptOutOf: "“{{name}}” is not open to {{people}}.",
  inside: {
    shared: "Also in the shared folders inside: {{names}}.",
    removing: "The same is done in the shared folders inside: {{names}}.",
    unchanged: "These shared folders inside stay as they are.",
    role: "“{{name}}”: who is in it is not yours to decide.",
    closed: "“{{name}}”: you cannot open it.",
    damaged: "Perhaps more: a list of files is damaged.",
    others: "“{{name}}”: somebody who can write around it, or could, was never in it. Share it by itself.",
  },
  nameHere: "Name in your drive",
  folder: "Shared folder",
  file: "Shared file",
  accept: "Accept",
  decline: "Decline",
  declineTitle: "Decline “{{name}}”?",
  declineLead: "The invitation is gone, and with it your access. {{owner}} can invite you again.",
  open: "Open",
  people: "People…",
  leave: "Leave",
  leaveTitle: "Leave “{{name}}”?",
  leaveLead:
    "It is gone from your drive and stays with the others, with everything you put into it. Somebody who manages it can invite you again.",
  ended: "You have no access to it any more",
  readOnly: "You are a viewer here: you may look at everything and download it, and change nothing.",
  emptyLead: "Whoever may change this folder has put nothing into it.",
  contacts: "People",
  contactsAbout: "Whose keys are whose",
  own: "Your digits",
  ownLead:
    "Sixty digits that follow from your public keys. Read them to somebody who wants to be sure that what they share with you goes to you and nobody else.",
  known: "People you know",
  knownLead:
    "Everybody you have shared with. Their keys are remembered: if the server ever shows others that they did not sign, everything with them stops.",
  noContacts: "Nobody yet. People appear here when you share with them, or they with you.",
  details: "People",
  reencrypt: {
    title: "After somebody was removed",
    lead: "What is written from then on has a new key. Lists of files that nobody has changed since still have one that they held; they can be sealed anew now. What was opened or downloaded before stays where it is.",
    nothing: "Everything here has the newest key.",
    left: "{{pages}} of {{total}} lists still have an earlier key.",
    unreadable_one: "{{count}} list cannot be opened, and so not be sealed anew.",
    unreadable_other: "{{count}} lists cannot be opened, and so not be sealed anew.",
    progress: "{{done}} of {{total}} sealed anew",
    run: "Re-encrypt now",
    stop: "Stop",
  },
} as const;

export const sharingErrors = {
  unknown_person:
    "Nobody on this server has that user name. Nothing was shared; check the spelling, or ask the person for their user name.",
  contact_changed:
    "The server shows other keys for this person than those you know, and the person has not signed the change. Nothing was sent or opened: ask them in another way, and tell whoever runs the server.",
  fingerprint_mismatch:
    "These are not the digits of the keys that the server shows now. Nothing was changed; compare again, and share nothing with this person until they agree.",
  bad_fingerprint: "A fingerprint has 60 digits. Nothing was changed.",
  not_shareable:
    "This cannot be shared: not with yourself, nothing from the trash, and nothing that others share is put into a shared folder; and whose folder it is inside of stays in it as a manager. By a link to a file nobody uploads. Nothing was changed.",
  role: "Your role does not allow this: managers decide about viewers and editors, the owner about managers. Nothing was changed; ask them.",
  not_shared: "This is not shared with that person any more. Nothing was changed.",
  no_invitation: "This invitation was withdrawn, or answered already. Nothing was changed.",
  invitation_answered:
    "There is an answer already, so the invitation is not sent again. Nothing was changed; whoever left or declined can be invited anew.",
  not_accepted:
    "This person has not accepted it yet, so it cannot become theirs. Nothing was changed; ask them to accept it first.",
  owner_leaves: "It is yours, so you cannot leave it. Nothing was changed; stop sharing it instead.",
  share_busy:
    "It kept changing meanwhile, so it is shared, or not, as it was before. Nothing of it was lost; try again in a quieter moment.",
  change_too_large:
    "This is more than a drive can change in one step: more than 65,535 copies of one content, or more than a million files. Nothing was changed; do it in parts, folder by folder.",
  unreachable_inside:
    "There are folders in it that none of its lists leads to. Nothing was changed; whoever uses the command line can mend that with “excalibur fsck”.",
  too_large_to_unshare:
    "There is too much in it to become a part of your drive at once. Nothing was changed; remove people by name, or move some of its folders out of it first.",
  read_only:
    "You may look at this, and not change it. Nothing was changed; ask whoever shares it to make you an editor.",
  volume_missing:
    "What was shared here is not open to you: you are not on its list, or not any more, or the server withholds it. Nothing on this device was deleted; ask whoever shared it with you.",
  mount_not_accepted:
    "This belongs to somebody else, and you have not accepted it. Nothing was opened; look at your invitations.",
  mount_circle:
    "This entry does not lead into another folder, but back to where it stands. Nothing was opened; take it out, or tell who put it there.",
  carried_in_part:
    "It is done in some of the shared folders inside, and not yet in the rest. Nothing is lost; do it again to go on.",
  mounted_volume:
    "The server gave something else than what was shared with you. Nothing of it was used; tell whoever runs the server.",
  shared_folder:
    "What is shared is not deleted or moved into a shared folder, nor is a shared folder copied. Nothing was changed; leave it, or stop sharing it, first.",
  shared_file: "That is a shared file, and nothing else can be put into it. Nothing was changed; put it into a folder.",
  shared_inside: "Something inside is shared. Nothing was changed; move it out first, leave it, or stop sharing it.",
} as const;
