import { FormatError, fromBase64Url, toBase64Url, UnsupportedError } from "../bytes/index.ts";
import { USER_NAME_PATTERN } from "../protocol/index.ts";

const FINGERPRINT_LENGTH = 32;
const VERSION = "1";
const USER_NAME = new RegExp(USER_NAME_PATTERN);
const PATH = /^(.*)\/c\/([^/]+)$/;
const FRAGMENT = /^#([0-9]+)\.(.*)$/;

/** What a contact link says (docs/spec/people.md §4). */
export interface ContactAddress {
  /** Address of the server, with the path that a proxy gave it, without a slash at the end. */
  readonly server: string;
  readonly name: string;
  /** 32 bytes, of the keys of whoever made the link; no server is shown them. */
  readonly fingerprint: Uint8Array;
}

/** `<server>/c/<name>#1.<fingerprint>`. Throws FormatError for what `parseContactAddress` would not read again. */
export function formatContactAddress({ server, name, fingerprint }: ContactAddress): string {
  const address = `${server}/c/${name}#${VERSION}.${toBase64Url(fingerprint)}`;
  parseContactAddress(address);
  return address;
}

/** Reads a contact link, blanks around it aside. Throws FormatError for anything else, UnsupportedError for one of a newer version. */
export function parseContactAddress(typed: string): ContactAddress {
  const url = URL.parse(typed.trim());
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) throw malformed();
  const [, prefix = "", name = ""] = PATH.exec(url.pathname) ?? [];
  const isBare = !url.href.includes("?") && url.username === "" && url.password === "";
  if (!USER_NAME.test(name) || !isBare) throw malformed();
  const [, version, fingerprintText = ""] = FRAGMENT.exec(url.hash) ?? [];
  if (version !== undefined && version !== VERSION) {
    throw new UnsupportedError(
      "This contact link is of a newer version than this program knows. Nobody was added; update it.",
    );
  }
  const fingerprint = fromBase64Url(fingerprintText);
  if (fingerprint.length !== FINGERPRINT_LENGTH) throw malformed();
  return { server: `${url.origin}${prefix}`, name, fingerprint };
}

function malformed(): FormatError {
  return new FormatError("That is not a whole contact link.");
}
