/** What getting in, and what concerns an account, can come to: what happened, whether anything is lost, what to do. */
export const accountErrors = {
  too_many_attempts: "Too many attempts. Wait some minutes and try again; nothing was changed.",
  account_disabled: "This account is closed on this server. The files are still there; ask whoever runs the server.",
  invite_required: "This server takes new accounts by invitation only. Nothing was made; ask whoever runs it for one.",
  invite_other_name:
    "This invitation was made for another user name. Nothing was made; use the name that it was given to you for.",
  sign_up_closed: "This server takes no new accounts. Nothing was made or sent that could be read.",
  recent_sign_in_required:
    "For this the server wants your password once more. Nothing was changed; enter it and try again.",
  gateway:
    "What answered was not the server but something in between (a proxy, the sign-in page of a network). Nothing was lost; check the connection and try again.",
  truncated_reply: "The server's answer broke off. Nothing was lost; try again.",
  malformed_reply:
    "The server's answer cannot be understood, and nothing of it was used. Nothing was lost; try again later.",
  keyring_busy: "Other devices changed your account at the same moment. Nothing was lost; try again.",
  wrong_password: "That is not your current password. Nothing was changed; type it again.",
  other_words:
    "Those are not the recovery words of this account. Nothing was changed; look at what you saved, or make new words.",
  locked: "This drive is locked. Nothing was lost; your password opens it.",
  not_signed_in: "Nobody is signed in here. Nothing was lost; sign in.",
  server_authentication:
    "The server could not prove that it is the one you signed up with. Nothing was opened or sent; check the address, and ask whoever runs it what changed.",
} as const;
