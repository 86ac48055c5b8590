/** The invitation that somebody followed here: in memory only, from the fragment, which no request ever carries. */

const MARK = "#invite=";

let code: string | undefined;

/** Takes it out of the address bar and of the history. */
export function takeInvitation(): void {
  const { hash, pathname, search } = location;
  if (!hash.startsWith(MARK)) return;
  code = hash.slice(MARK.length);
  history.replaceState(history.state, "", pathname + search);
}

/** An invitation that is opened in a window which shows the drive already only changes the fragment: that begins anew. */
export function followInvitation(): void {
  addEventListener("hashchange", () => {
    if (location.hash.startsWith(MARK)) location.reload();
  });
}

/** As it was in the address, checked by nobody yet. It stays until an account was made with it. */
export function invitation(): string | undefined {
  return code;
}

export function forgetInvitation(): void {
  code = undefined;
}
