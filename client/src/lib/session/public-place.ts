/** The public page that somebody opened here, with the key behind its address: in memory only, from the fragment, which no request ever carries. */

const KINDS = { s: "link", r: "request" } as const;
const PATH = /^\/([a-z])\/[A-Za-z0-9_-]+\/?$/;

export interface PublicPlace {
  readonly kind: (typeof KINDS)[keyof typeof KINDS];
  /** Whole, as it was given; without what stands behind # when this page was loaded again. */
  readonly address: string;
  readonly hasKey: boolean;
}

let place: PublicPlace | undefined;

/** Takes the key out of the address bar and of the history. */
export function takePublicPlace(): void {
  const { href, pathname } = location;
  const [, letter = ""] = PATH.exec(pathname) ?? [];
  if (!isKnown(letter)) return;
  place = { kind: KINDS[letter], address: href, hasKey: standsKey() };
  history.replaceState(null, "", pathname);
  // The same address that is opened here once more only changes the fragment: that begins anew.
  addEventListener("hashchange", () => {
    if (standsKey()) location.reload();
  });
}

function isKnown(letter: string): letter is keyof typeof KINDS {
  return Object.hasOwn(KINDS, letter);
}

/** What is looked at stands there, too (lib/viewing/address.ts). */
function standsKey(): boolean {
  return location.hash.length > 1 && !location.hash.startsWith("#view=");
}

/** undefined: the drive is shown here. */
export function publicPlace(): PublicPlace | undefined {
  return place;
}
