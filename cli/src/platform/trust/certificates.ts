/** Looking at certificates before anything is sent. */

import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import {
  connect,
  createSecureContext,
  type DetailedPeerCertificate,
  getCACertificates,
  type SecureContext,
} from "node:tls";
import { networkError, timedOut } from "../network-error.ts";

const TIMEOUT_MS = 20_000;

/** A certificate that decides whom this device believes. */
export interface Anchor {
  readonly certificatePem: string;
  /** `sha256:` and 64 hex digits, of the certificate. */
  readonly fingerprint: string;
}

export function anchorOf(certificate: X509Certificate): Anchor {
  const fingerprint = `sha256:${certificate.fingerprint256.replaceAll(":", "").toLowerCase()}`;
  return { certificatePem: certificate.toString(), fingerprint };
}

/** The certificate in a file, PEM or DER. @throws when there is none */
export function anchorFrom(bytes: Uint8Array): Anchor {
  return anchorOf(new X509Certificate(bytes));
}

/** `sha256:` with or without colons, in any case; undefined: that is no fingerprint. */
export function parseFingerprint(text: string): string | undefined {
  const hex = text
    .trim()
    .toLowerCase()
    .replace(/^sha-?256[:=]?/, "")
    .replaceAll(/[:\s]/g, "");
  return /^[0-9a-f]{64}$/.test(hex) ? `sha256:${hex}` : undefined;
}

/** Nothing but this certificate, and what it signed. */
export function onlyAnchor({ certificatePem }: Pick<Anchor, "certificatePem">): SecureContext {
  // A server may show its own certificate without what signed it: that one is then believed as it is.
  return createSecureContext({ ca: certificatePem, allowPartialTrustChain: true });
}

let everyAuthority: SecureContext | undefined;

/** The authorities that came with this program and those of the system. Takes some tenths of a second the first time. */
export function systemAuthorities(): SecureContext {
  everyAuthority ??= createSecureContext({ ca: [...getCACertificates("default"), ...getCACertificates("system")] });
  return everyAuthority;
}

const UNKNOWN_AUTHORITY = new Set([
  "CERT_SIGNATURE_FAILURE",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** Whether a connection failed because nobody vouches for the certificate; nothing was sent then. */
export function isUnknownAuthority(error: unknown): boolean {
  return UNKNOWN_AUTHORITY.has(String((error as { code?: unknown } | undefined)?.code));
}

function addressOf(origin: string): { host: string; port: number; servername?: string } {
  const { hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, "");
  // RFC 6066 §3: an address is no server name.
  return { host, port: Number(port || 443), ...(isIP(host) ? {} : { servername: host }) };
}

interface ConnectOptions {
  readonly secureContext?: SecureContext;
  readonly rejectUnauthorized: boolean;
  readonly signal?: AbortSignal;
}

function handshake<T>(
  origin: string,
  options: ConnectOptions,
  look: (socket: ReturnType<typeof connect>) => T,
): Promise<T> {
  const { signal, ...tls } = options;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const socket = connect({ ...addressOf(origin), ...tls, ALPNProtocols: ["http/1.1"] });
    const onAbort = () => socket.destroy(signal?.reason as Error);
    signal?.addEventListener("abort", onAbort, { once: true });
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(timedOut(TIMEOUT_MS)));
    socket.once("error", reject);
    socket.once("close", () => signal?.removeEventListener("abort", onAbort));
    socket.once("secureConnect", () => {
      resolve(look(socket));
      socket.destroy();
    });
  });
}

/** Whether these authorities vouch for the server. @throws NetworkError when it is not reached, or vouched for under another name or time */
export async function isVouchedFor(
  origin: string,
  options: { readonly secureContext?: SecureContext; readonly signal: AbortSignal },
): Promise<boolean> {
  try {
    await handshake(origin, { ...options, rejectUnauthorized: true }, () => undefined);
    return true;
  } catch (error) {
    options.signal.throwIfAborted();
    if (isUnknownAuthority(error)) return false;
    throw networkError(error);
  }
}

/** The certificates a server shows, its own first, whoever signed them. Sends nothing. @throws NetworkError */
export async function shownCertificates(origin: string, signal: AbortSignal): Promise<Anchor[]> {
  try {
    const peer = await handshake(origin, { rejectUnauthorized: false, signal }, (socket) =>
      socket.getPeerCertificate(true),
    );
    return chainOf(peer);
  } catch (error) {
    signal.throwIfAborted();
    throw networkError(error);
  }
}

function chainOf(peer: DetailedPeerCertificate): Anchor[] {
  const chain: Anchor[] = [];
  let next: DetailedPeerCertificate | undefined = peer;
  while (next?.raw !== undefined) {
    const anchor = anchorOf(new X509Certificate(next.raw));
    if (chain.some(({ fingerprint }) => fingerprint === anchor.fingerprint)) break;
    chain.push(anchor);
    next = next.issuerCertificate;
  }
  return chain;
}
