/** The invitation into a folder that somebody takes up here: in memory only, through signing in or signing up. Its key no request ever carries. */

const PATH = /^\/j\/([A-Za-z0-9_-]+)\/?$/;

let address: string | undefined;

/** Takes it out of the address bar and of the history: what follows is the drive, or the way to one. */
export function takeFolderInvitation(): void {
  const { hash, origin, pathname } = location;
  const [, id] = PATH.exec(pathname) ?? [];
  if (id === undefined) return;
  address = `${origin}/s/${id}${hash}`;
  history.replaceState(null, "", "/");
}

/** From the page that shows what it leads to, to the drive of this browser, or to where one gets one. */
export function goAndTakeUp(linkAddress: string): void {
  const { pathname, hash } = new URL(linkAddress);
  location.replace(`${pathname.replace(/^\/s\//, "/j/")}${hash}`);
}

/** As it was in the address, checked by nobody yet. It stays until it was answered. */
export function folderInvitation(): string | undefined {
  return address;
}

export function forgetFolderInvitation(): void {
  address = undefined;
}
