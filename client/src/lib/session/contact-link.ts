/** The contact link that somebody followed here: in memory only. Whose digits it names no request ever carries. */

const PATH = /^\/c\/[^/]+\/?$/;

let link: string | undefined;

/** Takes it out of the address bar and of the history: what follows is the drive, as anywhere else. */
export function takeContactLink(): void {
  const { href, pathname } = location;
  if (!PATH.test(pathname)) return;
  link = href;
  history.replaceState(null, "", "/");
}

/** As it was in the address, checked by nobody yet. It stays until it was answered. */
export function contactLink(): string | undefined {
  return link;
}

export function forgetContactLink(): void {
  link = undefined;
}
