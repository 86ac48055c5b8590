import { concatBytes, FormatError, fromBase64Url, toBase64Url } from "../bytes/index.ts";

const PATH = /^(.*)\/r\/([A-Za-z0-9_-]{22})$/;
const HASH_LENGTH = 32;
const SECRET_LENGTH = 64;

/** What the address of an upload request carries (spec/requests.md §1). */
export interface RequestAddress {
  /** `scheme://host[:port]` and the server's prefix, without a slash at the end. */
  readonly server: string;
  readonly requestId: Uint8Array;
  /** Of the request's X-Wing key: 32 bytes. */
  readonly keyHash: Uint8Array;
  /** 32 bytes. Opens title and text, and shows the server that one was given the address. */
  readonly textKey: Uint8Array;
}

/** `<server>/r/<requestId>#<keyHash ‖ textKey>`; what stands behind the # is never sent. */
export function formatRequestUrl({ server, requestId, keyHash, textKey }: RequestAddress): string {
  const secret = concatBytes(keyHash, textKey);
  if (requestId.length !== 16 || keyHash.length !== HASH_LENGTH || secret.length !== SECRET_LENGTH)
    throw new FormatError("An upload request has an id of 16 bytes, and a hash and a key of 32.");
  return `${server.replace(/\/+$/, "")}/r/${toBase64Url(requestId)}#${toBase64Url(secret)}`;
}

/** Whether a text means to be the address of an upload request, good or bad. */
export function isRequestUrl(text: string): boolean {
  return /^https?:\/\/[^#]*\/r\/[^/]*(#.*)?$/i.test(text);
}

/** Throws FormatError, which never repeats what it was given: a part of it is a secret. */
export function parseRequestUrl(text: string): RequestAddress {
  const url = URL.parse(text);
  const path = url === null ? null : PATH.exec(url.pathname);
  const isPlain = url !== null && url.username === "" && url.password === "" && url.search === "";
  if (url === null || path === null || !isPlain || (url.protocol !== "https:" && url.protocol !== "http:"))
    throw broken();
  try {
    const secret = fromBase64Url(url.hash.slice(1));
    if (secret.length !== SECRET_LENGTH) throw broken();
    return {
      server: url.origin + (path[1] as string),
      requestId: fromBase64Url(path[2] as string),
      keyHash: secret.slice(0, HASH_LENGTH),
      textKey: secret.slice(HASH_LENGTH),
    };
  } catch {
    throw broken();
  }
}

function broken(): FormatError {
  return new FormatError(
    "That is no whole address of an upload request: it has the form https://server/r/…#… and ends with 86 characters behind the #. Nothing was sent; copy all of it.",
    { code: "request_address" },
  );
}
