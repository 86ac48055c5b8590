/** Invitations for people without an account. */
export const invitations = {
  title: "Invited by an address",
  make: "Invite somebody without an account…",
  makeLead:
    "You get an address to give to one person, in a way that you trust. They see who invites them and may look; once they have an account they take the place, and you see their name here.",
  label: "For whom (only you see this)",
  labelHint: "For example: Grandma.",
  submit: "Make the invitation",
  pending: "invitation by address",
  claimed: "taken up; comes in as soon as it was checked",
  invitesYou: "{{name}} invites you to “{{folder}}” as {{role}}.",
  withAccount: "Join with an account",
  take: "Take up the invitation",
  takeTitle: "An invitation",
  takeLead:
    "You become a member as {{account}}, and others who are in it see that name. One person can take up this invitation, once.",
  waitsFor: "You wait for {{name}}",
  waitsLead:
    "You are let in as soon as {{name}}, or somebody else who decides on it, is connected. Then it appears under “Shared with me”; until then its address shows it to you.",
  waiting: "You wait to be let in",
  waitingFor: "You wait for {{name}} to let you in",
  waitingLead: "Taken up {{date}}. It goes on by itself as soon as one of their devices is connected.",
} as const;

export const invitationErrors = {
  link_claimed:
    "Somebody has taken up this invitation already. If that was not you, tell whoever gave it to you: they see the name of who did. Nothing was changed.",
  not_an_invitation:
    "This link is no invitation: whoever has it can open it as it is, without an account. Nothing was changed.",
  invitation_elsewhere:
    "This invitation is of another server than your account. Nothing was changed; make an account on that server, or sign in there.",
  already_inside: "You are in this already, so the invitation was left as it is. Give it to whom it was meant for.",
  claim_forged:
    "The server names somebody who is said to have taken up an invitation of yours, but the invitation does not say so. Nobody was let in; withdraw the invitation, and tell whoever runs the server.",
  own_identity:
    "The server shows other keys as yours than those that this device holds. Nothing was signed and nothing was changed; tell whoever runs the server.",
} as const;
