/** The authority, its key, and the certificate in use, as files. */

import { mkdir } from "node:fs/promises";
import { folderProblem, readIfThere, writeFileSafely } from "../config/data-folder.ts";
import { StartError } from "../config/start-error.ts";
import type { TlsFiles } from "../config/tls-files.ts";
import { type Authority, createAuthority, type Issued } from "./issue.ts";
import { keyFromPem, x509 } from "./x509.ts";

function unreadable(files: TlsFiles, cause?: unknown): StartError {
  return new StartError(
    "tls_unreadable",
    `The certificate authority in ${files.folder} is damaged or incomplete (authority.crt and authority.key belong together). Put both back from a backup. ` +
      "If they are lost, move that folder away and start again: a new authority is made, and every device has to trust it anew.",
    {},
    cause,
  );
}

/** @throws StartError when there is a part of one: a new one would lock out everybody who trusts the old one */
export async function openAuthority(
  files: TlsFiles,
  create: Parameters<typeof createAuthority>[0],
): Promise<Authority & { readonly pem: string }> {
  let certificatePem: string | undefined;
  let keyPem: string | undefined;
  try {
    [certificatePem, keyPem] = await Promise.all([readIfThere(files.authority), readIfThere(files.authorityKey)]);
  } catch (error) {
    throw unreadable(files, error);
  }
  if (certificatePem === undefined && keyPem === undefined) {
    const made = await createAuthority(create);
    try {
      await mkdir(files.folder, { recursive: true, mode: 0o700 });
      await writeFileSafely(files.authorityKey, made.keyPem);
      await writeFileSafely(files.authority, made.certificatePem);
    } catch (error) {
      throw folderProblem(files.folder, error);
    }
    ({ certificatePem, keyPem } = made);
  }
  if (certificatePem === undefined || keyPem === undefined) throw unreadable(files);
  try {
    const certificate = new x509.X509Certificate(certificatePem);
    const key = await keyFromPem(keyPem);
    await requirePair(certificate, key);
    return { certificate, key, pem: certificatePem };
  } catch (error) {
    throw unreadable(files, error);
  }
}

async function requirePair(certificate: x509.X509Certificate, key: CryptoKey): Promise<void> {
  const probe = new Uint8Array(32);
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  const signature = await crypto.subtle.sign(algorithm, key, probe);
  const publicKey = await certificate.publicKey.export();
  if (!(await crypto.subtle.verify(algorithm, publicKey, signature, probe))) throw new TypeError("another key");
}

/** undefined: there is none that could be used; a new one costs nothing. */
export async function readIssued(files: TlsFiles): Promise<Issued | undefined> {
  const pem = await readIfThere(files.server);
  const [certificatePem] = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(pem ?? "") ?? [];
  const [keyPem] = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/.exec(pem ?? "") ?? [];
  return certificatePem && keyPem ? { certificatePem, keyPem } : undefined;
}

export function writeIssued(files: TlsFiles, { certificatePem, keyPem }: Issued): Promise<void> {
  return writeFileSafely(files.server, `${certificatePem.trim()}\n${keyPem.trim()}\n`);
}
