/** Certificates as RFC 5280 and the rules of phones want them. */

import { isIP } from "node:net";
import { AsnConvert } from "@peculiar/asn1-schema";
import {
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_nameConstraints,
  NameConstraints,
} from "@peculiar/asn1-x509";
import { keyToPem, newKeyPair, SIGNING, x509 } from "./x509.ts";

const DAY_MS = 86_400_000;
/** Some phones refuse a certificate that is good for longer than 398 days; this one is replaced long before. */
const LIFETIME_MS = 180 * DAY_MS;
/** Clocks of clients may be behind. */
const BACKDATED_MS = DAY_MS;
/**
 * Fixed, so that an authority which was made while the clock was wrong is none the worse for it: only the certificates it
 * signs, which are replaced by themselves, follow the clock.
 */
const AUTHORITY_FROM = new Date("2025-01-01T00:00:00Z");
const AUTHORITY_TO = new Date("2049-12-31T23:59:59Z");

export interface Issued {
  readonly certificatePem: string;
  readonly keyPem: string;
}

export interface Authority {
  readonly certificate: x509.X509Certificate;
  readonly key: CryptoKey;
}

/** Names it may vouch for and no others, so that its key, if stolen, opens no other site. Addresses stay free: they change. */
function nameConstraints(dnsNames: readonly string[]): x509.Extension {
  const subtrees = dnsNames.map((dNSName) => new GeneralSubtree({ base: new GeneralName({ dNSName }) }));
  const constraints = new NameConstraints({ permittedSubtrees: new GeneralSubtrees(subtrees) });
  return new x509.Extension(id_ce_nameConstraints, true, AsnConvert.serialize(constraints));
}

/** Whether an authority made by `createAuthority` may vouch for this name or address. */
export function mayVouchFor(authority: x509.X509Certificate, name: string): boolean {
  if (isIP(name)) return true;
  const extension = authority.getExtension(id_ce_nameConstraints);
  if (!extension) return true;
  const { permittedSubtrees } = AsnConvert.parse(extension.value, NameConstraints);
  return [...(permittedSubtrees ?? [])].some(
    ({ base: { dNSName } }) => name === dNSName || name.endsWith(`.${dNSName}`),
  );
}

export async function createAuthority(options: {
  readonly dnsNames: readonly string[];
  readonly label: string;
}): Promise<Issued> {
  const keys = await newKeyPair();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ O: ["Excalibur"] }, { CN: [`Excalibur authority of ${options.label}`] }],
    keys,
    notBefore: AUTHORITY_FROM,
    notAfter: AUTHORITY_TO,
    signingAlgorithm: SIGNING,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      nameConstraints(options.dnsNames),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificatePem: certificate.toString("pem"), keyPem: await keyToPem(keys.privateKey) };
}

/** A fresh key and a certificate for these names and addresses. */
export async function issueCertificate(
  authority: Authority,
  options: { readonly names: readonly string[]; readonly nowMs: number },
): Promise<Issued> {
  const keys = await newKeyPair();
  const names = options.names.map((value) => ({ type: isIP(value) ? ("ip" as const) : ("dns" as const), value }));
  const certificate = await x509.X509CertificateGenerator.create({
    subject: [{ O: ["Excalibur"] }, { CN: ["Excalibur server"] }],
    issuer: authority.certificate.subject,
    notBefore: new Date(options.nowMs - BACKDATED_MS),
    notAfter: new Date(options.nowMs + LIFETIME_MS),
    signingAlgorithm: SIGNING,
    publicKey: keys.publicKey,
    signingKey: authority.key,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(authority.certificate.publicKey),
    ],
  });
  return { certificatePem: certificate.toString("pem"), keyPem: await keyToPem(keys.privateKey) };
}
