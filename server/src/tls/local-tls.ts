/** HTTPS without anybody's help: an authority of this server's own, and a certificate that is always good. */

import { createSecureContext } from "node:tls";
import { toHex } from "@excalibur/core/bytes";
import { sha256 } from "@excalibur/core/primitives";
import { tlsFilesIn } from "../config/tls-files.ts";
import { openAuthority, readIssued, writeIssued } from "./files.ts";
import { type Authority, type Issued, issueCertificate, mayVouchFor } from "./issue.ts";
import { x509 } from "./x509.ts";

const DAY_MS = 86_400_000;
/** Replaced when less than this is left. */
const LEFT_MS = 60 * DAY_MS;

/** What node:tls takes. */
export interface KeyPair {
  /** The certificate and the authority behind it, which clients on their first visit learn to know. */
  readonly cert: string;
  readonly key: string;
}

export interface LocalTls {
  readonly authorityPem: string;
  /** Of the authority: `sha256:` and 64 hex digits. */
  readonly fingerprint: string;
  /** What is to be used now. */
  readonly current: KeyPair;
  /** Names and addresses it is good for. */
  readonly names: readonly string[];
  /** Makes a new certificate if the one in use does not cover a name, runs out, or is not valid now; says whether it did. */
  renew(): Promise<boolean>;
}

export interface LocalTlsOptions {
  readonly dataFolder: string;
  /** Names and addresses under which this machine is reached now. */
  readonly names: () => readonly string[];
  /** Domains the authority may vouch for, decided once, when it is made. */
  readonly domains: readonly string[];
  readonly label: string;
  readonly clock: () => number;
  /** The new certificate is in use, but could not be written down. */
  readonly onUnwritten: (error: unknown) => void;
}

/** `sha256:` of a certificate, as it is compared by people and pinned by clients. */
export function fingerprintOf(certificate: x509.X509Certificate): string {
  return `sha256:${toHex(sha256(new Uint8Array(certificate.rawData)))}`;
}

function namesOf(certificate: x509.X509Certificate): string[] {
  const extension = certificate.getExtension(x509.SubjectAlternativeNameExtension);
  return (extension?.names.items ?? []).map(({ value }) => canonicalName(value));
}

/** One spelling an address: certificates write IPv6 in full. */
function canonicalName(name: string): string {
  return name.includes(":") ? new URL(`http://[${name}]`).hostname.slice(1, -1) : name.toLowerCase();
}

async function isGood(
  issued: Issued,
  options: { authority: Authority; names: readonly string[]; nowMs: number },
): Promise<boolean> {
  const { authority, names, nowMs } = options;
  try {
    const certificate = new x509.X509Certificate(issued.certificatePem);
    const isInTime = certificate.notBefore.getTime() <= nowMs && certificate.notAfter.getTime() - nowMs > LEFT_MS;
    const covered = namesOf(certificate);
    if (!isInTime || !names.every((name) => covered.includes(name))) return false;
    // Refuses a key that does not belong to the certificate.
    createSecureContext({ cert: issued.certificatePem, key: issued.keyPem });
    return await certificate.verify({ publicKey: authority.certificate, signatureOnly: true });
  } catch {
    // Damaged: as good as none.
    return false;
  }
}

/** Opens the authority of a data folder or makes it, and a certificate that is good now. @throws StartError */
export async function openLocalTls(options: LocalTlsOptions): Promise<LocalTls> {
  const files = tlsFilesIn(options.dataFolder);
  const authority = await openAuthority(files, { dnsNames: options.domains, label: options.label });
  const wantedNames = () =>
    [...new Set(options.names().map(canonicalName))].filter((name) => mayVouchFor(authority.certificate, name));
  let issued = await readIssued(files);
  let renewing: Promise<boolean> | undefined;

  async function renewOnce(): Promise<boolean> {
    const names = wantedNames();
    const nowMs = options.clock();
    if (issued && (await isGood(issued, { authority, names, nowMs }))) return false;
    issued = await issueCertificate(authority, { names, nowMs });
    try {
      await writeIssued(files, issued);
    } catch (error) {
      options.onUnwritten(error);
    }
    return true;
  }

  await renewOnce();
  return {
    authorityPem: authority.pem,
    fingerprint: fingerprintOf(authority.certificate),
    get current() {
      const { certificatePem, keyPem } = issued!;
      return { cert: `${certificatePem.trim()}\n${authority.pem.trim()}\n`, key: keyPem };
    },
    get names() {
      return namesOf(new x509.X509Certificate(issued!.certificatePem));
    },
    renew: () => {
      renewing ??= renewOnce().finally(() => {
        renewing = undefined;
      });
      return renewing;
    },
  };
}
