import { FormatError, fromBase64Url, toBase64Url, UnsupportedError } from "../bytes/index.ts";

const ID_LENGTH = 16;
const SECRET_LENGTH = 32;
const VERSION = "1";
const PATH = /^(.*)\/s\/([A-Za-z0-9_-]{22})$/;
const FRAGMENT = /^#([0-9]+)\.(.*)$/;

/** What the address of a link says (docs/spec/links.md §1). */
export interface LinkAddress {
  /** Address of the server, with the path that a proxy gave it, without a slash at the end. */
  readonly server: string;
  readonly linkId: Uint8Array;
  /** 32 bytes; they stand in the fragment, which no browser sends. */
  readonly secret: Uint8Array;
}

/** `<server>/s/<linkId>#1.<secret>`. Throws FormatError for what `parseLinkAddress` would not read again. */
export function formatLinkAddress({ server, linkId, secret }: LinkAddress): string {
  const address = `${server}/s/${toBase64Url(linkId)}#${VERSION}.${toBase64Url(secret)}`;
  parseLinkAddress(address);
  return address;
}

/**
 * Reads the address of a link, blanks around it aside. Throws FormatError for anything else, UnsupportedError for one of a
 * newer version; neither repeats any of it, because all of it may be secret.
 */
export function parseLinkAddress(typed: string): LinkAddress {
  const url = URL.parse(typed.trim());
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) throw malformed();
  const path = PATH.exec(url.pathname);
  const fragment = FRAGMENT.exec(url.hash);
  const isBare = !url.href.includes("?") && url.username === "" && url.password === "";
  if (path === null || fragment === null || !isBare) throw malformed();
  if (fragment[1] !== VERSION) {
    throw new UnsupportedError(
      "This link is of a newer version than this program knows. Nothing was opened; update it.",
    );
  }
  return {
    server: `${url.origin}${path[1] ?? ""}`,
    linkId: bytesOf(path[2], ID_LENGTH),
    secret: bytesOf(fragment[2], SECRET_LENGTH),
  };
}

function bytesOf(text: string | undefined, length: number): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = fromBase64Url(text ?? "");
  } catch (error) {
    // Told without what was typed.
    throw error instanceof FormatError ? malformed() : error;
  }
  if (bytes.length !== length) throw malformed();
  return bytes;
}

function malformed(): FormatError {
  return new FormatError("That is not the whole address of a link.");
}
